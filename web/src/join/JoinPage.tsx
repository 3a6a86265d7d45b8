import { Alert, Container, Stack, Text, Title } from '@mantine/core';
import type { Parameters } from '@medplum/fhirtypes';
import { IconLinkOff } from '@tabler/icons-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { socketUrl, ticketsOf, type Tickets } from '../application/process/index.ts';
import { asParameters, createFhirClient } from '../fhir/index.ts';
import { ErrorNotice, Skeletons } from '../primitives/index.ts';
import { DeviceCheck, Room, type ReadyDevices } from '../room/index.ts';
import { codeOf, exchangeCode, LinkRefused, type GuestEntry } from './exchange.ts';

/** A patient comes in by a link: devices, waiting room, room. Nothing else of the system is open to them. */
export function JoinPage() {
  const { t, i18n } = useTranslation('join');
  const [entry, setEntry] = useState<GuestEntry>();
  const [devices, setDevices] = useState<ReadyDevices>();
  const [tickets, setTickets] = useState<Tickets>();
  const [error, setError] = useState<unknown>();
  const [over, setOver] = useState(false);
  const started = useRef(false);
  useEffect(() => {
    if (started.current) return;
    started.current = true;
    const code = codeOf(location.hash);
    // The code works once: it must not stay in the address bar or the history.
    history.replaceState(null, '', '/join');
    if (code) exchangeCode(code).then(setEntry, setError);
    else setError(new LinkRefused());
  }, []);
  const join = async (ready: ReadyDevices): Promise<void> => {
    if (!entry) return;
    setDevices(ready);
    setError(undefined);
    try {
      const client = createFhirClient({ base: '/fhir', token: async () => entry.accessToken, language: () => i18n.language });
      setTickets(ticketsOf(await client.operation<Parameters>(`Task/${entry.caseId}/$join-session`, asParameters([]))));
    } catch (reason) {
      setError(reason);
    }
  };
  if (tickets && devices && !over) return <Room ticket={tickets.ticket} devices={devices} {...socketUrl(tickets.url)} title={t('title')} onOver={() => setOver(true)} />;
  return <Container component="main" size={760} py="lg">{content()}</Container>;

  function content(): ReactNode {
    if (over) return <Stack ta="center" py="xl"><Title order={1}>{t('thanks')}</Title><Text>{t('thanksAbout')}</Text></Stack>;
    if (error instanceof LinkRefused) return <Alert color="orange" icon={<IconLinkOff aria-hidden />} title={<Title order={1} size="h3">{t('refused')}</Title>}>{t('refusedAbout')}</Alert>;
    if (error !== undefined) return <Stack><Title order={1} size="h2">{t('title')}</Title><ErrorNotice error={error} {...(devices ? { onRetry: () => void join(devices) } : {})} /></Stack>;
    if (entry && !devices) return <DeviceCheck onReady={(ready) => void join(ready)} />;
    return <Stack><Title order={1} size="h2">{t('opening')}</Title><Skeletons rows={2} /></Stack>;
  }
}
