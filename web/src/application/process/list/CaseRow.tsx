import { Badge, Box, Group, Paper, Text } from '@mantine/core';
import type { Task } from '@medplum/fhirtypes';
import { IconChevronRight, IconUrgent } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { referenceId } from '../../../fhir/index.ts';
import { useFormat } from '../../../format/index.ts';
import { PlainLink } from '../../../primitives/index.ts';
import { PatientName } from '../../../record/index.ts';
import { caseNumber, stateOf } from '../case.ts';
import { StateBadge } from '../components/StateBadge.tsx';

/** One case in a list: whom, why, in which state, since when. */
export function CaseRow({ task, next }: { task: Task; next?: string | undefined }) {
  const { t } = useTranslation('process');
  const { relative, dateTime } = useFormat();
  const urgent = task.priority === 'urgent' || task.priority === 'stat' || task.priority === 'asap';
  return (
    <PlainLink to={`/cases/${task.id}`} className="row-link">
      <Paper withBorder px="md" py="sm">
        <Group wrap="nowrap" gap="sm">
          <Box className="grow">
            <Group gap="xs" mb={2}>
              <Text fw={650} component="span"><PatientName id={referenceId(task.for)} display={task.for?.display} /></Text>
              {urgent && <Badge color="red" leftSection={<IconUrgent size={14} aria-hidden />}>{t(`priority.${task.priority}`)}</Badge>}
            </Group>
            {task.description && <Text lineClamp={2} data-own-direction>{task.description}</Text>}
            <Group gap="xs" mt={6}>
              <StateBadge state={stateOf(task)} />
              <Text size="sm" c="dimmed" component="span" title={dateTime(task.lastModified)}>{relative(task.lastModified ?? task.authoredOn)}</Text>
              <Text size="sm" c="dimmed" component="span" className="number" dir="ltr">{caseNumber(task)}</Text>
            </Group>
            {next && <Text mt={6} fw={650} c="bedside" size="sm">{next}</Text>}
          </Box>
          <IconChevronRight size={20} aria-hidden className="flip-rtl" style={{ flexShrink: 0 }} />
        </Group>
      </Paper>
    </PlainLink>
  );
}
