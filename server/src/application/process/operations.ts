import type { Parameters, ParametersParameter } from '@medplum/fhirtypes';
import { unprocessable } from '../../kernel/index.ts';
import type { FhirOperation } from '../../resource/fhir/contract.ts';
import type { ParameterDefinition } from './definition.ts';
import type { ProcessEngine } from './engine.ts';
import { readInput } from './input.ts';

const opening: readonly ParameterDefinition[] = [
  { name: 'application', type: 'code', min: 1, max: '1' },
  { name: 'patient', type: 'Reference', min: 1, max: '1' },
];
const documented = (p: ParameterDefinition) => ({ name: p.name, type: p.type === 'Resource' ? 'Resource' : p.type === 'part' ? 'Element' : p.type, min: p.min, max: p.max });

/** What the applications do, as FHIR operations on Task: one per action code, whatever the applications that have it. */
export function processOperations(engine: ProcessEngine): FhirOperation[] {
  const actions = new Map<string, readonly ParameterDefinition[]>();
  for (const definition of engine.definitions) for (const a of definition.actions) actions.set(a.code, a.input ?? []);
  return [
    {
      code: 'open-case', level: 'type', type: 'Task', affectsState: true, title: 'Open a case',
      description: 'Opens a draft case of an application for a patient; answers the case.', parameters: opening.map(documented),
      run: async (ctx, { body }) => {
        const input = readInput(body, opening);
        return { status: 201, resource: await engine.open(ctx, input.string('application')!, input.reference('patient')!) };
      },
    },
    {
      code: 'actions', level: 'instance', type: 'Task', affectsState: false, title: 'What may be done now',
      description: 'What the caller is in this case and which actions are open to them, in order, with the clear next step marked.',
      run: async (ctx, { id }) => {
        const { roles, offers } = await engine.offers(ctx, id!);
        const parameter: ParametersParameter[] = [
          ...roles.map((valueCode) => ({ name: 'role', valueCode })),
          ...offers.map(({ action, primary, blocked }) => ({
            name: 'action',
            part: [
              { name: 'code', valueCode: action.code }, { name: 'primary', valueBoolean: primary }, ...(blocked ? [{ name: 'blocked', valueCode: blocked }] : []),
              ...(action.input ?? []).map((p) => ({ name: 'input', part: [{ name: 'name', valueCode: p.name }, { name: 'type', valueCode: p.type }, { name: 'min', valueInteger: p.min }, { name: 'max', valueString: p.max }] })),
            ],
          })),
        ];
        return { resourceType: 'Parameters', parameter } satisfies Parameters;
      },
    },
    {
      code: 'case', level: 'instance', type: 'Task', affectsState: false, title: 'The whole case',
      description: 'Everything of the case that the caller may see, in one Bundle.',
      run: (ctx, { id }) => engine.bundle(ctx, id!),
    },
    ...[...actions].map(([code, input]): FhirOperation => ({
      code, level: 'instance', type: 'Task', affectsState: true, title: code.replaceAll('-', ' '),
      description: `Performs the action ${code} on a case; answers the case as it then is.`, parameters: input.map(documented),
      run: (ctx, { id, body, ifMatch }) => {
        if (!id) throw unprocessable('id-missing', 'Name the case.');
        return engine.perform(ctx, id, code, body, ifMatch);
      },
    })),
  ];
}
