import { Group, Text } from '@mantine/core';
import { IconStar, IconStarFilled } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/index.ts';

/** A score from 1 to 5, as stars and as a number. */
export function Stars({ value, count }: { value: number; count?: number | undefined }) {
  const { t } = useTranslation('primitives');
  const { number } = useFormat();
  const shown = number(value, { maximumFractionDigits: 1 });
  return (
    <Group gap={4} wrap="nowrap" role="img" aria-label={t('stars.of', { value: shown })}>
      {[1, 2, 3, 4, 5].map((star) => (star <= Math.round(value) ? <IconStarFilled key={star} size={16} style={{ color: 'light-dark(#b45309, #fbbf24)' }} aria-hidden /> : <IconStar key={star} size={16} stroke={1.5} aria-hidden />))}
      <Text size="sm" fw={600} component="span" className="number">{shown}</Text>
      {count !== undefined && <Text size="sm" c="dimmed" component="span" className="number">({number(count)})</Text>}
    </Group>
  );
}
