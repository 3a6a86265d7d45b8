import { Box, Container, Group } from '@mantine/core';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { Suspense, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DemonstrationMark, PlainLink, Skeletons } from '../../primitives/index.ts';
import { useSessionState } from '../../session/index.ts';
import { useServerInfo } from '../server-info.ts';
import { Welcome } from '../Welcome.tsx';
import { LanguageMenu } from './LanguageMenu.tsx';
import { Logo } from './Logo.tsx';
import { OfflineBanner } from './OfflineBanner.tsx';
import { Shell } from './Shell.tsx';
import { useFocusOnNavigation } from './focus.ts';

/** First thing that Tab reaches: past the navigation to the content. */
function SkipLink() {
  const { t } = useTranslation('app');
  return <a className="skip-link" href="#main">{t('skip')}</a>;
}

/** Screens of a signed-in person, with navigation. */
export function SignedInFrame() {
  return <Guarded>{() => <><SkipLink /><Shell><Content /></Shell></>}</Guarded>;
}

/** A signed-in screen that needs all of the window; it brings its own landmarks. */
export function BareFrame() {
  return <Guarded>{() => <><OfflineBanner /><Content /></>}</Guarded>;
}

/** The same for a guest. */
export function OpenBareFrame() {
  return <><OfflineBanner /><Content /></>;
}

/** Screens for anybody: the check of a report, a patient's link. */
export function OpenFrame() {
  const info = useServerInfo();
  return (
    <>
      <SkipLink />
      <OfflineBanner />
      <Box component="header" className="no-print" bg="var(--mantine-color-body)" style={{ borderBottom: '1px solid var(--bedside-line)' }}>
        <Group justify="space-between" px="md" h={60} wrap="nowrap">
          <PlainLink to="/" className="row-link" aria-label="Bedside"><Logo compact={info?.demonstration === true} /></PlainLink>
          <Group gap="xs" wrap="nowrap">{info?.demonstration && <DemonstrationMark compact />}<LanguageMenu /></Group>
        </Group>
      </Box>
      <Container component="main" id="main" tabIndex={-1} size={760} py="lg" px="md" style={{ outline: 'none' }}><Content /></Container>
    </>
  );
}

function Content() {
  useFocusOnNavigation();
  return <Suspense fallback={<Skeletons />}><Outlet /></Suspense>;
}

function Guarded({ children }: { children: () => ReactNode }) {
  const state = useSessionState();
  const path = useRouterState({ select: (router) => router.location.href });
  if (state.status === 'loading') return <Container size={760} py="xl"><Skeletons /></Container>;
  if (state.status === 'signed-out') return <Welcome returnTo={path} expired={state.expired === true} />;
  return <>{children()}</>;
}
