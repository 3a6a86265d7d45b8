import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { stateColors, type OverallState } from '../vocabulary.ts';

export function StateBadge({ state, size = 'md' }: { state: OverallState; size?: 'md' | 'lg' }) {
  const { t } = useTranslation('process');
  return <Badge color={stateColors[state]} size={size} style={{ flexShrink: 0 }}>{t(`state.${state}`)}</Badge>;
}
