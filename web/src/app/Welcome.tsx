import { Box, Button, Container, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconFileCertificate, IconLogin2, IconStethoscope, IconVideo } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DemonstrationMark, ErrorNotice } from '../primitives/index.ts';
import { useSession } from '../session/index.ts';
import { useServerInfo } from './server-info.ts';
import { LanguageMenu } from './shell/LanguageMenu.tsx';
import { Logo } from './shell/Logo.tsx';

/** What a stranger sees: what this is, in which language, and one button. */
export function Welcome({ returnTo, expired }: { returnTo: string; expired: boolean }) {
  const { t } = useTranslation('app');
  const session = useSession();
  const info = useServerInfo();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  useDocumentTitle('Bedside');
  const start = (): void => {
    setBusy(true);
    setError(undefined);
    session.signIn(returnTo).catch((reason: unknown) => { setError(reason); setBusy(false); });
  };
  const points = [[IconStethoscope, t('welcome.ask')], [IconVideo, t('welcome.meet')], [IconFileCertificate, t('welcome.report')]] as const;
  return (
    <Box mih="100dvh" style={{ display: 'flex', flexDirection: 'column' }}>
      <Group component="header" justify="space-between" px="md" h={64}><Logo /><LanguageMenu /></Group>
      <Container component="main" id="main" size={560} w="100%" px="md" py="xl" style={{ flex: 1 }}>
        <Paper withBorder p={{ base: 'lg', sm: 40 }}>
          <Stack gap="lg">
            {info?.demonstration && <Group><DemonstrationMark /></Group>}
            <Box><Title order={1} fz="1.9rem">{t('welcome.title')}</Title><Text mt="xs" c="dimmed" size="lg">{t('welcome.about')}</Text></Box>
            {expired && <Text role="status" fw={600}>{t('welcome.expired')}</Text>}
            {error !== undefined && <ErrorNotice error={error} title={t('signInFailed')} />}
            <Button size="lg" loading={busy} onClick={start} leftSection={<IconLogin2 size={22} aria-hidden />}>{t('signIn')}</Button>
            <Stack gap="sm" mt="xs">
              {points.map(([Icon, words]) => <Group key={words} gap="sm" wrap="nowrap"><Box c="bedside" lh={0}><Icon size={26} stroke={1.6} aria-hidden /></Box><Text>{words}</Text></Group>)}
            </Stack>
            <Button component="a" href="/verify" variant="subtle">{t('welcome.verify')}</Button>
          </Stack>
        </Paper>
      </Container>
    </Box>
  );
}
