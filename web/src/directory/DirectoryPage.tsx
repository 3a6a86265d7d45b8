import { Alert, Badge, Box, Group, Paper, Select, SimpleGrid, Stack, Text, TextInput, VisuallyHidden } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import '@mantine/dates/styles.css';
import { useDebouncedValue } from '@mantine/hooks';
import { IconChevronRight, IconSearch, IconUserOff } from '@tabler/icons-react';
import { useNavigate, useSearch as useRouteSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { InstitutionSelect } from '../application/process/index.ts';
import { useSearch } from '../fhir/index.ts';
import { languages, zoneCity } from '../format/index.ts';
import { Empty, ErrorNotice, Loaded, Page, Person, PlainLink, Stars, TextLink } from '../primitives/index.ts';
import { InviteButton } from './InviteButton.tsx';
import { expertQuery, expertsOf, languageName, speaks, type Expert, type ExpertFilter } from './expert.ts';
import { useFreeOn, useScore, useSpecialties } from './hooks.ts';

/** Finds the right expert; reached from an application, each row can be invited at once. */
export function DirectoryPage() {
  const { t, i18n } = useTranslation('directory');
  const navigate = useNavigate();
  const filter = useRouteSearch({ strict: false }) as ExpertFilter;
  const [name, setName] = useState(filter.name ?? '');
  const [typed] = useDebouncedValue(name, 250);
  const specialties = useSpecialties();
  const query = useSearch('PractitionerRole', expertQuery({ ...filter, name: typed }), { also: ['Practitioner', 'Organization'] });
  const free = useFreeOn(filter.day);
  const set = (change: ExpertFilter): void => { void navigate({ to: '.', search: { ...filter, ...change }, replace: true } as never); };
  const experts = expertsOf(query.data).filter((one) => speaks(one, filter.language) && (!filter.day || free.free.has(`PractitionerRole/${one.id}`) || free.free.has(`Practitioner/${one.practitioner?.id ?? ''}`)));
  return (
    <Page title={t('title')} width={980} before={filter.case ? <TextLink to={`/cases/${filter.case}/form`} size="sm">{t('backToApplication')}</TextLink> : undefined}>
      <Paper withBorder p="md">
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
          <TextInput type="search" label={t('name')} value={name} onChange={(event) => setName(event.currentTarget.value)} leftSection={<IconSearch size={18} aria-hidden />} />
          <Select searchable clearable label={t('specialty')} value={filter.specialty ?? null} onChange={(value) => set({ specialty: value ?? undefined })} data={[...specialties]} nothingFoundMessage={t('noMatch')} />
          <InstitutionSelect value={filter.institution} onChange={(institution) => set({ institution })} />
          <Select clearable label={t('language')} value={filter.language ?? null} onChange={(value) => set({ language: value ?? undefined })} data={languages.map((value) => ({ value, label: languageName(value, i18n.language) }))} />
          <DateInput clearable size="md" label={t('freeOn')} value={filter.day ?? null} minDate={new Date()} onChange={(value) => set({ day: value ?? undefined })} valueFormat="YYYY-MM-DD" />
        </SimpleGrid>
      </Paper>
      {free.error && <ErrorNotice error={free.error} />}
      <Loaded query={query} rows={5}>{() => (experts.length === 0 && !free.isPending ? <Paper withBorder><Empty icon={IconUserOff} title={t('nobody')}>{t('nobodyAbout')}</Empty></Paper> : (
        <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>{experts.map((expert) => <li key={expert.id}><Row expert={expert} caseId={filter.case} specialties={specialties} /></li>)}</Stack>
      ))}</Loaded>
      {free.isPending && <Alert>{t('lookingForTimes')}</Alert>}
      <VisuallyHidden role="status">{query.isSuccess ? t('found', { n: experts.length }) : ''}</VisuallyHidden>
    </Page>
  );
}

function Row({ expert, caseId, specialties }: { expert: Expert; caseId: string | undefined; specialties: readonly { value: string; label: string }[] }) {
  const { i18n } = useTranslation('directory');
  const score = useScore(expert.id);
  const specialty = specialties.find((one) => one.value === expert.specialtyCode)?.label ?? expert.specialty;
  return (
    <Paper withBorder px="md" py="sm">
      <Group gap="sm" wrap="nowrap" align="center">
        <Box className="grow">
          <PlainLink to={`/experts/${expert.id}`} search={{ case: caseId }} className="row-link">
            <Group wrap="nowrap" gap="xs"><Box className="grow"><Person name={expert.name} about={<>{[specialty, expert.institution].filter(Boolean).join(' · ')}<Group gap={6} mt={4}>{expert.languages.map((code) => <Badge key={code} color="gray" size="sm">{languageName(code, i18n.language)}</Badge>)}{expert.zone && <Text size="sm" span>{zoneCity(expert.zone)}</Text>}{score.data && <Stars value={score.data.value} count={score.data.count} />}</Group></>} /></Box>
              {!caseId && <IconChevronRight size={20} aria-hidden className="flip-rtl" style={{ flexShrink: 0 }} />}</Group>
          </PlainLink>
        </Box>
        {caseId && <InviteButton caseId={caseId} expert={expert} />}
      </Group>
    </Paper>
  );
}
