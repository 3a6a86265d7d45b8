/** Code systems of the process; what they mean stands in docs/adr/0003-process-engine.md. */
export const systems = {
  application: 'urn:bedside:application', action: 'urn:bedside:action', caseNumber: 'urn:bedside:case-number', caseTag: 'urn:bedside:case',
  communication: 'urn:bedside:communication', link: 'urn:bedside:case-link', materialClass: 'urn:bedside:material-class', sha256: 'urn:bedside:sha256',
  state: 'urn:bedside:state', task: 'urn:bedside:task', section: 'urn:bedside:report-section', verification: 'urn:bedside:verification-code',
} as const;

export const overallStates = ['draft', 'applied', 'information-requested', 'accepted', 'scheduled', 'in-session', 'held', 'reported', 'closed', 'refused', 'withdrawn', 'cancelled'] as const;
export type OverallState = (typeof overallStates)[number];
export const regions = ['request', 'time', 'session', 'report', 'evaluation', 'follow-up'] as const;
export type Region = (typeof regions)[number];

/** How a state is coloured; the words always stand beside it. */
export const stateColors: Readonly<Record<OverallState, string>> = {
  'draft': 'gray', 'applied': 'blue', 'information-requested': 'orange', 'accepted': 'bedside', 'scheduled': 'bedside', 'in-session': 'green', 'held': 'blue', 'reported': 'green', 'closed': 'gray', 'refused': 'red', 'withdrawn': 'gray', 'cancelled': 'red',
};
