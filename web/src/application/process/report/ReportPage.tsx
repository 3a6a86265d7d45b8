import { Alert, Anchor, Badge, Button, Code, Group, Select, SimpleGrid, Stack, Tabs, Text } from '@mantine/core';
import type { Attachment } from '@medplum/fhirtypes';
import { useMutation } from '@tanstack/react-query';
import { IconDownload, IconHistory, IconPrinter, IconRosetteDiscountCheck } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFhir } from '../../../fhir/index.ts';
import { useFormat } from '../../../format/index.ts';
import { Empty, ErrorNotice, Fact, Loaded, Page, Section, TextLink } from '../../../primitives/index.ts';
import { PatientName } from '../../../record/index.ts';
import { useAccount } from '../../../session/index.ts';
import { personOf, type CaseView } from '../case.ts';
import { useCase } from '../hooks.ts';
import { useApplication } from '../presentation.ts';
import { download, filesOf, openForPrint, verificationCode } from './files.ts';
import { readSections } from './sections.ts';
import { SectionsView } from './SectionsView.tsx';
import { publishedReports } from './versions.ts';

/** A published report: for the patient the plain words come first, for doctors the findings. */
export function ReportPage() {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  return <Loaded query={useCase(id)} rows={4}>{(view) => <Report view={view} />}</Loaded>;
}

function Report({ view }: { view: CaseView }) {
  const { t } = useTranslation('process');
  const account = useAccount();
  const { dateTime } = useFormat();
  const { sections: order } = useApplication(view.application);
  const versions = publishedReports(view);
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = versions.find((one) => String(one.number) === chosen) ?? versions[0];
  const current = shown?.composition;
  const { full, plain } = filesOf(shown?.report);
  const code = verificationCode(shown?.report);
  const author = personOf(view.pool, shown?.report.performer?.[0]);
  const text = readSections(current);
  const isPatient = account.role === 'patient';
  if (!shown) return <Page title={t('tab.report')} before={<TextLink to={`/cases/${view.id}`} size="sm">{t('toCase')}</TextLink>}><Empty title={t('noReport')} /></Page>;
  return (
    <Page title={t('reportFor')} subtitle={<PatientName id={view.patient?.id} />} width={900} before={<TextLink to={`/cases/${view.id}`} size="sm">{t('toCase')}</TextLink>}>
      {shown !== versions[0] && <Alert color="orange">{t('oldVersion')}</Alert>}
      <Section title={view.task.description ?? t('tab.report')} actions={<Badge color="green" size="lg" leftSection={<IconRosetteDiscountCheck size={16} aria-hidden />}>{t('signed')}</Badge>}>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <Fact label={t('author')}>{author.name}</Fact><Fact label={t('filter.institution')}>{author.institution}</Fact>
          <Fact label={t('issued')}>{dateTime(shown.report.issued ?? shown.composition.date)}</Fact>
          {code && <Fact label={t('verificationCode')}><Anchor href={`/verify/${code}`}><Code fz="md" dir="ltr">{code}</Code></Anchor></Fact>}
        </SimpleGrid>
        <Group className="no-print">{full && <File attachment={full} label={t('fullReport')} name={`${view.number || 'report'}-${shown.number}`} />}{plain && <File attachment={plain} label={t('plainReport')} name={`${view.number || 'report'}-${shown.number}-summary`} />}</Group>
        {versions.length > 1 && <Select className="no-print" leftSection={<IconHistory size={18} aria-hidden />} label={t('version')} value={String(shown.number)} onChange={setChosen} allowDeselect={false} maw={420} data={versions.map((one) => ({ value: String(one.number), label: `${t('versionN', { n: one.number })} · ${dateTime(one.report.issued)}` }))} />}
      </Section>
      <Tabs defaultValue={isPatient ? 'plain' : 'full'}>
        <Tabs.List grow><Tabs.Tab value="plain" fz="md" py="sm">{t('inPlainWords')}</Tabs.Tab><Tabs.Tab value="full" fz="md" py="sm">{t('forDoctors')}</Tabs.Tab></Tabs.List>
        <Tabs.Panel value="plain" pt="md" tabIndex={0}><Section title={t('inPlainWords')}>{text['plain-language'] ? <Text fz="lg" lh={1.65} dir="auto" ta="start" style={{ whiteSpace: 'pre-wrap' }}>{text['plain-language']}</Text> : <Empty title={t('noPlain')} />}</Section></Tabs.Panel>
        <Tabs.Panel value="full" pt="md" tabIndex={0}><Section title={t('forDoctors')}><SectionsView sections={text} order={order.filter((one) => one !== 'plain-language')} /></Section></Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function File({ attachment, label, name }: { attachment: Attachment; label: string; name: string }) {
  const { t } = useTranslation('process');
  const client = useFhir();
  const save = useMutation({ mutationFn: () => download(client, attachment, name) });
  const print = useMutation({ mutationFn: () => openForPrint(client, attachment) });
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Button loading={save.isPending} leftSection={<IconDownload size={20} aria-hidden />} onClick={() => save.mutate()}>{label}</Button>
        <Button variant="default" loading={print.isPending} leftSection={<IconPrinter size={20} aria-hidden />} aria-label={`${t('print')}: ${label}`} onClick={() => print.mutate()}>{t('print')}</Button>
      </Group>
      {(save.error ?? print.error) && <ErrorNotice error={save.error ?? print.error} />}
    </Stack>
  );
}
