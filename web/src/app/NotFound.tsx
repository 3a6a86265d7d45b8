import { Center } from '@mantine/core';
import { IconCompassOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ButtonLink, Empty } from '../primitives/index.ts';

export function NotFound() {
  const { t } = useTranslation('app');
  return <Center component="main" mih="60dvh"><Empty icon={IconCompassOff} title={t('notFound')} action={<ButtonLink to="/">{t('toStart')}</ButtonLink>}>{t('notFoundAbout')}</Empty></Center>;
}
