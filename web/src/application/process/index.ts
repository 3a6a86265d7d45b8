import { IconBellRinging, IconFileCertificate, IconMessages } from '@tabler/icons-react';
import type { Feature } from '../../primitives/index.ts';

export const processFeature: Feature = {
  routes: [
    { path: '/cases', load: async () => (await import('./list/CaseListPage.tsx')).CaseListPage },
    { path: '/cases/new', load: async () => (await import('./NewCasePage.tsx')).NewCasePage },
    { path: '/cases/$id', load: async () => (await import('./CasePage.tsx')).CasePage },
    { path: '/cases/$id/form', load: async () => (await import('./form/FormPage.tsx')).FormPage },
    { path: '/cases/$id/report', load: async () => (await import('./report/ReportPage.tsx')).ReportPage },
    { path: '/cases/$id/report/write', load: async () => (await import('./report/WriteReportPage.tsx')).WriteReportPage },
    { path: '/cases/$id/room', bare: true, load: async () => (await import('./session/RoomPage.tsx')).RoomPage },
    { path: '/due', load: async () => (await import('./follow-up/DuePage.tsx')).DuePage },
    { path: '/my-reports', load: async () => (await import('./report/MyReportsPage.tsx')).MyReportsPage },
  ],
  links: [
    { to: '/cases', label: 'nav.cases', short: 'nav.casesShort', icon: IconMessages, order: 10, key: 'c', for: (account) => account.role !== 'network-administrator', main: () => true },
    { to: '/my-reports', label: 'nav.reports', short: 'nav.reportsShort', icon: IconFileCertificate, order: 40, key: 'b', for: (account) => account.role === 'patient', main: () => true },
    { to: '/due', label: 'nav.due', icon: IconBellRinging, order: 50, key: 'f', for: (account) => account.role === 'clinician' || account.role === 'coordinator' },
  ],
};
export { ApplicationsProvider, useApplication, useApplications, type ApplicationPresentation } from './presentation.ts';
export { caseIdOf, caseNumber, personOf, regionsOf, stateOf, zoneOf, type CasePerson, type CaseView } from './case.ts';
export { nextStep, offersOf, type OfferedAction, type Offers } from './actions.ts';
export { useCase, useOffers, usePerform } from './hooks.ts';
export { CaseRow } from './list/CaseRow.tsx';
export { StateBadge } from './components/StateBadge.tsx';
export { systems } from './vocabulary.ts';
export { useQuestionnaire } from './form/questionnaires.ts';
export { leaves, optionsOf } from './form/answers.ts';
export { SlotWeek } from './scheduling/SlotWeek.tsx';
export { InstitutionSelect } from './list/selects.tsx';
export { socketUrl, ticketsOf, type Tickets } from './session/tickets.ts';
