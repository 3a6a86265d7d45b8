import type { OverallState } from '../vocabulary.ts';
import { overallStates, systems } from '../vocabulary.ts';

/** What a list of cases is narrowed by; it lives in the address, so that a filtered list can be kept as a bookmark. */
export interface CaseFilter {
  readonly group?: string | undefined;
  readonly state?: string | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly patient?: string | undefined;
  readonly institution?: string | undefined;
  readonly role?: string | undefined;
}
export const groups: Readonly<Record<string, readonly OverallState[]>> = {
  open: ['draft', 'applied', 'information-requested', 'accepted', 'scheduled', 'in-session', 'held', 'reported'],
  ended: ['closed', 'refused', 'withdrawn', 'cancelled'], all: overallStates,
};

/** The FHIR search that answers a filter. Roles are asked through references that Task has: who requested it, who owns an invitation. */
export function caseQuery(filter: CaseFilter, application: string, practitionerRoles: readonly string[]): Readonly<Record<string, string | readonly string[] | undefined>> {
  const states = overallStates.some((state) => state === filter.state) ? [filter.state ?? ''] : filter.group && filter.group !== 'all' ? groups[filter.group] ?? [] : [];
  const mine = practitionerRoles.map((role) => (role.includes('/') ? role : `PractitionerRole/${role}`)).join(',');
  const dates = [filter.from ? `ge${filter.from}` : '', filter.until ? `le${filter.until}` : ''].filter(Boolean);
  return {
    'code': `${systems.application}|${application}`,
    'business-status': states.length > 0 ? states.map((state) => `${systems.state}|${state}`).join(',') : undefined,
    'authored-on': dates.length > 0 ? dates : undefined,
    'patient': filter.patient ? `Patient/${filter.patient}` : undefined,
    'requester:PractitionerRole.organization': filter.institution ? `Organization/${filter.institution}` : undefined,
    'requester': filter.role === 'inviter' && mine ? mine : undefined,
    '_has:Task:part-of:owner': filter.role === 'invitee' && mine ? mine : undefined,
    '_sort': '-modified', '_count': '40',
  };
}
