import { Alert, Badge, Button, Group, SegmentedControl, SimpleGrid, Stack, Text, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useDisclosure } from '@mantine/hooks';
import { IconCloudCheck, IconDeviceFloppy, IconSignature, IconWorldUpload } from '@tabler/icons-react';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDraft } from '../../../drafts/index.ts';
import { ErrorNotice, Loaded, Page, Section, TextLink, useShortcuts } from '../../../primitives/index.ts';
import { PatientName } from '../../../record/index.ts';
import { may, offer, type Offers } from '../actions.ts';
import type { CaseView } from '../case.ts';
import { readAnswers } from '../form/answers.ts';
import { AnswersView } from '../form/AnswersView.tsx';
import { useQuestionnaire } from '../form/questionnaires.ts';
import { useCase, useOffers, usePerform } from '../hooks.ts';
import { useApplication } from '../presentation.ts';
import { isComplete, readSections, writeSections, type Sections } from './sections.ts';
import { SectionsView } from './SectionsView.tsx';
import { SignDialog } from './SignDialog.tsx';

/** Where the specialist writes, looks at, signs and publishes the report; the question stands beside it. */
export function WriteReportPage() {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const found = useCase(id);
  const offers = useOffers(id);
  return <Loaded query={found} rows={4}>{(view) => <Editor view={view} offers={offers.data} />}</Loaded>;
}

function Editor({ view, offers }: { view: CaseView; offers: Offers | undefined }) {
  const { t } = useTranslation('process');
  const navigate = useNavigate();
  const application = useApplication(view.application);
  const kept = useMemo(() => readSections(view.composition), [view.composition]);
  const draft = useDraft<Sections>(`report.${view.id}`, kept);
  const [look, setLook] = useState<'write' | 'preview'>('write');
  const [signing, sign] = useDisclosure(false);
  const save = usePerform(view.id);
  const publish = usePerform(view.id);
  const questionnaire = useQuestionnaire(view.form?.questionnaire);
  const complete = isComplete(draft.value, application.sections);
  const writable = may(offers, 'write-report');
  const store = async (): Promise<void> => {
    const sent = draft.value;
    await save.mutateAsync({ action: 'write-report', input: [{ name: 'composition', resource: writeSections(sent, application.sections, t('reportFor')) }] });
    draft.saved(sent);
  };
  const startSigning = async (): Promise<void> => {
    if (draft.unsaved) await store();
    sign.open();
  };
  useShortcuts(writable ? [{ keys: 'w', label: t('preview'), run: () => setLook((now) => (now === 'write' ? 'preview' : 'write')) }] : []);
  return (
    <Page title={t('writeReport')} subtitle={<PatientName id={view.patient?.id} />} before={<TextLink to={`/cases/${view.id}`} search={{ tab: 'report' }} size="sm">{t('toCase')}</TextLink>}
      actions={<Badge size="lg" color={view.regions.report === 'published' ? 'green' : 'yellow'}>{t(`reportState.${view.regions.report}`)}</Badge>}>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Stack>
          {view.regions.report === 'signed' && offer(offers, 'publish-report') && (
            <Alert color="green" title={t('signedReady')}>
              <Stack gap="sm"><Text>{t('signedReadyAbout')}</Text>{publish.error && <ErrorNotice error={publish.error} />}
                <Group><Button loading={publish.isPending} leftSection={<IconWorldUpload size={20} aria-hidden />} onClick={() => publish.mutate({ action: 'publish-report' }, { onSuccess: () => { notifications.show({ message: t('published'), color: 'green' }); void navigate({ to: `/cases/${view.id}/report` }); } })}>{t('action.publish-report')}</Button></Group></Stack>
            </Alert>
          )}
          <Section title={t('tab.report')} actions={<SegmentedControl size="sm" value={look} onChange={(value) => setLook(value === 'preview' ? 'preview' : 'write')} data={[{ value: 'write', label: t('write') }, { value: 'preview', label: t('preview') }]} aria-label={t('view')} />}>
            {look === 'preview' || !writable ? <SectionsView sections={draft.value} order={application.sections} /> : application.sections.map((code) => (
              <Textarea key={code} label={t(`section.${code}`)} description={t(`sectionHint.${code}`)} withAsterisk value={draft.value[code] ?? ''} onChange={(event) => draft.set({ ...draft.value, [code]: event.currentTarget.value })} dir="auto" maxLength={20_000} />
            ))}
            {save.error && <ErrorNotice error={save.error} onRetry={() => void store().catch(() => undefined)} />}
            {writable && (
              <>
                <Text size="sm" c="dimmed" role="status">{draft.unsaved ? t('unsaved') : <Group gap={6} component="span" display="inline-flex"><IconCloudCheck size={18} aria-hidden />{t('allSaved')}</Group>}</Text>
                <Group>
                  <Button variant="default" leftSection={<IconDeviceFloppy size={20} aria-hidden />} loading={save.isPending} disabled={!draft.unsaved} onClick={() => void store().catch(() => undefined)}>{t('saveVersion')}</Button>
                  <Button leftSection={<IconSignature size={20} aria-hidden />} disabled={!complete || view.regions.report === 'signed' && !draft.unsaved} onClick={() => void startSigning().catch(() => undefined)}>{t('action.sign-report')}</Button>
                </Group>
                {!complete && <Text size="sm" c="dimmed">{t('blocked.report-incomplete')}</Text>}
              </>
            )}
          </Section>
        </Stack>
        <Section title={t('whatIsAsked')}>{questionnaire.data ? <AnswersView questionnaire={questionnaire.data} answers={readAnswers(view.form)} /> : null}<Group><TextLink to={`/cases/${view.id}`} search={{ tab: 'materials' }}>{t('materials')}</TextLink><TextLink to={`/patients/${view.patient?.id ?? ''}`}>{t('record')}</TextLink></Group></Section>
      </SimpleGrid>
      {signing && <SignDialog view={view} onClose={sign.close} />}
    </Page>
  );
}
