import { Box, Group, Stack, Text } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { caseIdOf, systems } from '../../application/process/index.ts';
import { matches, useLive, useSearch } from '../../fhir/index.ts';
import { useFormat } from '../../format/index.ts';
import { Empty, Loaded, PlainLink, Section } from '../../primitives/index.ts';
import { useAccount } from '../../session/index.ts';

/** What happened lately, told by the system. */
export function Notices() {
  const { t } = useTranslation(['home', 'process']);
  const account = useAccount();
  const { relative } = useFormat();
  const { pollMs } = useLive();
  const me = account.role === 'patient' ? account.profile : account.practitionerRoles.map((role) => (role.includes('/') ? role : `PractitionerRole/${role}`)).join(',');
  const query = useSearch('Communication', { category: `${systems.communication}|notice`, ...(me && account.role !== 'coordinator' ? { recipient: me } : {}), _sort: '-sent', _count: '8' }, { refetchInterval: pollMs });
  return (
    <Section title={t('notices')} icon={IconBell}>
      <Loaded query={query} rows={2} height={44}>{(bundle) => {
        const notices = matches(bundle, 'Communication');
        if (notices.length === 0) return <Empty title={t('noNotices')} />;
        return <Stack gap="sm">{notices.map((one) => {
          const code = one.topic?.coding?.[0]?.code ?? '';
          return <PlainLink key={one.id} to={`/cases/${caseIdOf(one) ?? ''}`} className="row-link"><Group wrap="nowrap" gap="xs" align="flex-start"><Box className="grow"><Text>{t(`process:notice.${code}`, { defaultValue: one.topic?.text ?? t('process:notice.other') })}</Text><Text size="sm" c="dimmed">{relative(one.sent)}</Text></Box></Group></PlainLink>;
        })}</Stack>;
      }}</Loaded>
    </Section>
  );
}
