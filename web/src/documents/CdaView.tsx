import { Accordion, Alert, Anchor, Box, Button, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { CdaError, decodeXml, readCda, type CdaDocument, type CdaSection } from '@bedside/cda';
import { lazy, Suspense, useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NarrativeView } from './Narrative.tsx';

const PdfView = lazy(() => import('./PdfView.tsx'));

/** A C-CDA document, readable: who, when, and its sections, each to fold. Drawn from a closed set of nodes: nothing of the document's own markup reaches the page. */
export default function CdaView({ bytes }: { bytes: Uint8Array }) {
  const { t } = useTranslation('documents');
  const read = useMemo<CdaDocument | CdaError>(() => {
    try {
      return readCda(decodeXml(bytes));
    } catch (error) {
      if (error instanceof CdaError) return error;
      throw error;
    }
  }, [bytes]);
  if (read instanceof CdaError) return <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />} title={t('cda.refused.title')}>{t(`cda.refused.${read.fault}`)}</Alert>;
  return <CdaPage document={read} />;
}

function CdaPage({ document }: { document: CdaDocument }) {
  const { t } = useTranslation('documents');
  const prefix = useId();
  const all = document.sections.map((section) => section.id);
  const [open, setOpen] = useState<string[]>(all);
  const anchor = (id: string): string => `${prefix}-${id}`;
  const goTo = (id: string): void => {
    setOpen((now) => [...new Set([...now, id])]);
    requestAnimationFrame(() => globalThis.document.getElementById(anchor(id))?.scrollIntoView({ block: 'start', behavior: 'smooth' }));
  };
  return (
    <Stack gap="md" component="article" lang={document.language}>
      <Header document={document} />
      {document.sections.length > 1 && (
        <Paper withBorder p="md" component="nav" aria-label={t('cda.contents')}>
          <Group justify="space-between" mb="xs"><Text fw={600}>{t('cda.contents')}</Text>
            <Group gap="xs"><Button size="xs" variant="default" onClick={() => setOpen(all)}>{t('cda.open-all')}</Button><Button size="xs" variant="default" onClick={() => setOpen([])}>{t('cda.close-all')}</Button></Group></Group>
          <Box component="ul" m={0} p={0} style={{ columns: '14rem', listStyle: 'none' }}>
            {document.sections.map((s) => <li key={s.id} style={{ breakInside: 'avoid', paddingBlock: 3 }}><Anchor component="button" type="button" ta="start" onClick={() => goTo(s.id)}>{s.title || t('cda.untitled')}</Anchor></li>)}
          </Box>
        </Paper>
      )}
      {document.nonXmlBody && <Body body={document.nonXmlBody} />}
      <Accordion multiple value={open} onChange={setOpen} variant="separated" order={3}>
        {document.sections.map((s) => (
          <Accordion.Item key={s.id} value={s.id} id={anchor(s.id)}>
            <Accordion.Control><Text fw={600} dir="auto">{s.title || t('cda.untitled')}</Text></Accordion.Control>
            <Accordion.Panel><Section section={s} prefix={prefix} depth={4} /></Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Stack>
  );
}

function Section({ section, prefix, depth }: { section: CdaSection; prefix: string; depth: number }) {
  const { t } = useTranslation('documents');
  const empty = section.narrative.every((n) => typeof n === 'string' && n.trim() === '') && section.sections.length === 0;
  return (
    <Stack gap="sm">
      {empty ? <Text c="dimmed">{t('cda.empty')}</Text> : <NarrativeView nodes={section.narrative} prefix={prefix} />}
      {section.sections.map((inner) => (
        <Box key={inner.id} ps="md" style={{ borderInlineStart: '3px solid var(--bedside-line, #d5e0e3)' }}>
          {inner.title && <Title order={Math.min(6, depth) as 4} dir="auto" ta="start">{inner.title}</Title>}
          <Section section={inner} prefix={prefix} depth={depth + 1} />
        </Box>
      ))}
    </Stack>
  );
}

function Header({ document }: { document: CdaDocument }) {
  const { t, i18n } = useTranslation('documents');
  const date = (text: string | undefined): string | undefined => text && dateText(text, i18n.language);
  const gender = document.patient.gender;
  const facts: [string, string | undefined][] = [
    ['patient', document.patient.name], ['birth', date(document.patient.birthTime)], ['gender', gender && ['F', 'M', 'UN'].includes(gender) ? t(`cda.gender.${gender}`) : undefined],
    ['identifiers', document.patient.ids.join(', ')], ['date', date(document.effectiveTime)],
    ['authors', document.authors.map((a) => [a.name, a.organization].filter(Boolean).join(', ')).join('; ')], ['custodian', document.custodian],
    ['encounter', document.encounter && [date(document.encounter.from), date(document.encounter.to)].filter(Boolean).join(' – ')],
    ['signed', document.legalAuthenticator && [document.legalAuthenticator.name, date(document.legalAuthenticator.time)].filter(Boolean).join(', ')],
  ];
  return (
    <Paper withBorder p="md">
      <Title order={2} mb="sm" dir="auto" ta="start">{document.title}</Title>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="xs" component="dl" m={0}>
        {facts.filter(([, value]) => value).map(([name, value]) => (
          <div key={name}><Text component="dt" size="sm" c="dimmed">{t(`cda.${name}`)}</Text><Text component="dd" m={0} style={{ overflowWrap: 'anywhere' }}><bdi>{value}</bdi></Text></div>
        ))}
      </SimpleGrid>
    </Paper>
  );
}

/** A date as the reader writes it, to the precision that the document has. */
function dateText(text: string, language: string): string {
  const [year, month, day] = text.slice(0, 10).split('-');
  if (!month) return year ?? '';
  const value = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day ?? 1)));
  const written = new Intl.DateTimeFormat(language, { year: 'numeric', month: 'long', ...(day && { day: 'numeric' }), timeZone: 'UTC' }).format(value);
  return text.length > 10 ? `${written}, ${text.slice(11, 16)}` : written;
}

function Body({ body }: { body: NonNullable<CdaDocument['nonXmlBody']> }) {
  const { t } = useTranslation('documents');
  const bytes = useMemo(() => {
    try {
      return Uint8Array.from(atob(body.base64), (c) => c.charCodeAt(0));
    } catch (error) {
      if (error instanceof DOMException) return undefined;
      throw error;
    }
  }, [body]);
  if (!bytes || body.mediaType !== 'application/pdf') return <Alert color="orange">{t('cda.body-unknown')}</Alert>;
  return <Suspense fallback={null}><PdfView bytes={bytes} title={t('cda.body')} /></Suspense>;
}
