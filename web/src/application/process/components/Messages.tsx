import { Box, Button, Group, Paper, Stack, Text, Textarea } from '@mantine/core';
import { IconMessage2, IconSend } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useDraft } from '../../../drafts/index.ts';
import { codeIn, referenceKey } from '../../../fhir/index.ts';
import { useFormat } from '../../../format/index.ts';
import { Empty, ErrorNotice, Section } from '../../../primitives/index.ts';
import { useAccount } from '../../../session/index.ts';
import { may, type Offers } from '../actions.ts';
import { personOf, type CaseView } from '../case.ts';
import { usePerform } from '../hooks.ts';
import { systems } from '../vocabulary.ts';

/** What the sides wrote to each other; it stays with the case. */
export function Messages({ view, offers }: { view: CaseView; offers: Offers | undefined }) {
  const { t } = useTranslation('process');
  const account = useAccount();
  const { dateTime } = useFormat();
  const draft = useDraft(`message.${view.id}`, '');
  const send = usePerform(view.id);
  const messages = view.communications.filter((one) => codeIn(one.category, systems.communication) === 'message');
  const submit = (): void => { if (draft.value.trim()) send.mutate({ action: 'send-message', input: [{ name: 'text', valueString: draft.value.trim() }] }, { onSuccess: () => draft.saved('') }); };
  return (
    <Section title={t('tab.messages')} icon={IconMessage2}>
      {messages.length === 0 && <Empty icon={IconMessage2} title={t('noMessages')} />}
      <Stack gap="sm" role="log" aria-label={t('tab.messages')}>
        {messages.map((one) => {
          const own = referenceKey(one.sender) === account.profile;
          return (
            <Box key={one.id} style={{ alignSelf: own ? 'flex-end' : 'flex-start' }} maw="85%">
              <Paper p="sm" radius="lg" bg={own ? 'light-dark(#dff0f2, #16404a)' : 'light-dark(#f0f3f4, #24303b)'}><Text dir="auto" ta="start" style={{ whiteSpace: 'pre-wrap' }} className="wrap-anywhere">{one.payload?.[0]?.contentString}</Text></Paper>
              <Text size="sm" c="dimmed" px="xs">{own ? t('you') : personOf(view.pool, one.sender).name} · {dateTime(one.sent, { withZone: false })}</Text>
            </Box>
          );
        })}
      </Stack>
      {send.error && <ErrorNotice error={send.error} onRetry={submit} />}
      {may(offers, 'send-message') && (
        <form onSubmit={(event) => { event.preventDefault(); submit(); }}>
          <Stack gap="xs"><Textarea label={t('writeMessage')} value={draft.value} onChange={(event) => draft.set(event.currentTarget.value)} maxLength={4_000} dir="auto" onKeyDown={(event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); submit(); } }} />
            <Group justify="flex-end"><Button type="submit" loading={send.isPending} disabled={!draft.value.trim()} leftSection={<IconSend size={18} aria-hidden className="flip-rtl" />}>{t('action.send-message')}</Button></Group></Stack>
        </form>
      )}
    </Section>
  );
}
