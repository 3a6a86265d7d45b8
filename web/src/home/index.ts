import { IconHome2 } from '@tabler/icons-react';
import type { Feature } from '../primitives/index.ts';

export const homeFeature: Feature = {
  routes: [{ path: '/', load: async () => (await import('./HomePage.tsx')).HomePage }],
  links: [{ to: '/', label: 'nav.home', icon: IconHome2, order: 0, key: 'h', for: () => true, main: () => true }],
};
