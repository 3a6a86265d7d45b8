import type { OperationDefinition, Parameters, Resource } from '@medplum/fhirtypes';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BedsideError, internal, invalid, notFound } from '../../kernel/index.ts';
import type { FhirOperation, OperationAnswer, OperationInput } from '../../resource/fhir/index.ts';
import { contextOf, type RequestContext } from '../../security/policy/index.ts';
import { sendJson } from './answer.ts';
import type { FhirHttpDeps } from './deps.ts';
import { demandJsonBody, ifMatchOf, resourceOf } from './request.ts';

export interface Operations {
  find(level: FhirOperation['level'], type: string | undefined, code: string): FhirOperation | undefined;
  readonly all: readonly FhirOperation[];
}
const keyOf = (level: string, type: string | undefined, code: string): string => `${level} ${type ?? ''} ${code}`;

/** @throws internal when two operations have the same name in the same place. */
export function operationTable(operations: readonly FhirOperation[]): Operations {
  const table = new Map<string, FhirOperation>();
  for (const o of operations) {
    const key = keyOf(o.level, o.level === 'system' ? undefined : o.type, o.code);
    if (table.has(key)) throw internal('operation-twice', `The operation ${key} is registered twice.`);
    table.set(key, o);
  }
  return { all: operations, find: (level, type, code) => table.get(keyOf(level, level === 'system' ? undefined : type, code)) };
}

/** Who calls what nobody need sign in for: somebody who may see nothing. */
const anonymous = (request: FastifyRequest, deps: FhirHttpDeps): RequestContext => ({
  traceId: request.id, clock: deps.repository.store.clock, remoteAddress: request.ip, purpose: 'PATRQT',
  actor: { accountId: 'anonymous', role: 'patient', name: 'anonymous', practitionerRoles: [], organizations: [], scopes: [], methods: [], clientId: 'anonymous' },
});

/** Runs `$code`; the trace of the call is written before the answer. */
export async function runOperation(deps: FhirHttpDeps, table: Operations, request: FastifyRequest, reply: FastifyReply, at: { level: FhirOperation['level']; type?: string; id?: string; code: string }, query: URLSearchParams): Promise<FastifyReply> {
  const operation = table.find(at.level, at.type, at.code) ?? notServed(at.code);
  const ctx = operation.anonymous && !request.ctx ? anonymous(request, deps) : contextOf(request);
  if (request.method !== 'POST' && request.method !== 'GET') throw new BedsideError('invalid', 'method-not-allowed', 'An operation is called by POST or GET.');
  if (request.method === 'GET' && operation.affectsState) throw new BedsideError('invalid', 'method-not-allowed', 'This operation changes something: call it by POST.');
  demandJsonBody(request);
  const body = request.method === 'GET' ? fromQuery(query) : request.body === undefined || request.body === '' ? undefined : resourceOf(request).resource;
  const ifMatch = ifMatchOf(request);
  const input: OperationInput = { query, ...(at.id === undefined ? {} : { id: at.id }), ...(body === undefined ? {} : { body }), ...(ifMatch === undefined ? {} : { ifMatch }) };
  const trace = (outcome: 0 | 4 | 8, detail?: string): Promise<void> => deps.repository.audit(ctx, {
    action: 'E', kind: `$${operation.code}`, outcome, ...(at.type === undefined ? {} : { type: at.type }), ...(at.id === undefined ? {} : { ids: [at.id] }), ...(detail === undefined ? {} : { detail }),
  });
  let answer: Resource | OperationAnswer;
  try {
    answer = await operation.run(ctx, input);
  } catch (error) {
    await trace(error instanceof BedsideError ? 4 : 8, error instanceof BedsideError ? error.code : 'internal');
    throw error;
  }
  await trace(0);
  if ('resourceType' in answer) return sendJson(reply, JSON.stringify(answer));
  for (const [name, value] of Object.entries(answer.headers ?? {})) void reply.header(name, value);
  if (answer.text !== undefined && answer.contentType !== undefined) return reply.code(answer.status).header('content-type', answer.contentType).send(answer.text);
  if (answer.text !== undefined) return sendJson(reply, answer.text, answer.status);
  return answer.resource ? sendJson(reply, JSON.stringify(answer.resource), answer.status) : reply.code(answer.status).send();
}

const notServed = (code: string): never => { throw notFound('unknown-operation', `There is no operation $${code.slice(0, 60)} here.`); };

function fromQuery(query: URLSearchParams): Parameters | undefined {
  const pairs = [...query].filter(([name]) => !name.startsWith('_'));
  if (pairs.length > 100) throw invalid('operation-parameters', 'Too many parameters.');
  return pairs.length === 0 ? undefined : { resourceType: 'Parameters', parameter: pairs.map(([name, valueString]) => ({ name, valueString })) };
}

export const definitionId = (o: FhirOperation): string => `${o.level === 'system' ? 'system' : o.type!.toLowerCase()}-${o.level === 'instance' ? 'i-' : ''}${o.code}`.slice(0, 64);

/** The OperationDefinition of a served operation. */
export function definitionOf(o: FhirOperation, baseUrl: string): OperationDefinition {
  const parameters = (o.parameters ?? []).map((p) => ({ name: p.name, use: 'in' as const, min: p.min, max: p.max, type: p.type as 'string', ...(p.documentation === undefined ? {} : { documentation: p.documentation }) }));
  return {
    resourceType: 'OperationDefinition', id: definitionId(o), url: `${baseUrl}/OperationDefinition/${definitionId(o)}`, name: o.code.replaceAll(/(^|-)(\w)/g, (_m, _d, c: string) => c.toUpperCase()),
    title: o.title, status: 'active', kind: 'operation', affectsState: o.affectsState, code: o.code, description: o.description,
    ...(o.type === undefined ? {} : { resource: [o.type as 'Task'] }), system: o.level === 'system', type: o.level === 'type', instance: o.level === 'instance',
    ...(parameters.length > 0 ? { parameter: parameters } : {}),
  };
}
