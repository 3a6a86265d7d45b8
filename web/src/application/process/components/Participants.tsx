import { Badge, Stack } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { zoneCity } from '../../../format/index.ts';
import { Person, Section } from '../../../primitives/index.ts';
import { personOf, type CaseView } from '../case.ts';

/** The two sides of a case. */
export function Participants({ view }: { view: CaseView }) {
  const { t } = useTranslation('process');
  const sides = [['inviter', view.task.requester], ['invitee', view.task.owner]] as const;
  return (
    <Section title={t('participants')} icon={IconUsers}>
      <Stack gap="sm">
        {sides.map(([role, reference]) => {
          if (!reference) return null;
          const person = personOf(view.pool, reference);
          return <Person key={role} name={person.name} about={[person.specialty, person.institution, person.zone && zoneCity(person.zone)].filter(Boolean).join(' · ')} end={<Badge color={role === 'inviter' ? 'blue' : 'bedside'}>{t(`role.${role}`)}</Badge>} />;
        })}
      </Stack>
    </Section>
  );
}
