import { Select, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { ParametersParameter } from '@medplum/fhirtypes';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Ask } from '../../../primitives/index.ts';
import type { ActionInput, OfferedAction } from '../actions.ts';
import { personOf, type CaseView } from '../case.ts';
import { usePerform } from '../hooks.ts';

const LONG = new Set(['reason', 'question', 'answer', 'message', 'text', 'result']);

/** A parameter of an operation from what was typed; nothing typed is left out. */
export function parameterOf(input: ActionInput, typed: string | boolean | undefined): ParametersParameter[] {
  if (input.type === 'boolean') return [{ name: input.name, valueBoolean: typed === true }];
  if (typeof typed !== 'string' || typed.trim() === '') return [];
  const text = typed.trim();
  switch (input.type) {
    case 'Reference': return [{ name: input.name, valueReference: { reference: text } }];
    case 'integer': return [{ name: input.name, valueInteger: Number(text) }];
    case 'code': return [{ name: input.name, valueCode: text }];
    case 'date': return [{ name: input.name, valueDate: text }];
    case 'dateTime': return [{ name: input.name, valueDateTime: text }];
    default: return [{ name: input.name, valueString: text }];
  }
}

/** Asks for what an action needs, as the server listed it, and performs it. */
export function ActionDialog({ view, action, danger, onClose }: { view: CaseView; action: OfferedAction; danger: boolean; onClose: () => void }) {
  const { t } = useTranslation('process');
  const [values, setValues] = useState<Readonly<Record<string, string | boolean>>>({});
  const perform = usePerform(view.id);
  const label = t(`action.${action.code}`, { defaultValue: action.code });
  const inputs = action.inputs.filter((input) => !(input.type === 'Reference' && input.name === 'expert' && view.invitations.length < 2));
  const missing = inputs.some((input) => input.min > 0 && input.type !== 'boolean' && String(values[input.name] ?? '').trim() === '');
  const experts = view.invitations.filter((one) => one.status === 'requested').flatMap((one) => (one.owner?.reference ? [{ value: one.owner.reference, label: personOf(view.pool, one.owner).name }] : []));
  return (
    <Ask opened onClose={onClose} title={label} text={t(`ask.${action.code}`, { defaultValue: '' })} confirm={label} danger={danger} busy={perform.isPending} disabled={missing} error={perform.error}
      onConfirm={() => perform.mutate({ action: action.code, input: inputs.flatMap((input) => parameterOf(input, values[input.name])), ifMatch: view.task.meta?.versionId }, { onSuccess: () => { notifications.show({ message: t('done', { what: label }), color: 'green' }); onClose(); } })}>
      <Stack>
        {inputs.map((input, index) => {
          const common = { label: t(`input.${input.name}`, { defaultValue: input.name }), withAsterisk: input.min > 0, ...(index === 0 ? { 'data-autofocus': true } : {}) };
          const set = (value: string | boolean): void => setValues((now) => ({ ...now, [input.name]: value }));
          if (input.type === 'boolean') return <Switch key={input.name} {...common} checked={values[input.name] === true} onChange={(event) => set(event.currentTarget.checked)} />;
          if (input.type === 'Reference') return <Select key={input.name} {...common} data={experts} value={String(values[input.name] ?? '') || null} onChange={(value) => set(value ?? '')} />;
          const Input = LONG.has(input.name) ? Textarea : TextInput;
          return <Input key={input.name} {...common} dir="auto" value={String(values[input.name] ?? '')} onChange={(event) => set(event.currentTarget.value)} maxLength={4_000} />;
        })}
      </Stack>
    </Ask>
  );
}
