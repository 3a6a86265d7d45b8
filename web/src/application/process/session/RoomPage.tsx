import { Center, Container, Stack, Tabs, Title } from '@mantine/core';
import type { Parameters } from '@medplum/fhirtypes';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Suspense, useCallback, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { asParameters, useFhir } from '../../../fhir/index.ts';
import { ButtonLink, ErrorNotice, Skeletons } from '../../../primitives/index.ts';
import { PatientName } from '../../../record/index.ts';
import { DeviceCheck, Room, type ReadyDevices } from '../../../room/index.ts';
import type { CaseView } from '../case.ts';
import { useCase } from '../hooks.ts';
import { socketUrl, ticketsOf, type Tickets } from './tickets.ts';
import { SideMaterials, type BoardPicture } from './SideMaterials.tsx';
import { Whiteboard, type WhiteboardHandle } from './whiteboard-joint.tsx';

/** Joins the session of a case: devices first, then the ticket, then the room takes the whole window. */
export function RoomPage() {
  const { t } = useTranslation('process');
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const navigate = useNavigate();
  const client = useFhir();
  const view = useCase(id);
  const [devices, setDevices] = useState<ReadyDevices>();
  const [tickets, setTickets] = useState<Tickets>();
  const [error, setError] = useState<unknown>();
  const join = async (ready: ReadyDevices): Promise<void> => {
    setDevices(ready);
    setError(undefined);
    try {
      setTickets(ticketsOf(await client.operation<Parameters>(`Task/${id}/$join-session`, asParameters([]))));
    } catch (reason) {
      setError(reason);
    }
  };
  const frame = (children: ReactNode) => <Center component="main" mih="100dvh" p="md"><Stack maw={560} w="100%"><Title order={1} size="h2">{t('room')}</Title>{children}<ButtonLink to={`/cases/${id}`} variant="default">{t('toCase')}</ButtonLink></Stack></Center>;
  if (!devices) return <Framed><DeviceCheck onReady={(ready) => void join(ready)} /></Framed>;
  if (error !== undefined) return frame(<ErrorNotice error={error} onRetry={() => void join(devices)} />);
  if (!tickets) return frame(<Skeletons rows={2} />);
  return (
    <Room ticket={tickets.ticket} devices={devices} {...socketUrl(tickets.url)} title={view.data?.task.description ?? t('room')} sideLabel={t('sideLabel')}
      {...(view.data ? { side: <Side view={view.data} ticket={tickets.whiteboardTicket} /> } : {})}
      onOver={() => void setTimeout(() => void navigate({ to: `/cases/${id}` }), 2_500)} />
  );
}

function Framed({ children }: { children: ReactNode }) {
  return <Container component="main" size={760} py="lg">{children}</Container>;
}

/** Beside the pictures: the record's materials and the whiteboard. */
function Side({ view, ticket }: { view: CaseView; ticket: string | undefined }) {
  const { t } = useTranslation('process');
  const [tab, setTab] = useState('materials');
  const [board, setBoard] = useState<WhiteboardHandle | null>(null);
  const [picture, setPicture] = useState<BoardPicture>();
  const [error, setError] = useState<unknown>();
  const toBoard = useCallback((next: BoardPicture) => { setError(undefined); setPicture(next); setTab('whiteboard'); }, []);
  // The board may have to be opened first; the picture waits for it.
  useEffect(() => {
    if (!picture || !board?.ready) return;
    setPicture(undefined);
    board.addImage(picture.picture, picture.caption).catch(setError);
  }, [board, picture]);
  return (
    <Tabs value={tab} onChange={(value) => setTab(value ?? 'materials')} keepMounted>
      <Tabs.List grow><Tabs.Tab value="materials">{t('materials')}</Tabs.Tab>{ticket && <Tabs.Tab value="whiteboard">{t('whiteboard')}</Tabs.Tab>}</Tabs.List>
      <Tabs.Panel value="materials" pt="sm" tabIndex={0}><Stack><PatientName id={view.patient?.id} /><SideMaterials view={view} {...(ticket ? { onPicture: toBoard } : {})} /></Stack></Tabs.Panel>
      {ticket && <Tabs.Panel value="whiteboard" pt="sm">{error !== undefined && <ErrorNotice error={error} />}{tab === 'whiteboard' && <Suspense fallback={<Skeletons rows={1} height={320} />}><Whiteboard ref={setBoard} ticket={ticket} height="70dvh" /></Suspense>}</Tabs.Panel>}
    </Tabs>
  );
}
