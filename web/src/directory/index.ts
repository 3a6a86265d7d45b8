import { IconStethoscope } from '@tabler/icons-react';
import type { Feature } from '../primitives/index.ts';

export const directoryFeature: Feature = {
  routes: [
    { path: '/experts', load: async () => (await import('./DirectoryPage.tsx')).DirectoryPage },
    { path: '/experts/$id', load: async () => (await import('./ExpertPage.tsx')).ExpertPage },
  ],
  links: [{ to: '/experts', label: 'nav.directory', icon: IconStethoscope, order: 25, key: 'e', for: (account) => account.role === 'clinician' || account.role === 'coordinator', main: () => true }],
};
