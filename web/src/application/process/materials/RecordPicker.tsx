import { Button, Checkbox, Group, Modal, Paper, Progress, Radio, Stack, Tabs, Text, TextInput } from '@mantine/core';
import type { Bundle, Resource } from '@medplum/fhirtypes';
import { IconSearch } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asParameters, invalidateTypes, keyOf, useFhir, useSearch } from '../../../fhir/index.ts';
import { useFormat } from '../../../format/index.ts';
import { Empty, ErrorNotice, Loaded } from '../../../primitives/index.ts';
import { classOfResource, dateOfResource, titleOfResource } from '../../../record/index.ts';
import type { CaseView } from '../case.ts';
import { caseTypes } from '../hooks.ts';
import { deskOf } from './desk.ts';

const kinds = ['documents', 'images', 'reports', 'values', 'medication'] as const;
type Kind = (typeof kinds)[number];
const searches: Readonly<Record<Kind, readonly ['DocumentReference' | 'ImagingStudy' | 'DiagnosticReport' | 'Observation' | 'MedicationRequest', Readonly<Record<string, string>>]>> = {
  documents: ['DocumentReference', { _sort: '-date' }], images: ['ImagingStudy', { _sort: '-started' }], reports: ['DiagnosticReport', { _sort: '-date' }],
  values: ['Observation', { _sort: '-date' }], medication: ['MedicationRequest', { _sort: '-authoredon' }],
};

/** The record, to choose from: several to add, or one to put in the place of another. */
export function RecordPicker({ view, onClose, replace }: { view: CaseView; onClose: () => void; replace?: string }) {
  const { t } = useTranslation('process');
  const client = useFhir();
  const queries = useQueryClient();
  const [kind, setKind] = useState<Kind>('documents');
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<ReadonlyMap<string, Resource>>(new Map());
  const [done, setDone] = useState<number>();
  const [error, setError] = useState<unknown>();
  const present = useMemo(() => new Set(deskOf(view).filter((item) => !item.removed).map((item) => item.key)), [view]);
  const [type, sort] = searches[kind];
  const query = useSearch(type, { patient: `Patient/${view.patient?.id ?? ''}`, ...sort, _count: '100' });
  const pick = (resource: Resource, checked: boolean): void => {
    const next = new Map(replace ? [] : chosen);
    if (checked) next.set(keyOf(resource), resource);
    else next.delete(keyOf(resource));
    setChosen(next);
  };
  const add = async (): Promise<void> => {
    setError(undefined);
    setDone(0);
    try {
      for (const [key, resource] of chosen) {
        await client.operation(`Task/${view.id}/$${replace ? 'replace-material' : 'add-material'}`, asParameters(replace
          ? [{ name: 'item', valueReference: { reference: replace } }, { name: 'by', valueReference: { reference: key } }]
          : [{ name: 'item', valueReference: { reference: key } }, { name: 'class', valueCode: classOfResource(resource) }]));
        setDone((count) => (count ?? 0) + 1);
        setChosen((now) => new Map([...now].filter(([one]) => one !== key)));
      }
      onClose();
    } catch (reason) {
      setError(reason);
      setDone(undefined);
    } finally {
      await invalidateTypes(queries, caseTypes);
    }
  };
  return (
    <Modal opened onClose={onClose} size="lg" title={<Text fw={650} size="lg" component="span">{replace ? t('action.replace-material') : t('pickFromRecord')}</Text>} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        <Tabs value={kind} onChange={(value) => setKind(kinds.find((one) => one === value) ?? 'documents')} variant="pills">
          <Tabs.List aria-label={t('pickFromRecord')}>{kinds.map((one) => <Tabs.Tab key={one} value={one}>{t(`pick.${one}`)}</Tabs.Tab>)}</Tabs.List>
          {kinds.map((one) => <Tabs.Panel key={one} value={one} pt="sm">{one === kind && (
            <Stack gap="sm">
              <TextInput type="search" aria-label={t('findInRecord')} placeholder={t('findInRecord')} value={text} onChange={(event) => setText(event.currentTarget.value)} leftSection={<IconSearch size={18} aria-hidden />} />
              <Loaded query={query}>{(bundle) => <Choices bundle={bundle} type={type} text={text} present={present} chosen={chosen} single={replace !== undefined} onPick={pick} />}</Loaded>
            </Stack>
          )}</Tabs.Panel>)}
        </Tabs>
        {error !== undefined && <ErrorNotice error={error} />}
        {done !== undefined && <Progress value={(done / Math.max(1, done + chosen.size)) * 100} aria-label={t('adding')} />}
        <Group justify="flex-end" style={{ position: 'sticky', insetBlockEnd: 0, background: 'var(--mantine-color-body)', paddingBlock: 8 }}>
          <Button variant="default" onClick={onClose}>{t('cancel')}</Button>
          <Button disabled={chosen.size === 0} loading={done !== undefined} onClick={() => void add()}>{replace ? t('action.replace-material') : t('addN', { n: chosen.size })}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

interface ChoicesProps { readonly bundle: Bundle; readonly type: string; readonly text: string; readonly present: ReadonlySet<string>; readonly chosen: ReadonlyMap<string, Resource>; readonly single: boolean; readonly onPick: (resource: Resource, checked: boolean) => void }
function Choices({ bundle, type, text, present, chosen, single, onPick }: ChoicesProps) {
  const { t } = useTranslation('process');
  const { date } = useFormat();
  const wanted = text.trim().toLocaleLowerCase();
  const all = (bundle.entry ?? []).flatMap((entry) => (entry.resource?.resourceType === type ? [entry.resource] : [])).filter((one) => !wanted || (titleOfResource(one) ?? '').toLocaleLowerCase().includes(wanted));
  if (all.length === 0) return <Empty title={t('nothingHere')} />;
  return (
    <Stack gap="xs" mah="45dvh" style={{ overflowY: 'auto' }} tabIndex={0} role="group" aria-label={t('pickFromRecord')}>
      {all.map((one) => {
        const key = keyOf(one);
        const props = { label: titleOfResource(one) ?? key, description: [date(dateOfResource(one)), present.has(key) ? t('onTheDesk') : ''].filter(Boolean).join(' · '), checked: chosen.has(key), disabled: present.has(key) };
        return <Paper key={key} withBorder radius="md" p="sm">{single ? <Radio {...props} onChange={() => onPick(one, true)} /> : <Checkbox {...props} onChange={(event) => onPick(one, event.currentTarget.checked)} />}</Paper>;
      })}
    </Stack>
  );
}
