import { IconClipboardList, IconShieldCheck, IconUserCog } from '@tabler/icons-react';
import type { Feature } from '../primitives/index.ts';
import { isAdministrator } from '../session/index.ts';

export const adminFeature: Feature = {
  routes: [
    { path: '/admin/conformance', load: async () => (await import('./conformance/ConformancePage.tsx')).ConformancePage },
    { path: '/admin/accounts', load: async () => (await import('./AccountsPage.tsx')).AccountsPage },
    { path: '/admin/audit', load: async () => (await import('./AuditPage.tsx')).AuditPage },
  ],
  links: [
    { to: '/admin/accounts', label: 'nav.accounts', icon: IconUserCog, order: 70, key: 'a', for: isAdministrator, main: () => true },
    { to: '/admin/audit', label: 'nav.audit', icon: IconClipboardList, order: 80, for: isAdministrator },
    { to: '/admin/conformance', label: 'nav.conformance', icon: IconShieldCheck, order: 90, for: isAdministrator },
  ],
};
