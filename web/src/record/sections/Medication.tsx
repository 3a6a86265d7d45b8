import { Badge, Box, Group, Stack, Text } from '@mantine/core';
import type { MedicationRequest, MedicationStatement } from '@medplum/fhirtypes';
import { IconPill } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { conceptText, matches, ofType, resolve, useSearch } from '../../fhir/index.ts';
import { useFormat } from '../../format/index.ts';
import { Empty, Loaded, Section } from '../../primitives/index.ts';

interface Line { readonly id: string; readonly name: string; readonly dose: string; readonly when: string | undefined; readonly active: boolean }

const dose = (resource: MedicationRequest | MedicationStatement): string => {
  const first = (resource.resourceType === 'MedicationRequest' ? resource.dosageInstruction : resource.dosage)?.[0];
  if (!first) return '';
  const quantity = first.doseAndRate?.[0]?.doseQuantity;
  const repeat = first.timing?.repeat;
  const rhythm = repeat?.frequency && repeat.period ? `${repeat.frequency} × / ${repeat.period} ${repeat.periodUnit ?? ''}` : '';
  return first.text ?? [quantity ? `${quantity.value ?? ''} ${quantity.unit ?? ''}`.trim() : '', rhythm].filter(Boolean).join(', ');
};

/** What the patient takes, and took. */
export function Medication({ patientId, only }: { patientId: string; only?: number }) {
  const { t } = useTranslation('record');
  const requests = useSearch('MedicationRequest', { patient: `Patient/${patientId}`, _sort: '-authoredon', _count: '200', _include: 'MedicationRequest:medication' }, { also: ['Medication'] });
  const statements = useSearch('MedicationStatement', { patient: `Patient/${patientId}`, _count: '200' });
  return (
    <Section title={only ? t('currentMedication') : t('part.medication')} icon={IconPill}>
      <Loaded query={requests} height={48}>{(bundle) => {
        const pool = ofType(bundle, 'Medication');
        const name = (resource: MedicationRequest | MedicationStatement): string => conceptText(resource.medicationCodeableConcept) ?? conceptText(resolve(pool, 'Medication', resource.medicationReference)?.code) ?? resource.medicationReference?.display ?? '–';
        const lines: Line[] = [
          ...matches(bundle, 'MedicationRequest').map((one): Line => ({ id: one.id ?? '', name: name(one), dose: dose(one), when: one.authoredOn, active: one.status === 'active' || one.status === 'on-hold' })),
          ...matches(statements.data, 'MedicationStatement').map((one): Line => ({ id: one.id ?? '', name: name(one), dose: dose(one), when: one.effectivePeriod?.start ?? one.effectiveDateTime, active: one.status === 'active' })),
        ];
        // The same prescription renewed is one line: the newest speaks.
        const unique = lines.filter((line, index) => lines.findIndex((other) => other.name === line.name && other.active === line.active) === index);
        const active = unique.filter((line) => line.active);
        const past = unique.filter((line) => !line.active && !active.some((other) => other.name === line.name));
        if (unique.length === 0 || (only && active.length === 0)) return <Empty title={t('noMedication')} />;
        return <Stack gap="sm"><Lines lines={only ? active.slice(0, only) : active} />{only && active.length > only && <Text c="dimmed" size="sm">{t('andMore', { n: active.length - only })}</Text>}
          {!only && past.length > 0 && <><Text fw={600} component="h3" mt="sm">{t('pastMedication')}</Text><Lines lines={past} /></>}</Stack>;
      }}</Loaded>
    </Section>
  );
}

function Lines({ lines }: { lines: readonly Line[] }) {
  const { t } = useTranslation('record');
  const { date } = useFormat();
  return (
    <Stack component="ul" gap={10} p={0} m={0} style={{ listStyle: 'none' }}>
      {lines.map((line) => (
        <Group key={line.id} component="li" justify="space-between" wrap="nowrap" gap="xs" align="flex-start">
          <Box className="grow">
            <Text fw={line.active ? 600 : 400} data-own-direction className="wrap-anywhere">{line.name}</Text>
            <Text size="sm" c="dimmed"><span dir="auto">{line.dose}</span>{line.dose && line.when ? ' · ' : ''}{line.when ? t('since', { date: date(line.when) }) : ''}</Text>
          </Box>
          {!line.active && <Badge color="gray">{t('stopped')}</Badge>}
        </Group>
      ))}
    </Stack>
  );
}
