import { Box, Select, Stack, Text } from '@mantine/core';
import type { Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import { useQuery } from '@tanstack/react-query';
import { IconArrowsDiff } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fhirKey, ofType, useFhir } from '../../../fhir/index.ts';
import { useFormat } from '../../../format/index.ts';
import { Empty, Loaded, Section } from '../../../primitives/index.ts';
import { changesBetween, leaves, readAnswers, translated } from './answers.ts';
import { useAnswerText } from './AnswersView.tsx';

/** Every version of an application form, and what each changed. */
export function FormVersions({ form, questionnaire }: { form: QuestionnaireResponse; questionnaire: Questionnaire }) {
  const { t, i18n } = useTranslation('process');
  const client = useFhir();
  const { dateTime } = useFormat();
  const text = useAnswerText();
  const [chosen, setChosen] = useState<string | null>(null);
  const history = useQuery({
    queryKey: fhirKey('QuestionnaireResponse', 'history', form.id, form.meta?.versionId),
    queryFn: async ({ signal }) => ofType(await client.history(`QuestionnaireResponse/${form.id}`, signal), 'QuestionnaireResponse'),
  });
  return (
    <Section title={t('versions')} icon={IconArrowsDiff}>
      <Loaded query={history} height={44}>{(all) => {
        const versions = [...all].sort((a, b) => Number(b.meta?.versionId) - Number(a.meta?.versionId));
        const withChanges = versions.flatMap((version, index) => {
          const before = versions[index + 1];
          const changes = before ? changesBetween(questionnaire, readAnswers(before), readAnswers(version)) : [];
          return changes.length > 0 && before ? [{ version, before, changes }] : [];
        });
        const current = withChanges.find((one) => one.version.meta?.versionId === chosen) ?? withChanges[0];
        if (!current) return <Empty title={t('oneVersion')} />;
        const items = leaves(questionnaire.item);
        return (
          <Stack>
            <Select label={t('version')} value={current.version.meta?.versionId ?? null} onChange={setChosen} allowDeselect={false} maw={420} data={withChanges.map((one) => ({ value: one.version.meta?.versionId ?? '', label: `${t('versionN', { n: one.version.meta?.versionId })} · ${dateTime(one.version.meta?.lastUpdated)}` }))} />
            {current.changes.map((change) => {
              const item = items.find((one) => one.linkId === change.linkId);
              return item && (
                <Box key={change.linkId}>
                  <Text size="sm" c="dimmed">{translated(item, 'text', i18n.language)}</Text>
                  <Stack gap={2}><Text component="del" dir="auto" ta="start" className="wrap-anywhere" c="dimmed">{text(item, change.before) || '–'}</Text><Text component="ins" dir="auto" ta="start" className="wrap-anywhere" td="none" fw={600}>{text(item, change.after) || '–'}</Text></Stack>
                </Box>
              );
            })}
          </Stack>
        );
      }}</Loaded>
    </Section>
  );
}
