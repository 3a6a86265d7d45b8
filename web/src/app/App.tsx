import { DirectionProvider, MantineProvider, useDirection } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider, type AnyRouter } from '@tanstack/react-router';
import type { i18n } from 'i18next';
import { Suspense, useEffect, useState, type ReactNode } from 'react';
import { I18nextProvider, useTranslation } from 'react-i18next';
import { createFhirClient, failureKind, FhirProvider, isRetryable, LiveProvider } from '../fhir/index.ts';
import { directionOf, localeTag, ZoneProvider } from '../format/index.ts';
import { ShortcutsProvider } from '../primitives/index.ts';
import { SessionProvider, useSessionState, type Session } from '../session/index.ts';
import { useZoneChoice } from '../account/index.ts';
import { ApplicationsProvider } from '../application/process/index.ts';
import { teleconsultation } from '../application/teleconsultation/index.ts';
import { NamedControls } from './NamedControls.tsx';
import { theme, variables } from './theme.ts';
import { Toasts } from './Toasts.tsx';

/** Applications that this front end shows; each adds only what differs. */
const applications = [teleconsultation];

const createQueries = (): QueryClient => new QueryClient({
  defaultOptions: {
    queries: { staleTime: 15_000, gcTime: 600_000, retry: (count, error) => count < 2 && isRetryable(error) && failureKind(error) !== 'offline', networkMode: 'offlineFirst' },
    mutations: { retry: false, networkMode: 'always' },
  },
});

export function App({ i18n, session, router }: { i18n: i18n; session: Session; router: AnyRouter }) {
  const [client] = useState(() => createFhirClient({ base: '/fhir', token: session.token, language: () => localeTag(i18n.language).split('-u-')[0] ?? 'en', onUnauthenticated: session.refused }));
  const [queries] = useState(createQueries);
  // Nothing of one person's screens may be left for the next.
  useEffect(() => session.subscribe(() => { if (session.state().status === 'signed-out') queries.clear(); }), [session, queries]);
  return (
    <I18nextProvider i18n={i18n}>
      <DirectionProvider initialDirection={directionOf(i18n.language)} detectDirection={false}>
        <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
          <SessionProvider value={session}>
            <FhirProvider value={client}>
              <QueryClientProvider client={queries}>
                <NamedControls>
                  <ApplicationsProvider value={applications}><Everywhere><RouterProvider router={router} /></Everywhere></ApplicationsProvider>
                  <Toasts />
                </NamedControls>
              </QueryClientProvider>
            </FhirProvider>
          </SessionProvider>
        </MantineProvider>
      </DirectionProvider>
    </I18nextProvider>
  );
}

function Everywhere({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation();
  const { setDirection } = useDirection();
  const state = useSessionState();
  const zone = useZoneChoice();
  useEffect(() => setDirection(directionOf(i18n.language)), [i18n.language, setDirection]);
  return (
    <ZoneProvider value={zone}>
      <LiveProvider enabled={state.status === 'signed-in'}>
        <ShortcutsProvider><Suspense fallback={null}>{children}</Suspense></ShortcutsProvider>
      </LiveProvider>
    </ZoneProvider>
  );
}
