import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { IconHandStop } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { conceptText } from '../../../fhir/index.ts';
import { useFormat } from '../../../format/index.ts';
import { ErrorNotice, Section } from '../../../primitives/index.ts';
import { may, type Offers } from '../actions.ts';
import type { CaseView } from '../case.ts';
import { usePerform } from '../hooks.ts';

const scopes = ['consultation', 'picture'] as const;

/** What the patient agreed to; the newest answer counts. */
export function Consents({ view, offers }: { view: CaseView; offers: Offers | undefined }) {
  const { t } = useTranslation('process');
  const { dateTime } = useFormat();
  const record = usePerform(view.id);
  const newest = (scope: string) => [...view.consents].filter((one) => one.category?.some((category) => category.coding?.some((coding) => coding.code === scope) || conceptText(category) === scope)).sort((a, b) => (b.dateTime ?? '').localeCompare(a.dateTime ?? ''))[0];
  const allowed = may(offers, 'record-consent');
  if (!allowed && view.consents.length === 0) return null;
  return (
    <Section title={t('consent')} icon={IconHandStop}>
      <Stack gap="sm">
        {scopes.map((scope) => {
          const consent = newest(scope);
          const granted = consent?.status === 'active';
          const answer = (value: boolean): void => record.mutate({ action: 'record-consent', input: [{ name: 'granted', valueBoolean: value }, { name: 'scope', valueCode: scope }] });
          return (
            <Stack key={scope} gap={6}>
              <Group justify="space-between" gap="xs"><Text className="grow">{t(`consent.${scope}`)}</Text><Badge color={consent ? (granted ? 'green' : 'red') : 'gray'}>{consent ? (granted ? t('granted') : t('denied')) : t('notAsked')}</Badge></Group>
              {consent && <Text size="sm" c="dimmed">{dateTime(consent.dateTime)}</Text>}
              {allowed && <Group gap="xs"><Button size="sm" variant="light" disabled={granted} loading={record.isPending} onClick={() => answer(true)}>{t('agrees')}</Button><Button size="sm" variant="default" disabled={consent?.status === 'rejected'} onClick={() => answer(false)}>{t('declines')}</Button></Group>}
            </Stack>
          );
        })}
        {record.error && <ErrorNotice error={record.error} />}
      </Stack>
    </Section>
  );
}
