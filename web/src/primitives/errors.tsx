import { Alert, Button, Group, List, Text } from '@mantine/core';
import { IconAlertTriangle, IconCloudOff, IconLock, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { diagnosticsOf, failureKind, isRetryable } from '../fhir/index.ts';

const icons: Readonly<Record<string, typeof IconLock>> = { 'offline': IconCloudOff, 'sign-in': IconLock, 'forbidden': IconLock };

/** What went wrong in plain words, what to do now, and a way to try again. */
export function ErrorNotice({ error, onRetry, title }: { error: unknown; onRetry?: () => void; title?: string }) {
  const { t } = useTranslation('primitives');
  const kind = failureKind(error);
  const Icon = icons[kind] ?? IconAlertTriangle;
  const details = ['invalid', 'conflict', 'unsupported', 'too-large', 'forbidden'].includes(kind) ? diagnosticsOf(error) : [];
  return (
    <Alert color={kind === 'offline' || kind === 'changed' ? 'orange' : 'red'} icon={<Icon aria-hidden />} title={title ?? t(`error.${kind}.title`)} role="alert">
      <Text size="sm">{t(`error.${kind}.do`)}</Text>
      {details.length > 0 && <List size="sm" mt="xs">{details.slice(0, 5).map((detail) => <List.Item key={detail} dir="auto">{detail}</List.Item>)}</List>}
      {onRetry && (isRetryable(error) || kind === 'changed' || kind === 'conflict') && (
        <Group mt="sm"><Button size="sm" variant="default" leftSection={<IconRefresh size={18} aria-hidden />} onClick={onRetry}>{kind === 'changed' ? t('error.reload') : t('error.retry')}</Button></Group>
      )}
    </Alert>
  );
}
