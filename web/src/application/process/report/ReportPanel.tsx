import { Alert, Badge, Group, Stack } from '@mantine/core';
import { IconEye, IconFileText, IconPencil } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ButtonLink, Empty, Section } from '../../../primitives/index.ts';
import { may, type Offers } from '../actions.ts';
import type { CaseView } from '../case.ts';
import { useApplication } from '../presentation.ts';
import { readSections } from './sections.ts';
import { SectionsView } from './SectionsView.tsx';
import { publishedReports } from './versions.ts';

/** The report in a case: what it says so far, and the way to write or read it. */
export function ReportPanel({ view, offers }: { view: CaseView; offers: Offers | undefined }) {
  const { t } = useTranslation('process');
  const { sections: order } = useApplication(view.application);
  const published = publishedReports(view).length > 0;
  const writes = may(offers, 'write-report') || may(offers, 'sign-report') || may(offers, 'publish-report');
  return (
    <Section title={t('tab.report')} icon={IconFileText} actions={view.regions.report !== 'none' ? <Badge color={published ? 'green' : 'yellow'} size="lg">{t(`reportState.${view.regions.report}`)}</Badge> : undefined}>
      {view.regions.report === 'correcting' && <Alert color="orange">{t('beingCorrected')}</Alert>}
      {view.composition ? <SectionsView sections={readSections(view.composition)} order={order} /> : <Empty icon={IconFileText} title={t('noReport')} />}
      <Stack><Group>
        {published && <ButtonLink to={`/cases/${view.id}/report`} leftSection={<IconEye size={20} aria-hidden />}>{t('readReport')}</ButtonLink>}
        {writes && <ButtonLink to={`/cases/${view.id}/report/write`} variant={published ? 'default' : 'filled'} leftSection={<IconPencil size={20} aria-hidden />}>{t('writeReport')}</ButtonLink>}
      </Group></Stack>
    </Section>
  );
}
