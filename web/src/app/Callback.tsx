import { Center, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ButtonLink, ErrorNotice, Skeletons } from '../primitives/index.ts';
import { useSession } from '../session/index.ts';

/** Where the sign-in comes back to. */
export function Callback() {
  const { t } = useTranslation('app');
  const session = useSession();
  const navigate = useNavigate();
  const [error, setError] = useState<unknown>();
  const started = useRef(false);
  useEffect(() => {
    if (started.current) return;
    started.current = true;
    session.complete().then((path) => navigate({ to: path, replace: true }), setError);
  }, [session, navigate]);
  return (
    <Center component="main" mih="100dvh" p="md">
      <Stack maw={420} w="100%">
        {error === undefined ? <><Text ta="center" component="h1">{t('signingIn')}</Text><Skeletons rows={1} /></> : <><ErrorNotice error={error} title={t('signInFailed')} /><ButtonLink to="/">{t('toStart')}</ButtonLink></>}
      </Stack>
    </Center>
  );
}
