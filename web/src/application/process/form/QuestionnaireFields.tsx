import { Checkbox, NumberInput, SegmentedControl, Select, SimpleGrid, Stack, Text, Textarea, TextInput, Input } from '@mantine/core';
import { DateInput, DateTimePicker } from '@mantine/dates';
import '@mantine/dates/styles.css';
import type { Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { useMediaQuery } from '@mantine/hooks';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { leaves, optionsOf, translated, type Answers, type Fault } from './answers.ts';

interface Props {
  readonly questionnaire: Questionnaire;
  readonly answers: Answers;
  readonly onChange: (answers: Answers) => void;
  /** Shown at their fields, once the person tried to go on. */
  readonly faults: Readonly<Record<string, Fault>>;
  /** linkIds that stand beside each other on a wide screen. */
  readonly pairs?: readonly (readonly [string, string])[];
}
type Value = string | number | boolean | undefined;

/** A Questionnaire as input fields. @see http://hl7.org/fhir/R4/questionnaire.html */
export function QuestionnaireFields({ questionnaire, answers, onChange, faults, pairs = [] }: Props) {
  const items = leaves(questionnaire.item);
  const seconds = new Set(pairs.map(([, second]) => second));
  const field = (item: QuestionnaireItem) => <Field key={item.linkId} item={item} value={answers[item.linkId ?? '']} fault={faults[item.linkId ?? '']} onChange={(value) => onChange({ ...answers, [item.linkId ?? '']: value })} />;
  return (
    <Stack>
      {items.map((item) => {
        if (seconds.has(item.linkId ?? '')) return null;
        const second = items.find((other) => pairs.some(([first, after]) => first === item.linkId && after === other.linkId));
        return second ? <SimpleGrid key={item.linkId} cols={{ base: 1, sm: 2 }}>{field(item)}{field(second)}</SimpleGrid> : field(item);
      })}
    </Stack>
  );
}

function Field({ item, value, fault, onChange }: { item: QuestionnaireItem; value: Value; fault: Fault | undefined; onChange: (value: Value) => void }) {
  const { t, i18n } = useTranslation('process');
  const label = translated(item, 'text', i18n.language);
  const common = { label, withAsterisk: item.required === true, error: fault ? t(`fault.${fault}`, { n: item.maxLength }) : undefined, id: `field-${item.linkId}` };
  const text = typeof value === 'string' ? value : '';
  const length = item.type === 'text' && item.maxLength && text.length > item.maxLength * 0.8 ? <Text size="sm" span className="number">{text.length} / {item.maxLength}</Text> : undefined;
  switch (item.type) {
    case 'choice': return <Choice item={item} value={text} onChange={onChange} {...common} />;
    case 'text': return <Textarea {...common} description={length} value={text} onChange={(event) => onChange(event.currentTarget.value)} dir="auto" />;
    case 'boolean': return <Checkbox label={label} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} error={common.error} />;
    case 'integer': case 'decimal': return <NumberInput {...common} value={typeof value === 'number' ? value : ''} onChange={(next) => onChange(next === '' ? undefined : Number(next))} allowDecimal={item.type === 'decimal'} />;
    case 'date': return <DateInput {...common} size="md" clearable value={text || null} onChange={(next) => onChange(next ?? undefined)} valueFormat="YYYY-MM-DD" />;
    case 'dateTime': return <InstantInput {...common} value={text} onChange={onChange} />;
    default: return <TextInput {...common} value={text} maxLength={item.maxLength} onChange={(event) => onChange(event.currentTarget.value)} dir="auto" />;
  }
}

interface FieldProps { readonly label: string; readonly withAsterisk: boolean; readonly error: string | undefined; readonly id: string; readonly value: string; readonly onChange: (value: string | undefined) => void }

/** Up to four options lie open, more are in a list that can be searched. */
function Choice({ item, value, onChange, ...common }: FieldProps & { item: QuestionnaireItem }) {
  const { t, i18n } = useTranslation('process');
  const options = optionsOf(item, i18n.language);
  const narrow = useMediaQuery('(max-width: 36em)', false, { getInitialValueInEffect: false });
  if (options.length > 4) return <Select {...common} searchable clearable={!common.withAsterisk} data={options} value={value || null} onChange={(next) => onChange(next ?? undefined)} nothingFoundMessage={t('nobodyFound')} />;
  return (
    <Input.Wrapper size="md" id={common.id} label={common.label} withAsterisk={common.withAsterisk} error={common.error} labelElement="div">
      <SegmentedControl fullWidth orientation={narrow ? 'vertical' : 'horizontal'} data={options} value={value} onChange={onChange} aria-label={common.label} mt={4} withItemsBorders className="segments" />
    </Input.Wrapper>
  );
}

/** An instant, entered in the zone of this device and kept with its offset. */
function InstantInput({ value, onChange, label, error, withAsterisk, id }: FieldProps) {
  const local = value && dayjs(value).isValid() ? dayjs(value).format('YYYY-MM-DD HH:mm:ss') : null;
  // The calendar is a dialog named by this field, which has no text while it is empty.
  return <DateTimePicker size="md" label={label} popoverProps={{ id }} aria-label={[label, local].filter(Boolean).join(' ')} error={error} withAsterisk={withAsterisk} id={id} clearable value={local} onChange={(next) => onChange(next ? dayjs(next).format('YYYY-MM-DDTHH:mm:ssZ') : undefined)} valueFormat="YYYY-MM-DD HH:mm" minDate={new Date()} />;
}
