import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { matches, useRead, useSearch } from '../../../fhir/index.ts';
import { formatName, useFormat } from '../../../format/index.ts';

interface Props { readonly value: string | undefined; readonly onChange: (id: string | undefined) => void; readonly required?: boolean; readonly error?: string | undefined }

/** A patient, found by typing a part of the name or number. */
export function PatientSelect({ value, onChange, required = false, error }: Props) {
  const { t } = useTranslation('process');
  const { date } = useFormat();
  const [text, setText] = useState('');
  const [typed] = useDebouncedValue(text.split(' · ')[0]?.trim() ?? '', 250);
  const chosen = useRead('Patient', value);
  const found = useSearch('Patient', { ...(typed ? (/\d{3}/.test(typed) ? { identifier: typed } : { name: typed }) : {}), _count: '20', _sort: 'family,given' });
  const patients = [...(chosen.data ? [chosen.data] : []), ...matches(found.data, 'Patient').filter((one) => one.id !== value)];
  return (
    <Select searchable clearable={!required} label={t('filter.patient')} placeholder={t('findPatient')} value={value ?? null} onChange={(id) => onChange(id ?? undefined)} searchValue={text} onSearchChange={setText}
      filter={({ options }) => options} nothingFoundMessage={found.isPending ? '…' : t('nobodyFound')} withAsterisk={required} error={error}
      data={patients.map((one) => ({ value: one.id ?? '', label: [formatName(one.name), one.birthDate ? date(one.birthDate) : ''].filter(Boolean).join(' · ') }))} />
  );
}

/** An institution of the network. */
export function InstitutionSelect({ value, onChange }: Props) {
  const { t } = useTranslation('process');
  const found = useSearch('Organization', { _count: '100', _sort: 'name', type: 'prov' }, { staleTime: 600_000 });
  const data = matches(found.data, 'Organization').map((one) => ({ value: one.id ?? '', label: one.name ?? one.id ?? '' }));
  return <Select searchable clearable label={t('filter.institution')} value={value ?? null} onChange={(id) => onChange(id ?? undefined)} data={data} nothingFoundMessage={t('nobodyFound')} />;
}
