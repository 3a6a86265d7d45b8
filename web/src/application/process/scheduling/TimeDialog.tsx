import { Button, Collapse, Group, Modal, NumberInput, Stack, Text } from '@mantine/core';
import { DateTimePicker } from '@mantine/dates';
import '@mantine/dates/styles.css';
import { useDisclosure } from '@mantine/hooks';
import type { Slot } from '@medplum/fhirtypes';
import dayjs from 'dayjs';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { referenceKey } from '../../../fhir/index.ts';
import { useZone } from '../../../format/index.ts';
import { ErrorNotice, TimeInZones } from '../../../primitives/index.ts';
import { personOf, type CaseView } from '../case.ts';
import { usePerform } from '../hooks.ts';
import { SlotWeek } from './SlotWeek.tsx';

/** Proposes a time: one of the expert's free ones, or another by hand. */
export function TimeDialog({ view, onClose }: { view: CaseView; onClose: () => void }) {
  const { t } = useTranslation('process');
  const zone = useZone();
  // The calendar is a dialog named by this field, which has no text while it is empty.
  const id = useId();
  const [slot, setSlot] = useState<Slot>();
  const [other, { toggle }] = useDisclosure(false);
  const [start, setStart] = useState<string | null>(null);
  const [minutes, setMinutes] = useState<number | string>(30);
  const propose = usePerform(view.id);
  const expert = view.task.owner ?? view.invitations.find((one) => one.status === 'accepted')?.owner;
  const expertRole = referenceKey(expert);
  const [inviter, invitee] = [personOf(view.pool, view.task.requester), personOf(view.pool, expert)];
  const instant = other ? (start ? dayjs(start).toISOString() : undefined) : slot?.start;
  const submit = (): void => {
    const input = other ? [{ name: 'start', valueDateTime: instant ?? '' }, { name: 'minutes', valueInteger: Number(minutes) || 30 }] : [{ name: 'slot', valueReference: { reference: `Slot/${slot?.id ?? ''}` } }];
    propose.mutate({ action: 'propose-time', input }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} size="xl" title={<Text fw={650} size="lg" component="span">{t('action.propose-time')}</Text>} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        {expertRole?.startsWith('PractitionerRole/') && !other && <SlotWeek practitionerRole={expertRole} otherZone={[invitee.zone, inviter.zone].find((one) => one !== undefined && one !== zone)} chosen={slot?.id} onChoose={setSlot} />}
        <Group><Button variant="subtle" size="sm" aria-expanded={other} onClick={toggle}>{other ? t('freeTimes') : t('otherTime')}</Button></Group>
        <Collapse expanded={other}>
          <Group align="flex-end" grow><DateTimePicker size="md" label={t('start')} id={id} popoverProps={{ id }} aria-label={[t('start'), start].filter(Boolean).join(' ')} value={start} onChange={setStart} minDate={new Date()} valueFormat="YYYY-MM-DD HH:mm" /><NumberInput label={t('minutes')} value={minutes} onChange={setMinutes} min={5} max={240} step={5} /></Group>
        </Collapse>
        {instant && <TimeInZones when={instant} zones={[inviter, invitee].flatMap((person) => (person.zone ? [{ zone: person.zone, who: person.name }] : []))} />}
        {propose.error && <ErrorNotice error={propose.error} onRetry={submit} />}
        <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('cancel')}</Button><Button disabled={!instant} loading={propose.isPending} onClick={submit}>{t('action.propose-time')}</Button></Group>
      </Stack>
    </Modal>
  );
}
