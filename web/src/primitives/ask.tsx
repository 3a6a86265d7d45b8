import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorNotice } from './errors.tsx';

export interface AskProps {
  readonly opened: boolean;
  readonly title: string;
  readonly text?: ReactNode;
  readonly confirm: string;
  readonly danger?: boolean;
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly error?: unknown;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/** A question before something that others will see; Enter confirms, Escape leaves. */
export function Ask({ opened, title, text, confirm, danger = false, busy = false, disabled = false, error, onConfirm, onClose, children }: AskProps) {
  const { t } = useTranslation('primitives');
  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={650} size="lg" component="span">{title}</Text>} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={(event) => { event.preventDefault(); if (!busy && !disabled) onConfirm(); }}>
        <Stack>
          {text && <Text>{text}</Text>}
          {children}
          {error !== undefined && error !== null && <ErrorNotice error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t('cancel')}</Button>
            <Button type="submit" loading={busy} disabled={disabled} {...(danger ? { color: 'red.9' } : {})}>{confirm}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
