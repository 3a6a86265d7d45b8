import { Badge, Group, Paper, SimpleGrid } from '@mantine/core';
import { IconCalendarTime, IconMessagePlus, IconStar, IconUser } from '@tabler/icons-react';
import { useParams, useSearch as useRouteSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { SlotWeek } from '../application/process/index.ts';
import { isDemonstration, useSearch } from '../fhir/index.ts';
import { zoneCity } from '../format/index.ts';
import { ButtonLink, DemonstrationMark, Empty, Fact, Loaded, Markdown, Page, Person, Section, Stars, TextLink } from '../primitives/index.ts';
import { useAccount } from '../session/index.ts';
import { InviteButton } from './InviteButton.tsx';
import { expertsOf, languageName, type Expert } from './expert.ts';
import { useScore, useSpecialties } from './hooks.ts';

/** An expert's page: who this is, when there is time, how others found it. */
export function ExpertPage() {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const query = useSearch('PractitionerRole', { _id: id, _include: ['PractitionerRole:practitioner', 'PractitionerRole:organization'] }, { also: ['Practitioner', 'Organization'] });
  return <Loaded query={query} rows={3} height={120}>{(bundle) => { const expert = expertsOf(bundle)[0]; return expert ? <Details expert={expert} /> : <Missing />; }}</Loaded>;
}
function Missing() {
  const { t } = useTranslation('directory');
  return <Page title={t('title')}><Empty title={t('nobody')} /></Page>;
}

function Details({ expert }: { expert: Expert }) {
  const { t, i18n } = useTranslation('directory');
  const account = useAccount();
  const search = useRouteSearch({ strict: false }) as { case?: string };
  const score = useScore(expert.id);
  const specialty = useSpecialties().find((one) => one.value === expert.specialtyCode)?.label ?? expert.specialty;
  const mine = account.practitionerRoles.some((role) => role.endsWith(expert.id));
  return (
    <Page title={expert.name} width={980} before={<TextLink to="/experts" search={{ case: search.case }} size="sm">{t('title')}</TextLink>}
      actions={search.case ? <InviteButton caseId={search.case} expert={expert} /> : account.role === 'clinician' && !mine ? <ButtonLink to="/cases/new" search={{ expert: expert.id }} leftSection={<IconMessagePlus size={20} aria-hidden />}>{t('ask')}</ButtonLink> : undefined}>
      <Paper withBorder p="md"><Group justify="space-between"><Person size={64} name={expert.name} about={[specialty, expert.institution].filter(Boolean).join(' · ')} />{isDemonstration(expert.role) && <DemonstrationMark />}</Group></Paper>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Section title={t('profile')} icon={IconUser}>
          {expert.profile ? <Markdown text={expert.profile} /> : null}
          <SimpleGrid cols={2}>
            <Fact label={t('languages')}>{expert.languages.map((code) => <Badge key={code} color="gray" mr={6}>{languageName(code, i18n.language)}</Badge>)}</Fact>
            <Fact label={t('qualification')}>{expert.titles.join(', ')}</Fact>
            {expert.zone && <Fact label={t('place')}>{zoneCity(expert.zone)}</Fact>}
          </SimpleGrid>
        </Section>
        <Section title={t('score')} icon={IconStar}>{score.data ? <Stars value={score.data.value} count={score.data.count} /> : <Empty title={t('noScore')} />}</Section>
      </SimpleGrid>
      <Section title={t('freeTimes')} icon={IconCalendarTime}><SlotWeek practitionerRole={`PractitionerRole/${expert.id}`} otherZone={expert.zone} /></Section>
    </Page>
  );
}
