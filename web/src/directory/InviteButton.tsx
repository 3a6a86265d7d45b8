import { Button, Stack, Text } from '@mantine/core';
import { IconCheck, IconUserPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useCase, usePerform } from '../application/process/index.ts';
import { diagnosticsOf } from '../fhir/index.ts';
import type { Expert } from './expert.ts';

/** Invites an expert to a case, or says that it has been done. */
export function InviteButton({ caseId, expert }: { caseId: string; expert: Expert }) {
  const { t } = useTranslation(['directory', 'primitives']);
  const found = useCase(caseId);
  const invite = usePerform(caseId);
  const invited = found.data?.invitations.some((one) => one.owner?.reference === `PractitionerRole/${expert.id}` && one.status !== 'cancelled') === true;
  if (invited) return <Button variant="light" disabled leftSection={<IconCheck size={18} aria-hidden />}>{t('invited')}</Button>;
  return (
    <Stack gap={4} align="flex-end">
      <Button loading={invite.isPending} leftSection={<IconUserPlus size={18} aria-hidden />} aria-label={t('inviteName', { name: expert.name })} onClick={() => invite.mutate({ action: 'invite', input: [{ name: 'expert', valueReference: { reference: `PractitionerRole/${expert.id}` } }] })}>{t('invite')}</Button>
      {invite.error && <Text size="sm" c="red" role="alert" maw={220}>{diagnosticsOf(invite.error)[0] ?? t('primitives:error.server.title')}</Text>}
    </Stack>
  );
}
