import { Stack, Text, ThemeIcon, Timeline } from '@mantine/core';
import { IconHistory, IconPencil } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { codeIn } from '../../../fhir/index.ts';
import { useFormat } from '../../../format/index.ts';
import { Empty, Section } from '../../../primitives/index.ts';
import { personOf, type CaseView } from '../case.ts';
import { systems } from '../vocabulary.ts';

/** Who did what when, newest first. */
export function CaseHistory({ view }: { view: CaseView }) {
  const { t } = useTranslation('process');
  const { dateTime } = useFormat();
  if (view.provenance.length === 0) return <Section title={t('tab.history')} icon={IconHistory}><Empty title={t('noHistory')} /></Section>;
  return (
    <Section title={t('tab.history')} icon={IconHistory}>
      <Timeline bulletSize={28} lineWidth={2}>
        {view.provenance.map((one) => {
          const code = codeIn(one.activity, systems.action) ?? '';
          return (
            <Timeline.Item key={one.id} bullet={<ThemeIcon size={28} radius="xl" variant="light"><IconPencil size={15} aria-hidden /></ThemeIcon>} title={<Text fw={600} component="span">{t(`did.${code}`, { defaultValue: t(`action.${code}`, { defaultValue: code }) })}</Text>}>
              <Stack gap={2}><Text size="sm" c="dimmed">{personOf(view.pool, one.agent[0]?.who).name} · {dateTime(one.recorded)}</Text>{one.reason?.[0]?.text && <Text size="sm" dir="auto" ta="start">“{one.reason[0].text}”</Text>}</Stack>
            </Timeline.Item>
          );
        })}
      </Timeline>
    </Section>
  );
}
