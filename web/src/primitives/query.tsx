import { Skeleton, Stack } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorNotice } from './errors.tsx';

/** Grey shapes of the size of what is coming. */
export function Skeletons({ rows = 3, height = 72 }: { rows?: number; height?: number }) {
  const { t } = useTranslation('primitives');
  return (
    <Stack gap="sm" role="status" aria-label={t('loading')}>
      {Array.from({ length: rows }, (_, row) => <Skeleton key={row} height={height} radius="lg" />)}
    </Stack>
  );
}

type Loadable<T> = Pick<UseQueryResult<T>, 'data' | 'error' | 'isPending' | 'refetch'>;

/** Waiting, failed or there: the three faces of everything that comes over the link. Old data stays on the screen when a refresh fails. */
export function Loaded<T>({ query, children, rows = 3, height = 72 }: { query: Loadable<T>; children: (data: T) => ReactNode; rows?: number; height?: number }) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  return <Skeletons rows={rows} height={height} />;
}
