import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCloudCheck, IconDeviceFloppy, IconPencil, IconSend } from '@tabler/icons-react';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDraft } from '../../../drafts/index.ts';
import { ErrorNotice, Loaded, Page, Section, TextLink } from '../../../primitives/index.ts';
import { PatientName } from '../../../record/index.ts';
import { may, offer, type Offers } from '../actions.ts';
import type { CaseView } from '../case.ts';
import { Invitees } from '../components/Invitees.tsx';
import { MaterialDesk } from '../materials/MaterialDesk.tsx';
import { useCase, useOffers, usePerform } from '../hooks.ts';
import { useApplication } from '../presentation.ts';
import { faultsOf, readAnswers, writeAnswers, type Answers } from './answers.ts';
import { QuestionnaireFields } from './QuestionnaireFields.tsx';
import { useQuestionnaire } from './questionnaires.ts';
import type { Questionnaire } from '@medplum/fhirtypes';

/** A field, or the first of the choices in it. */
function focusField(id: string): void {
  const field = document.getElementById(id);
  (field?.matches('input, textarea, select, button') ? field : field?.querySelector<HTMLElement>('input, textarea, select, button'))?.focus();
}

/** The application: the form, the materials, the experts, and at the end one button. */
export function FormPage() {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const found = useCase(id);
  const offers = useOffers(id);
  const questionnaire = useQuestionnaire(found.data?.form?.questionnaire);
  return (
    <Loaded query={found} rows={5}>{(view) => <Loaded query={questionnaire} rows={4}>{(form) => <Application view={view} offers={offers.data} questionnaire={form} />}</Loaded>}</Loaded>
  );
}

function Application({ view, offers, questionnaire }: { view: CaseView; offers: Offers | undefined; questionnaire: Questionnaire }) {
  const application = useApplication(view.application);
  const { t } = useTranslation(['process', application.namespace]);
  const navigate = useNavigate();
  const kept = useMemo(() => readAnswers(view.form), [view.form]);
  const draft = useDraft<Answers>(`form.${view.id}`, kept);
  const [tried, setTried] = useState(false);
  const save = usePerform(view.id);
  const submit = usePerform(view.id);
  const faults = faultsOf(questionnaire, draft.value);
  const missing = Object.keys(faults).length;
  const isDraft = view.state === 'draft';
  const mayInvite = may(offers, 'invite') || may(offers, 'uninvite');
  const parameters = () => [{ name: 'form', resource: writeAnswers(questionnaire, draft.value, view.form) }];
  const store = async (): Promise<void> => {
    const sent = draft.value;
    await save.mutateAsync({ action: 'save-form', input: parameters() });
    draft.saved(sent);
  };
  const finish = async (): Promise<void> => {
    setTried(true);
    const first = Object.keys(faults)[0];
    if (first) { focusField(`field-${first}`); return; }
    if (draft.unsaved) await store();
    if (isDraft) await submit.mutateAsync({ action: 'submit' });
    notifications.show({ message: isDraft ? t('submitted') : t('saved'), color: 'green' });
    await navigate({ to: `/cases/${view.id}` });
  };
  useEffect(() => {
    if (!draft.unsaved) return undefined;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [draft.unsaved]);
  if (offers && !offer(offers, 'save-form')) return <Page title={t('form')}><Alert color="orange" title={t('formClosed')}><TextLink to={`/cases/${view.id}`}>{t('toCase')}</TextLink></Alert></Page>;
  const ready = view.invitations.some((one) => one.status === 'requested' || one.status === 'accepted');
  return (
    <Page title={isDraft ? t(`${application.namespace}:new`) : t('changeForm')} width={820} subtitle={<PatientName id={view.patient?.id} />} before={<TextLink to={`/cases/${view.id}`} size="sm">{t('toCase')}</TextLink>}>
      {view.form && <Section title={t('form')} icon={IconPencil}><QuestionnaireFields questionnaire={questionnaire} answers={draft.value} onChange={draft.set} faults={tried ? faults : {}} pairs={application.pairs} /></Section>}
      <MaterialDesk view={view} offers={offers} />
      <Invitees view={view} offers={offers} editable={mayInvite} />
      <Section title={isDraft ? t('send') : t('saveChanges')} icon={IconSend}>
        <Stack gap="sm">
          {(save.error ?? submit.error) !== null && <ErrorNotice error={save.error ?? submit.error} onRetry={() => void finish().catch(() => undefined)} />}
          {tried && missing > 0 && <Alert color="orange" role="alert">{t('missing', { n: missing })}</Alert>}
          {isDraft && !ready && <Text c="dimmed">{t('blocked.no-expert-invited')}</Text>}
          <Text size="sm" c="dimmed" role="status">{draft.unsaved ? t('unsaved') : <Group gap={6} component="span" display="inline-flex"><IconCloudCheck size={18} aria-hidden />{t('allSaved')}</Group>}</Text>
          <Group>
            {isDraft && <Button variant="default" leftSection={<IconDeviceFloppy size={20} aria-hidden />} loading={save.isPending} disabled={!draft.unsaved} onClick={() => void store().catch(() => undefined)}>{t('saveDraft')}</Button>}
            <Button leftSection={<IconSend size={20} aria-hidden />} loading={submit.isPending || (!isDraft && save.isPending)} disabled={isDraft ? !ready : !draft.unsaved} onClick={() => void finish().catch(() => undefined)}>{isDraft ? t('action.submit') : t('saveChanges')}</Button>
          </Group>
        </Stack>
      </Section>
    </Page>
  );
}
