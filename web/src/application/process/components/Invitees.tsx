import { Badge, Button, Group, Stack } from '@mantine/core';
import { IconUserPlus, IconUsersGroup, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ButtonLink, Empty, ErrorNotice, Person, Section } from '../../../primitives/index.ts';
import { may, type Offers } from '../actions.ts';
import { personOf, type CaseView } from '../case.ts';
import { usePerform } from '../hooks.ts';

const colors: Readonly<Record<string, string>> = { requested: 'blue', accepted: 'green', rejected: 'red', cancelled: 'gray', completed: 'green' };

/** Who was asked, and what they said. */
export function Invitees({ view, offers, editable }: { view: CaseView; offers: Offers | undefined; editable: boolean }) {
  const { t } = useTranslation('process');
  const perform = usePerform(view.id);
  const shown = view.invitations.filter((one) => one.status !== 'cancelled');
  return (
    <Section title={t('experts')} icon={IconUsersGroup}>
      {shown.length === 0 && <Empty icon={IconUserPlus} title={t('noExperts')}>{editable ? t('noExpertsAbout') : undefined}</Empty>}
      <Stack gap="sm">
        {shown.map((one) => {
          const person = personOf(view.pool, one.owner);
          return <Person key={one.id} name={person.name} about={[person.specialty, person.institution, one.statusReason?.text].filter(Boolean).join(' · ')} end={
            <Group gap="xs" wrap="nowrap">
              <Badge color={colors[one.status ?? ''] ?? 'gray'}>{view.state === 'draft' ? t('invitation.chosen') : t(`invitation.${one.status}`)}</Badge>
              {editable && may(offers, 'uninvite') && one.status === 'requested' && <Button variant="subtle" size="compact-md" loading={perform.isPending} aria-label={t('uninviteName', { name: person.name })} onClick={() => perform.mutate({ action: 'uninvite', input: [{ name: 'expert', valueReference: { reference: one.owner?.reference ?? person.key } }] })}><IconX size={18} aria-hidden /></Button>}
            </Group>} />;
        })}
      </Stack>
      {perform.error && <ErrorNotice error={perform.error} />}
      {editable && may(offers, 'invite') && <Group><ButtonLink to="/experts" search={{ case: view.id, specialty: view.request?.performerType?.coding?.[0]?.code }} variant={shown.length === 0 ? 'filled' : 'default'} leftSection={<IconUserPlus size={20} aria-hidden />}>{t('findExpert')}</ButtonLink></Group>}
    </Section>
  );
}
