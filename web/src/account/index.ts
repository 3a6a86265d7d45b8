import type { Feature } from '../primitives/index.ts';

export const accountFeature: Feature = { routes: [{ path: '/settings', load: async () => (await import('./SettingsPage.tsx')).SettingsPage }] };
export { useZoneChoice } from './zone-choice.ts';
