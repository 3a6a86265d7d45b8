import { SimpleGrid, Stack } from '@mantine/core';
import { IconClipboardList, IconHeartbeat, IconPlus, IconReportAnalytics, IconShieldCheck, IconUserCog, IconUsers } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/index.ts';
import { ButtonLink, Page } from '../primitives/index.ts';
import { isAdministrator, useAccount } from '../session/index.ts';
import { DueTasks } from './components/DueTasks.tsx';
import { Notices } from './components/Notices.tsx';
import { Sessions } from './components/Sessions.tsx';
import { Tiles } from './components/Tiles.tsx';
import { Waiting } from './components/Waiting.tsx';

/** The first screen after signing in: the one thing to do next stands on top. */
export function HomePage() {
  const { t } = useTranslation('home');
  const account = useAccount();
  const { date } = useFormat();
  const clinician = account.role === 'clinician';
  return (
    <Page title={t('hello', { name: account.name })} subtitle={date(new Date(), 'long')}
      actions={clinician ? <ButtonLink to="/cases/new" leftSection={<IconPlus size={20} aria-hidden />}>{t('newCase')}</ButtonLink> : undefined}>
      {isAdministrator(account) ? (
        <Tiles tiles={[
          { to: '/statistics', icon: IconReportAnalytics, title: t('tile.statistics'), about: t('tile.statisticsAbout') },
          { to: '/admin/accounts', icon: IconUserCog, title: t('tile.accounts'), about: t('tile.accountsAbout') },
          { to: '/admin/audit', icon: IconClipboardList, title: t('tile.audit'), about: t('tile.auditAbout') },
          { to: '/admin/conformance', icon: IconShieldCheck, title: t('tile.conformance'), about: t('tile.conformanceAbout') },
        ]} />
      ) : (
        <>
          <Sessions />
          <SimpleGrid cols={{ base: 1, lg: 3 }} spacing="lg">
            <Stack gap="lg" className="home-main"><Waiting /></Stack>
            <Stack gap="lg">{account.role !== 'patient' && <DueTasks />}<Notices /></Stack>
          </SimpleGrid>
          {account.role === 'patient' && <Tiles tiles={[{ to: '/my-record', icon: IconHeartbeat, title: t('tile.record'), about: t('tile.recordAbout') }, { to: '/my-reports', icon: IconReportAnalytics, title: t('tile.reports'), about: t('tile.reportsAbout') }]} />}
          {account.role === 'coordinator' && <Tiles tiles={[{ to: '/patients', icon: IconUsers, title: t('tile.patients'), about: t('tile.patientsAbout') }]} />}
        </>
      )}
    </Page>
  );
}
