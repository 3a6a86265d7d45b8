import '@mantine/notifications/styles.css';
import { Notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';

/** Short confirmations at the edge of the screen; errors stay beside what they belong to. */
export function Toasts() {
  const { t } = useTranslation('app');
  return <Notifications position="top-center" limit={3} containerWidth={420} aria-label={t('toasts')} />;
}
