import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Asks a patient before anything of him or her is passed on; the answer is recorded with the case. */
export function ConsentDialog({ opened, onAnswer }: { opened: boolean; onAnswer: (granted: boolean) => void }) {
  const { t } = useTranslation('room');
  const [given, setGiven] = useState<boolean>();
  const answer = (granted: boolean): void => {
    setGiven(granted);
    onAnswer(granted);
  };
  return (
    <Modal opened={opened} onClose={() => undefined} withCloseButton={false} closeOnClickOutside={false} closeOnEscape={false} title={t('consent.title')} transitionProps={{ duration: 0 }}>
      <Stack>
        <Text>{t('consent.about')}</Text>
        <Text>{t('consent.free')}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => answer(false)} loading={given === false}>{t('consent.refuse')}</Button>
          <Button onClick={() => answer(true)} loading={given === true} data-testid="consent-grant">{t('consent.grant')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
