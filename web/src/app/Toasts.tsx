import '@mantine/notifications/styles.css';
import { MantineThemeProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

/** Short confirmations at the edge of the screen; errors stay beside what they belong to. */
export function Toasts() {
  const { t } = useTranslation('app');
  const close = t('close');
  // Mantine gives the button that closes a confirmation no name of its own.
  const named = useMemo(() => ({ components: { Notification: { defaultProps: { closeButtonProps: { 'aria-label': close } } } } }), [close]);
  return <section aria-label={t('toasts')}><MantineThemeProvider theme={named} inherit><Notifications withinPortal={false} position="top-center" limit={3} containerWidth={420} /></MantineThemeProvider></section>;
}
