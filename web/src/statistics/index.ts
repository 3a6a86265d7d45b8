import { IconReportAnalytics } from '@tabler/icons-react';
import type { Feature } from '../primitives/index.ts';
import { isStaff } from '../session/index.ts';

export const statisticsFeature: Feature = {
  routes: [{ path: '/statistics', load: async () => (await import('./StatisticsPage.tsx')).StatisticsPage }],
  links: [{ to: '/statistics', label: 'nav.statistics', short: 'nav.statisticsShort', icon: IconReportAnalytics, order: 60, key: 's', for: isStaff, main: (account) => account.role === 'institution-administrator' || account.role === 'network-administrator' }],
};
