import { Button, Center, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ErrorNotice } from '../primitives/index.ts';

/** The last net: what was written stays in the drafts, and one button brings the screen back. */
export function Crash({ error }: { error: unknown }) {
  const { t } = useTranslation('app');
  const stale = error instanceof TypeError && /dynamically imported module|importing a module/iu.test(error.message);
  return (
    <Center mih="60dvh" p="md">
      <Stack maw={460}>
        <ErrorNotice error={error} title={stale ? t('newVersion') : t('crashed')} />
        <Button onClick={() => location.reload()}>{t('reload')}</Button>
      </Stack>
    </Center>
  );
}
