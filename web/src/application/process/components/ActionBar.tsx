import { Box, Button, Group, Menu, Paper, Text, Title } from '@mantine/core';
import { IconArrowRight, IconDots, IconHourglass } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OfferedAction, Offers } from '../actions.ts';
import { barOf, placeOf } from '../action-places.ts';
import type { CaseView } from '../case.ts';
import { ActionDialog } from './ActionDialog.tsx';
import { PatientLink } from '../session/PatientLink.tsx';
import { TimeDialog } from '../scheduling/TimeDialog.tsx';

/** What can be done now, drawn from the server's answer: one clear next step, the rest beside it. */
export function ActionBar({ view, offers, onTab }: { view: CaseView; offers: Offers; onTab: (tab: string) => void }) {
  const { t } = useTranslation('process');
  const navigate = useNavigate();
  const [asked, setAsked] = useState<OfferedAction>();
  const { primary, others } = barOf(offers.actions);
  const open = (action: OfferedAction): void => {
    const place = placeOf(action);
    if (place.kind === 'page') void navigate({ to: `/cases/${view.id}${place.path}` });
    else if (place.kind === 'tab') onTab(place.tab);
    else setAsked(action);
  };
  const label = (action: OfferedAction): string => (action.code === 'save-form' && view.state !== 'draft' ? t('changeForm') : t(`action.${action.code}`, { defaultValue: action.code }));
  const shown = others.slice(0, 3);
  const more = others.slice(3);
  const place = asked && placeOf(asked);
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} bg="light-dark(#e6f6f7, #12343c)" component="section" aria-labelledby="next-step" className="no-print">
      <Group justify="space-between" gap="md">
        <Box className="grow" miw={220}>
          <Title order={2} id="next-step">{primary && !primary.blocked ? t('nextStep') : t('waitingForOthers')}</Title>
          <Text>{primary?.blocked ? t(`blocked.${primary.blocked}`, { defaultValue: t('blocked.other') }) : primary ? t(`hint.${primary.code}`, { defaultValue: t(`stateHint.${view.state}`) }) : t(`stateHint.${view.state}`)}</Text>
        </Box>
        {primary && !primary.blocked && <Button size="lg" onClick={() => open(primary)} rightSection={<IconArrowRight size={22} aria-hidden className="flip-rtl" />}>{label(primary)}</Button>}
        {primary?.blocked && <Box c="dimmed" lh={0}><IconHourglass size={34} stroke={1.4} aria-hidden /></Box>}
      </Group>
      {others.length > 0 && (
        <Group gap="xs" mt="md">
          {shown.map((action) => <Button key={action.code} variant="default" size="sm" disabled={action.blocked !== undefined} title={action.blocked ? t(`blocked.${action.blocked}`, { defaultValue: t('blocked.other') }) : undefined} onClick={() => open(action)}>{label(action)}</Button>)}
          {more.length > 0 && (
            <Menu position="bottom-start" withinPortal>
              <Menu.Target><Button variant="subtle" size="sm" leftSection={<IconDots size={18} aria-hidden />}>{t('moreActions')}</Button></Menu.Target>
              <Menu.Dropdown>{more.map((action) => <Menu.Item key={action.code} disabled={action.blocked !== undefined} onClick={() => open(action)}>{label(action)}</Menu.Item>)}</Menu.Dropdown>
            </Menu>
          )}
        </Group>
      )}
      {asked && place?.kind === 'dialog' && <ActionDialog view={view} action={asked} danger={place.danger === true} onClose={() => setAsked(undefined)} />}
      {asked && place?.kind === 'time' && <TimeDialog view={view} onClose={() => setAsked(undefined)} />}
      {asked && place?.kind === 'patient-link' && <PatientLink caseId={view.id} onClose={() => setAsked(undefined)} />}
    </Paper>
  );
}
