import { Button, Stack, Text, Textarea } from '@mantine/core';
import type { ChatLine } from '@bedside/server/media/protocol/index.ts';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';

const mostCharacters = 2_000;

export function ChatPanel({ lines, ownId, onSend }: { lines: readonly ChatLine[]; ownId: string | undefined; onSend: (text: string) => boolean }) {
  const { t, i18n } = useTranslation('room');
  const [text, setText] = useState('');
  const [failed, setFailed] = useState(false);
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => { end.current?.scrollIntoView({ block: 'nearest' }); }, [lines.length]);
  const time = new Intl.DateTimeFormat(i18n.language, { hour: 'numeric', minute: '2-digit' });
  const send = (): void => {
    const trimmed = text.trim();
    if (trimmed === '') return;
    const sent = onSend(trimmed);
    setFailed(!sent);
    if (sent) setText('');
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <Stack h="100%" gap="sm">
      <div className="room-chat" role="log" aria-label={t('chat.title')} tabIndex={0}>
        {lines.length === 0 && <Text c="dimmed">{t('chat.empty')}</Text>}
        {lines.map((line) => (
          <div key={line.lineId} className="room-line" data-own={line.participantId === ownId || undefined}>
            <Text size="sm" c="dimmed"><span dir="auto">{line.displayName}</span> · <time dateTime={line.sentAt}>{time.format(new Date(line.sentAt))}</time></Text>
            <Text className="room-text" dir="auto">{line.text}</Text>
          </div>
        ))}
        <div ref={end} />
      </div>
      <Textarea label={t('chat.write')} value={text} onChange={(event) => setText(event.currentTarget.value)} onKeyDown={onKey} maxLength={mostCharacters} minRows={2} maxRows={5} error={failed ? t('chat.failed') : undefined} dir="auto" />
      <Button onClick={send} disabled={text.trim() === ''}>{t('chat.send')}</Button>
    </Stack>
  );
}
