import { Box, Group, Text } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useApplication } from '../presentation.ts';
import type { OverallState } from '../vocabulary.ts';
import classes from './StatePicture.module.css';

const ended: readonly OverallState[] = ['refused', 'withdrawn', 'cancelled'];
/** Where a case that leaves the ordinary course stands in it. */
const place: Partial<Readonly<Record<OverallState, OverallState>>> = { 'information-requested': 'applied', 'refused': 'applied', 'withdrawn': 'applied', 'cancelled': 'accepted' };

/** The course of a case as a row of steps: done, now, to come. */
export function StatePicture({ application, state }: { application: string; state: OverallState }) {
  const { t } = useTranslation('process');
  const { steps } = useApplication(application);
  const stopped = ended.includes(state);
  const at = steps.indexOf(place[state] ?? state);
  return (
    <Box component="ol" className={classes['steps']} aria-label={t('course')}>
      {steps.map((step, index) => {
        const kind = index < at || state === 'closed' ? 'done' : index === at ? (stopped ? 'stopped' : 'now') : 'next';
        return (
          <li key={step} className={classes['step']} data-kind={kind} aria-current={kind === 'now' ? 'step' : undefined}>
            <span className={classes['dot']} aria-hidden="true">{kind === 'done' ? <IconCheck size={16} stroke={3} /> : kind === 'stopped' ? <IconX size={16} stroke={3} /> : index + 1}</span>
            <Group gap={4} component="span"><Text component="span" size="sm" fw={kind === 'now' || kind === 'stopped' ? 700 : 400}>{kind === 'now' || kind === 'stopped' ? t(`state.${state}`) : t(`state.${step}`)}</Text></Group>
          </li>
        );
      })}
    </Box>
  );
}
