import type { AccountRole } from './actor.ts';

/** SMART App Launch 2.x resource scopes: `<compartment>/<Type or *>.<subset of cruds in this order>`. */
export interface ResourceScope {
  readonly compartment: 'patient' | 'user' | 'system';
  readonly type: string;
  readonly create: boolean;
  readonly read: boolean;
  readonly update: boolean;
  readonly delete: boolean;
  readonly search: boolean;
}
export type ScopeAction = 'create' | 'read' | 'update' | 'delete' | 'search';

const syntax = /^(patient|user|system)\/(\*|[A-Z][A-Za-z]{1,40})\.(c?r?u?d?s?)$/;

/** Reads one scope; undefined when it is no resource scope (`openid`, `launch/room`, version 1 forms, search-limited forms). @see SMART App Launch 2.2, scopes-and-launch-context */
export function parseResourceScope(text: string): ResourceScope | undefined {
  if (text.length > 80) return undefined;
  const match = syntax.exec(text);
  const [, compartment, type, actions] = match ?? [];
  if (!compartment || !type || !actions) return undefined;
  return {
    compartment: compartment as ResourceScope['compartment'], type,
    create: actions.includes('c'), read: actions.includes('r'), update: actions.includes('u'), delete: actions.includes('d'), search: actions.includes('s'),
  };
}

/** True when `allowed` covers everything that `asked` names. */
export function scopeCovers(allowed: string, asked: string): boolean {
  if (allowed === asked) return true;
  const wide = parseResourceScope(allowed);
  const narrow = parseResourceScope(asked);
  if (!wide || !narrow || wide.compartment !== narrow.compartment) return false;
  if (wide.type !== '*' && wide.type !== narrow.type) return false;
  return (['create', 'read', 'update', 'delete', 'search'] as const).every((action) => wide[action] || !narrow[action]);
}

/** Whether any of the granted scopes allows this on the type. What of it the person may see is decided by grants, not here. */
export const scopeAllows = (scopes: readonly string[], type: string, action: ScopeAction): boolean =>
  scopes.some((text) => {
    const scope = parseResourceScope(text);
    return scope !== undefined && scope[action] && (scope.type === '*' || scope.type === type);
  });

/** The widest resource scopes a role can be given. A clinician or patient who is refused here asked for something the role never has. */
export const scopesOfRole: Readonly<Record<AccountRole, readonly string[]>> = {
  'clinician': ['user/*.cruds', 'patient/*.rs'],
  'coordinator': ['user/*.cruds', 'patient/*.rs'],
  'patient': ['user/*.cruds', 'patient/*.cruds', 'launch/patient'],
  'institution-administrator': ['user/*.cruds'],
  'network-administrator': ['user/*.cruds'],
  'system': ['system/*.cruds'],
};

/** Scope of somebody who came by a single-use link: one room, nothing else. The case follows as `room/<case id>`. */
export const roomLaunchScope = 'launch/room';
export const roomScope = (caseId: string): string => `room/${caseId}`;
/** The case whose room a link admits to, when the scopes are a link's. */
export const roomOfScopes = (scopes: readonly string[]): string | undefined =>
  scopes.includes(roomLaunchScope) ? scopes.find((scope) => scope.startsWith('room/'))?.slice('room/'.length) : undefined;
