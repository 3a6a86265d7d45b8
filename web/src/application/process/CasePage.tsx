import { Alert, Badge, Box, Group, SimpleGrid, Stack, Tabs, Text } from '@mantine/core';
import { IconUrgent } from '@tabler/icons-react';
import { useNavigate, useParams, useSearch as useRouteSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isDemonstration } from '../../fhir/index.ts';
import { DemonstrationMark, ErrorNotice, Loaded, Page, Skeletons, TextLink } from '../../primitives/index.ts';
import { PatientName } from '../../record/index.ts';
import type { Offers } from './actions.ts';
import type { CaseView } from './case.ts';
import { ActionBar } from './components/ActionBar.tsx';
import { CaseOverview } from './components/CaseOverview.tsx';
import { CaseHistory } from './components/CaseHistory.tsx';
import { Messages } from './components/Messages.tsx';
import { StateBadge } from './components/StateBadge.tsx';
import { StatePicture } from './components/StatePicture.tsx';
import { FollowUp } from './follow-up/FollowUp.tsx';
import { Evaluation } from './follow-up/Evaluation.tsx';
import { useCase, useOffers, useOffersBeside } from './hooks.ts';
import { MaterialDesk } from './materials/MaterialDesk.tsx';
import { Packages } from './materials/Packages.tsx';
import { ReportPanel } from './report/ReportPanel.tsx';

const tabs = ['case', 'materials', 'messages', 'report', 'follow-up', 'history'] as const;
type Tab = (typeof tabs)[number];

/** One case: where it stands, what to do next, and everything that belongs to it. */
export function CasePage() {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const found = useCase(id);
  const offers = useOffers(id);
  const beside = useOffersBeside(found.isFetching, offers.data);
  return <Loaded query={found} rows={4} height={120}>{(view) => <Case view={view} offers={beside} offersError={offers.error} onRetry={() => void offers.refetch()} />}</Loaded>;
}

function Case({ view, offers, offersError, onRetry }: { view: CaseView; offers: Offers | undefined; offersError: Error | null; onRetry: () => void }) {
  const { t } = useTranslation('process');
  const navigate = useNavigate();
  const search = useRouteSearch({ strict: false }) as { tab?: string };
  const tab: Tab = tabs.find((one) => one === search.tab) ?? 'case';
  const show = (next: string | null): void => { void navigate({ to: '.', search: { tab: next ?? 'case' }, replace: true, resetScroll: false } as never); };
  const urgent = view.task.priority === 'urgent' || view.task.priority === 'stat' || view.task.priority === 'asap';
  const content: Readonly<Record<Tab, () => ReactNode>> = {
    'case': () => <CaseOverview view={view} offers={offers} />,
    'materials': () => <Stack gap="lg"><MaterialDesk view={view} offers={offers} /><Packages view={view} offers={offers} /></Stack>,
    'messages': () => <Messages view={view} offers={offers} />,
    'report': () => <ReportPanel view={view} offers={offers} />,
    'follow-up': () => <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg"><FollowUp view={view} offers={offers} /><Evaluation view={view} offers={offers} /></SimpleGrid>,
    'history': () => <CaseHistory view={view} />,
  };
  return (
    <Page title={view.task.description ?? t('case')} before={<TextLink to="/cases" size="sm">{t('cases')}</TextLink>}
      subtitle={<Group gap="xs" mt={4}><TextLink to={`/patients/${view.patient?.id ?? ''}`} fw={650}><PatientName id={view.patient?.id} /></TextLink><StateBadge state={view.state} />{urgent && <Badge color="red" leftSection={<IconUrgent size={14} aria-hidden />}>{t(`priority.${view.task.priority}`)}</Badge>}<Text size="sm" dir="ltr" className="number">{view.number}</Text>{isDemonstration(view.patient) && <DemonstrationMark compact />}</Group>}>
      <StatePicture application={view.application} state={view.state} />
      {view.task.statusReason?.text && <Alert color="orange" title={t(`state.${view.state}`)}><Text dir="auto" ta="start">{view.task.statusReason.text}</Text></Alert>}
      {offersError ? <ErrorNotice error={offersError} onRetry={onRetry} /> : offers ? <ActionBar view={view} offers={offers} onTab={show} /> : <Skeletons rows={1} height={110} />}
      <Tabs value={tab} onChange={show} keepMounted={false} activateTabWithKeyboard={false}>
        <Box className="scroll-x no-print" mx={{ base: -16, md: 0 }} px={{ base: 16, md: 0 }} pb={4}>
          <Tabs.List style={{ flexWrap: 'nowrap', minWidth: 'max-content' }} aria-label={t('caseParts')}>{tabs.map((one) => <Tabs.Tab key={one} value={one} fz="md" py="sm">{t(`tab.${one}`)}</Tabs.Tab>)}</Tabs.List>
        </Box>
        {tabs.map((one) => <Tabs.Panel key={one} value={one} pt="md" tabIndex={0}>{one === tab && content[one]()}</Tabs.Panel>)}
      </Tabs>
    </Page>
  );
}
