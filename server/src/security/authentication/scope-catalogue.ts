import { roomLaunchScope } from '../policy/index.ts';

const actions = ['c', 'r', 'u', 'd', 's'] as const;

/** Every non-empty subset of `cruds` in its order: 31 of them. */
const subsets: readonly string[] = Array.from({ length: 2 ** actions.length - 1 }, (_, index) => actions.filter((_action, bit) => ((index + 1) >> bit) & 1).join(''));

const identity = ['openid', 'fhirUser', 'profile', 'offline_access', 'launch/patient', roomLaunchScope] as const;

/**
 * Every scope that can be asked for. The authorization server knows scopes as a finite set and drops others, as OAuth wants.
 * @see SMART App Launch 2.2, "Scopes for requesting FHIR resources"
 */
export function scopeCatalogue(resourceTypes: readonly string[]): string[] {
  const scopes: string[] = [...identity];
  for (const compartment of ['patient', 'user', 'system']) {
    for (const type of ['*', ...resourceTypes]) {
      for (const subset of subsets) scopes.push(`${compartment}/${type}.${subset}`);
    }
  }
  return scopes;
}

/** What discovery shows of it. */
export const advertisedScopes: readonly string[] = [...identity, 'patient/*.rs', 'user/*.cruds', 'user/*.rs', 'system/*.cruds', 'system/*.rs'];
