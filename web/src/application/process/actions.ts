import type { Parameters } from '@medplum/fhirtypes';
import { parametersNamed } from '../../fhir/index.ts';

export const caseRoles = ['inviter', 'invitee', 'coordinator', 'patient'] as const;
export type CaseRole = (typeof caseRoles)[number];
export interface ActionInput { readonly name: string; readonly type: string; readonly min: number; readonly max: string }
/** Something the person may do now, as the server says; `blocked` names the need that is not met yet. */
export interface OfferedAction { readonly code: string; readonly primary: boolean; readonly blocked: string | undefined; readonly inputs: readonly ActionInput[] }
export interface Offers { readonly roles: readonly CaseRole[]; readonly actions: readonly OfferedAction[] }

/** Reads the answer of `Task/{id}/$actions`. */
export function offersOf(parameters: Parameters): Offers {
  return {
    roles: parametersNamed(parameters, 'role').flatMap((one) => caseRoles.find((role) => role === (one.valueCode ?? one.valueString)) ?? []),
    actions: parametersNamed(parameters, 'action').flatMap((action) => {
      const part = (name: string) => action.part?.find((one) => one.name === name);
      const code = part('code')?.valueCode ?? part('code')?.valueString;
      if (!code) return [];
      return [{
        code, primary: part('primary')?.valueBoolean === true, blocked: part('blocked')?.valueCode ?? part('blocked')?.valueString,
        inputs: (action.part ?? []).filter((one) => one.name === 'input').map((input): ActionInput => {
          const of = (name: string) => input.part?.find((one) => one.name === name);
          return { name: of('name')?.valueCode ?? of('name')?.valueString ?? '', type: of('type')?.valueCode ?? of('type')?.valueString ?? 'string', min: of('min')?.valueInteger ?? 0, max: of('max')?.valueString ?? '1' };
        }),
      }];
    }),
  };
}

export const offer = (offers: Offers | undefined, code: string): OfferedAction | undefined => offers?.actions.find((action) => action.code === code);
/** Offered and not blocked. */
export const may = (offers: Offers | undefined, code: string): boolean => offers?.actions.some((action) => action.code === code && action.blocked === undefined) === true;
/** The clear next step: the first marked one that can be taken, else the first marked one, so that its reason is shown. */
export const nextStep = (offers: Offers | undefined): OfferedAction | undefined => offers?.actions.find((action) => action.primary && !action.blocked) ?? offers?.actions.find((action) => action.primary);
