import type { Parameters, ParametersParameter } from '@medplum/fhirtypes';
import { unprocessable } from '../../kernel/index.ts';
import type { FhirOperation, OperationInput } from '../../resource/fhir/contract.ts';
import type { Accounts } from './accounts.ts';
import type { Account } from './account-rows.ts';
import type { InstitutionAccess } from './institutions.ts';

const text = (input: OperationInput, name: string): string => {
  const found = ((input.body as Parameters | undefined)?.parameter ?? []).find((p) => p.name === name);
  const value = found?.valueString ?? found?.valueId ?? found?.valueCode ?? input.query.get(name) ?? '';
  if (value.trim() === '' || value.length > 500) throw unprocessable('wrong-input', `Parameter ${name} is missing or too long.`, { details: { at: `Parameters.parameter.where(name='${name}')` } });
  return value;
};

function partOf(account: Account): ParametersParameter {
  const institution = account.memberships.find((m) => m.institution)?.institution;
  return {
    name: 'account',
    part: [
      { name: 'id', valueId: account.id }, { name: 'login', valueString: account.login }, { name: 'name', valueString: account.displayName }, { name: 'status', valueCode: account.status },
      ...account.memberships.map((m): ParametersParameter => ({ name: 'role', valueCode: m.role })), ...(institution ? [{ name: 'institution', valueString: institution }] : []),
    ],
  };
}

const named = (name: string, min: number) => ({ name, type: 'string', min, max: '1' });
const done: Parameters = { resourceType: 'Parameters', parameter: [{ name: 'done', valueBoolean: true }] };

/** Administration of accounts and institutions as FHIR operations. Who may do what, and over whom, the services themselves decide. */
export function accountOperations(accounts: Accounts, institutions: InstitutionAccess): FhirOperation[] {
  const base = { level: 'system', affectsState: true } as const;
  return [
    {
      ...base, code: 'accounts', affectsState: false, title: 'Accounts', description: 'The accounts the caller may administer, by name or login, a page at a time.', parameters: [named('text', 0), named('after', 0)],
      run: async (ctx, { query }) => {
        const [search, after] = [query.get('text')?.slice(0, 200), query.get('after')?.slice(0, 500)];
        const page = await accounts.list(ctx, { ...(search ? { text: search } : {}), ...(after ? { after } : {}), limit: 50 });
        return { resourceType: 'Parameters', parameter: [...page.accounts.map(partOf), ...(page.next ? [{ name: 'next', valueString: page.next }] : [])] };
      },
    },
    { ...base, code: 'suspend-account', title: 'Suspend an account', description: 'Ends every sign-in of the account within a second, and refuses new ones.', parameters: [named('account', 1), named('reason', 1)], run: async (ctx, input) => { await accounts.suspend(ctx, text(input, 'account'), text(input, 'reason')); return done; } },
    { ...base, code: 'lift-account', title: 'Lift a suspension', description: 'The account may sign in again.', parameters: [named('account', 1)], run: async (ctx, input) => { await accounts.lift(ctx, text(input, 'account')); return done; } },
    { ...base, code: 'suspend-institution', title: 'Suspend an institution', description: 'Its members cannot act until it is lifted; data stay readable to others.', parameters: [named('institution', 1), named('reason', 1)], run: async (ctx, input) => { await institutions.suspend(ctx, text(input, 'institution'), text(input, 'reason')); return done; } },
    { ...base, code: 'lift-institution', title: 'Lift the suspension of an institution', description: 'Its members may act again.', parameters: [named('institution', 1)], run: async (ctx, input) => { await institutions.lift(ctx, text(input, 'institution')); return done; } },
  ];
}
