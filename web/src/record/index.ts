import { IconHeartbeat, IconUsers } from '@tabler/icons-react';
import type { Feature } from '../primitives/index.ts';

export const recordFeature: Feature = {
  routes: [
    { path: '/patients', load: async () => (await import('./PatientsPage.tsx')).PatientsPage },
    { path: '/patients/$id', load: async () => (await import('./PatientPage.tsx')).PatientPage },
    { path: '/my-record', load: async () => (await import('./PatientPage.tsx')).MyRecordPage },
  ],
  links: [
    { to: '/patients', label: 'nav.patients', icon: IconUsers, order: 20, key: 'p', for: (account) => account.role === 'clinician' || account.role === 'coordinator', main: () => true },
    { to: '/my-record', label: 'nav.record', short: 'nav.recordShort', icon: IconHeartbeat, order: 30, key: 'r', for: (account) => account.role === 'patient', main: () => true },
  ],
};
export { PatientName } from './components/PatientName.tsx';
export { classOfResource, dateOfResource, isEcg, materialClasses, titleOfResource, type MaterialClass } from './materials.ts';
export { MaterialView } from './viewers.tsx';
export { patientLine } from './patient-line.ts';
