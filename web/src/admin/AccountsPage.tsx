import { Badge, Button, Group, Paper, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { Parameters, ParametersParameter } from '@medplum/fhirtypes';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { IconSearch, IconUserOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asParameters, parameter, parametersNamed, useFhir } from '../fhir/index.ts';
import { Ask, Empty, ErrorNotice, Page, Person, Skeletons } from '../primitives/index.ts';
import { useAccount } from '../session/index.ts';

interface AccountRow { readonly id: string; readonly login: string; readonly name: string; readonly status: string; readonly roles: readonly string[]; readonly institution: string | undefined }
const KEY = ['fhir', ['Account'], 'accounts'] as const;

function rowOf(account: ParametersParameter): AccountRow {
  const all = (name: string): string[] => (account.part ?? []).filter((one) => one.name === name).flatMap((one) => one.valueString ?? one.valueCode ?? one.valueId ?? []);
  return { id: all('id')[0] ?? '', login: all('login')[0] ?? '', name: all('name')[0] ?? '', status: all('status')[0] ?? 'active', roles: all('role'), institution: all('institution')[0] };
}

/** Who may sign in; suspending ends every session within a second. */
export function AccountsPage() {
  const { t } = useTranslation(['admin', 'app']);
  const client = useFhir();
  const own = useAccount();
  const [text, setText] = useState('');
  const [typed] = useDebouncedValue(text, 250);
  const query = useInfiniteQuery({
    queryKey: [...KEY, typed], initialPageParam: '', getNextPageParam: (last: Parameters) => parameter(last, 'next')?.valueString,
    queryFn: ({ signal, pageParam }) => client.operation<Parameters>('$accounts', undefined, { signal, query: { text: typed || undefined, after: pageParam || undefined } }),
  });
  const rows = (query.data?.pages ?? []).flatMap((page) => parametersNamed(page, 'account').map(rowOf));
  return (
    <Page title={t('accounts')} width={900}>
      <TextInput type="search" label={t('search')} value={text} onChange={(event) => setText(event.currentTarget.value)} leftSection={<IconSearch size={18} aria-hidden />} />
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeletons rows={5} />}
      {query.isSuccess && rows.length === 0 && <Paper withBorder><Empty icon={IconUserOff} title={t('nothing')} /></Paper>}
      <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>{rows.map((row) => <li key={row.id}><Row row={row} own={row.id === own.id} /></li>)}</Stack>
      {query.hasNextPage && <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('more')}</Button>}
    </Page>
  );
}

function Row({ row, own }: { row: AccountRow; own: boolean }) {
  const { t } = useTranslation(['admin', 'app']);
  const client = useFhir();
  const queries = useQueryClient();
  const [asked, setAsked] = useState(false);
  const [reason, setReason] = useState('');
  const suspended = row.status === 'suspended';
  const change = useMutation({
    mutationFn: () => client.operation(suspended ? '$lift-account' : '$suspend-account', asParameters([{ name: 'account', valueId: row.id }, ...(suspended ? [] : [{ name: 'reason', valueString: reason.trim() }])])),
    onSuccess: () => { setAsked(false); setReason(''); return queries.invalidateQueries({ queryKey: [...KEY] }); },
  });
  const label = suspended ? t('lift') : t('suspend');
  return (
    <Paper withBorder px="md" py="sm">
      <Group wrap="nowrap" gap="sm">
        <div className="grow"><Person name={row.name} about={<Group gap={6}><Text size="sm" span dir="ltr">{row.login}</Text>{row.roles.map((role) => <Badge key={role} color="gray" size="sm">{t(`app:role.${role}`, { defaultValue: role })}</Badge>)}{suspended && <Badge color="red" size="sm">{t('suspended')}</Badge>}</Group>} /></div>
        {!own && <Button size="sm" variant="default" onClick={() => setAsked(true)} aria-label={`${label}: ${row.name}`}>{label}</Button>}
      </Group>
      <Ask opened={asked} onClose={() => setAsked(false)} title={label} text={row.name} confirm={label} danger={!suspended} busy={change.isPending} disabled={!suspended && reason.trim() === ''} error={change.error} onConfirm={() => change.mutate()}>
        {!suspended && <TextInput label={t('reason')} withAsterisk value={reason} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus dir="auto" />}
      </Ask>
    </Paper>
  );
}
