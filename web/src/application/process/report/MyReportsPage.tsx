import { Group, Stack, Text } from '@mantine/core';
import { IconFileCertificate } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { matches, useSearch } from '../../../fhir/index.ts';
import { useFormat } from '../../../format/index.ts';
import { ButtonLink, Empty, Loaded, Page, Section } from '../../../primitives/index.ts';
import { useAccount } from '../../../session/index.ts';
import { caseIdOf } from '../case.ts';

/** A patient's reports, newest first. */
export function MyReportsPage() {
  const { t } = useTranslation('process');
  const account = useAccount();
  const { date } = useFormat();
  const query = useSearch('DiagnosticReport', account.profile ? { subject: account.profile, category: 'urn:bedside:application|', status: 'final,amended,corrected', _sort: '-issued', _count: '50' } : undefined);
  return (
    <Page title={t('myReports')} width={760}>
      <Loaded query={query}>{(bundle) => {
        // The newest of each consultation; older versions are on its page.
        const reports = matches(bundle, 'DiagnosticReport').filter((one, at, all) => all.findIndex((other) => caseIdOf(other) === caseIdOf(one)) === at);
        if (reports.length === 0) return <Section title={t('myReports')}><Empty icon={IconFileCertificate} title={t('noReportsYet')} /></Section>;
        return <Stack>{reports.map((one) => (
          <Section key={one.id} title={t('reportOf', { date: date(one.issued) })} icon={IconFileCertificate}>
            {one.conclusion && <Text lineClamp={3} dir="auto" ta="start">{one.conclusion}</Text>}
            <Group><ButtonLink to={`/cases/${caseIdOf(one) ?? ''}/report`}>{t('readReport')}</ButtonLink></Group>
          </Section>
        ))}</Stack>;
      }}</Loaded>
    </Page>
  );
}
