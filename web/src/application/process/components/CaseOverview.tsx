import { SimpleGrid, Stack } from '@mantine/core';
import { IconClipboardText } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Empty, Loaded, Section, TextLink } from '../../../primitives/index.ts';
import { may, type Offers } from '../actions.ts';
import type { CaseView } from '../case.ts';
import { readAnswers } from '../form/answers.ts';
import { AnswersView } from '../form/AnswersView.tsx';
import { FormVersions } from '../form/FormVersions.tsx';
import { useQuestionnaire } from '../form/questionnaires.ts';
import { TimePanel } from '../scheduling/TimePanel.tsx';
import { Consents } from '../session/Consents.tsx';
import { Invitees } from './Invitees.tsx';
import { Participants } from './Participants.tsx';

/** What is asked, by whom, of whom, and when they meet. */
export function CaseOverview({ view, offers }: { view: CaseView; offers: Offers | undefined }) {
  const { t } = useTranslation('process');
  const questionnaire = useQuestionnaire(view.form?.questionnaire);
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <Stack gap="lg">
        <Section title={t('form')} icon={IconClipboardText} actions={may(offers, 'save-form') ? <TextLink to={`/cases/${view.id}/form`}>{t('edit')}</TextLink> : undefined}>
          {view.form?.questionnaire ? <Loaded query={questionnaire}>{(form) => (view.form?.item?.length ? <AnswersView questionnaire={form} answers={readAnswers(view.form)} /> : <Empty title={t('formEmpty')} />)}</Loaded> : <Empty title={t('formEmpty')} />}
        </Section>
        {view.form && questionnaire.data && view.state !== 'draft' && <FormVersions form={view.form} questionnaire={questionnaire.data} />}
      </Stack>
      <Stack gap="lg">
        <TimePanel view={view} />
        <Participants view={view} />
        <Invitees view={view} offers={offers} editable={may(offers, 'invite') || may(offers, 'uninvite')} />
        <Consents view={view} offers={offers} />
      </Stack>
    </SimpleGrid>
  );
}
