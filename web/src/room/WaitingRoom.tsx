import { Button, Center, Loader, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Shown until a host lets the guest in. */
export function WaitingRoom({ onLeave, about }: { readonly onLeave: () => void; readonly about?: string }) {
  const { t } = useTranslation('room');
  return (
    <Center component="main" className="room-dark room-message">
      <Stack align="center" ta="center" maw={440} p="md">
        <Loader color="bedside.3" aria-hidden />
        <Title order={1}>{t('waiting.title')}</Title>
        <Text role="status">{about ?? t('waiting.about')}</Text>
        <Button variant="default" onClick={onLeave}>{t('waiting.leave')}</Button>
      </Stack>
    </Center>
  );
}
