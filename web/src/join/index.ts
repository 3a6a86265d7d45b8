import type { Feature } from '../primitives/index.ts';

/** Where the page behind a patient's single-use link leads to. */
export const joinFeature: Feature = { routes: [{ path: '/join', open: true, bare: true, load: async () => (await import('./JoinPage.tsx')).JoinPage }] };
