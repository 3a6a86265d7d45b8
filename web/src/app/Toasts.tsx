import '@mantine/notifications/styles.css';
import { Notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';

/** Short confirmations at the edge of the screen; errors stay beside what they belong to. */
export function Toasts() {
  const { t } = useTranslation('app');
  return <section aria-label={t('toasts')}><Notifications withinPortal={false} position="top-center" limit={3} containerWidth={420} /></section>;
}
