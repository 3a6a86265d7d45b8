import { Badge, Box, Group, Paper, Text, TextInput, VisuallyHidden } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { Patient } from '@medplum/fhirtypes';
import { IconChevronRight, IconSearch, IconUserOff } from '@tabler/icons-react';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isDemonstration, matches, usePages } from '../fhir/index.ts';
import { useFormat } from '../format/index.ts';
import { DemonstrationMark, Empty, ErrorNotice, Page, Person, PlainLink, Skeletons, useShortcuts } from '../primitives/index.ts';
import { mainIdentifier, patientLine, patientName } from './patient-line.ts';

/** What was typed, as FHIR search parameters: a number or code is an identifier, a date a birth date, anything else a name. */
export function patientQuery(text: string): Readonly<Record<string, string | undefined>> {
  const base = { _count: '50', _sort: 'family,given' };
  const typed = text.trim();
  if (typed === '') return base;
  if (/^\d{4}-\d{2}-\d{2}$/.test(typed)) return { ...base, birthdate: typed };
  return /\d/.test(typed) ? { ...base, identifier: typed } : { ...base, name: typed };
}

/** Everybody whose record one may open; thousands of rows stay fluid. */
export function PatientsPage() {
  const { t } = useTranslation('record');
  const [text, setText] = useState('');
  const [typed] = useDebouncedValue(text, 250);
  const field = useRef<HTMLInputElement>(null);
  const query = usePages('Patient', patientQuery(typed));
  const patients = useMemo(() => (query.data?.pages ?? []).flatMap((page) => matches(page, 'Patient')), [query.data]);
  useShortcuts([{ keys: '/', label: t('search'), run: () => field.current?.focus() }]);
  return (
    <Page title={t('patients')} width={820}>
      <TextInput ref={field} type="search" label={t('search')} description={t('searchAbout')} value={text} onChange={(event) => setText(event.currentTarget.value)} leftSection={<IconSearch size={20} aria-hidden />} size="md" />
      <VisuallyHidden role="status">{query.isSuccess ? t('found', { n: patients.length }) : ''}</VisuallyHidden>
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeletons rows={6} />}
      {query.isSuccess && patients.length === 0 && <Paper withBorder><Empty icon={IconUserOff} title={t('noPatients')}>{t('noPatientsAbout')}</Empty></Paper>}
      {patients.length > 0 && <PatientRows patients={patients} onEnd={() => { if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage(); }} />}
      {query.isFetchingNextPage && <Skeletons rows={1} />}
    </Page>
  );
}

function PatientRows({ patients, onEnd }: { patients: readonly Patient[]; onEnd: () => void }) {
  const list = useRef<HTMLUListElement>(null);
  const rows = useWindowVirtualizer({ count: patients.length, estimateSize: () => 88, overscan: 8, scrollMargin: list.current?.offsetTop ?? 0, getItemKey: (index) => patients[index]?.id ?? index });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => { if (last >= patients.length - 8) onEnd(); });
  return (
    <Box component="ul" ref={list} p={0} m={0} h={rows.getTotalSize()} pos="relative" style={{ listStyle: 'none' }}>
      {items.map((item) => {
        const patient = patients[item.index];
        return patient && (
          <li key={item.key} ref={rows.measureElement} data-index={item.index} aria-posinset={item.index + 1} aria-setsize={patients.length} style={{ position: 'absolute', insetInline: 0, insetBlockStart: 0, transform: `translateY(${item.start - rows.options.scrollMargin}px)`, paddingBlockEnd: 10 }}>
            <PatientRow patient={patient} />
          </li>
        );
      })}
    </Box>
  );
}

function PatientRow({ patient }: { patient: Patient }) {
  const { t } = useTranslation('record');
  const format = useFormat();
  const identifier = mainIdentifier(patient);
  return (
    <PlainLink to={`/patients/${patient.id}`} className="row-link">
      <Paper withBorder px="md" py="sm">
        <Group wrap="nowrap" gap="sm">
          <Box className="grow">
            <Person name={patientName(patient)} about={<>{patientLine(patient, format, t)}{identifier && <Text size="sm" className="number" dir="ltr" ta="start" component="div">{identifier}</Text>}</>} />
          </Box>
          {isDemonstration(patient) && <Box visibleFrom="sm"><DemonstrationMark compact /></Box>}
          {patient.deceasedDateTime || patient.deceasedBoolean ? <Badge color="gray">{t('deceased')}</Badge> : null}
          <IconChevronRight size={20} aria-hidden style={{ flexShrink: 0 }} className="flip-rtl" />
        </Group>
      </Paper>
    </PlainLink>
  );
}
