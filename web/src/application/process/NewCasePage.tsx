import { Button, Group, Stack, Text } from '@mantine/core';
import type { Task } from '@medplum/fhirtypes';
import { useMutation } from '@tanstack/react-query';
import { IconArrowRight } from '@tabler/icons-react';
import { useNavigate, useSearch as useRouteSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asParameters, useFhir } from '../../fhir/index.ts';
import { ErrorNotice, Page, Section } from '../../primitives/index.ts';
import { PatientSelect } from './list/selects.tsx';
import { useApplications } from './presentation.ts';

/** Opens a draft for a patient; from then on nothing that is written can be lost. */
export function NewCasePage() {
  const application = useApplications()[0];
  const { t } = useTranslation(['process', application?.namespace ?? 'process']);
  const client = useFhir();
  const navigate = useNavigate();
  const search = useRouteSearch({ strict: false }) as { patient?: string; expert?: string };
  const [patient, setPatient] = useState(search.patient);
  const open = useMutation({
    mutationFn: async () => {
      const task = await client.operation<Task>('Task/$open-case', asParameters([{ name: 'application', valueCode: application?.code ?? '' }, { name: 'patient', valueReference: { reference: `Patient/${patient ?? ''}` } }]));
      if (search.expert) await client.operation(`Task/${task.id}/$invite`, asParameters([{ name: 'expert', valueReference: { reference: `PractitionerRole/${search.expert}` } }]));
      return task;
    },
    onSuccess: (task) => navigate({ to: `/cases/${task.id}/form`, replace: true }),
  });
  return (
    <Page title={t(`${application?.namespace ?? 'process'}:new`)} width={640}>
      <Section title={t('whom')}>
        <Stack>
          <Text c="dimmed">{t(`${application?.namespace ?? 'process'}:about`)}</Text>
          <PatientSelect value={patient} onChange={setPatient} required />
          {open.error && <ErrorNotice error={open.error} onRetry={() => open.mutate()} />}
          <Group justify="flex-end"><Button rightSection={<IconArrowRight size={20} aria-hidden className="flip-rtl" />} disabled={!patient} loading={open.isPending} onClick={() => open.mutate()}>{t('continue')}</Button></Group>
        </Stack>
      </Section>
    </Page>
  );
}
