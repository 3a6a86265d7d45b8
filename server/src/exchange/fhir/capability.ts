import type { CapabilityStatement, CapabilityStatementRestResource } from '@medplum/fhirtypes';
import type { FhirHttpDeps } from './deps.ts';
import { definitionId, type Operations } from './operations.ts';

const auditParams = ['date', 'agent', 'agent-name', 'patient', 'entity', 'action', 'subtype', 'outcome'];

/** What is served, generated from the tables that serve it. @see http://hl7.org/fhir/R4/capabilitystatement.html */
export function capabilityOf(deps: FhirHttpDeps, operations: Operations, date: Date): CapabilityStatement {
  const { store } = deps.repository;
  const base = deps.baseUrl();
  const oauth = deps.oauth?.();
  const operationsOf = (type: string | undefined) => operations.all.filter((o) => (o.level === 'system' ? undefined : o.type) === type)
    .map((o) => ({ name: o.code, definition: `${base}/OperationDefinition/${definitionId(o)}`, documentation: o.description }));
  const resourceOf = (type: string): CapabilityStatementRestResource => {
    const params = [...store.plan(type).params.values()].filter((p) => p.storage !== 'none' && (type !== 'AuditEvent' || auditParams.includes(p.code)));
    const references = type === 'AuditEvent' ? [] : params.filter((p) => p.param.type === 'reference').map((p) => `${type}:${p.code}`);
    const own = operationsOf(type);
    const isAudit = type === 'AuditEvent';
    return {
      type: type as 'Patient', profile: `http://hl7.org/fhir/StructureDefinition/${type}`,
      interaction: (isAudit ? ['read', 'search-type'] as const : ['read', 'vread', 'update', 'delete', 'history-instance', 'history-type', 'create', 'search-type'] as const).map((code) => ({ code })),
      versioning: 'versioned', readHistory: true, updateCreate: true, conditionalCreate: !isAudit, conditionalRead: 'full-support', conditionalUpdate: !isAudit, conditionalDelete: isAudit ? 'not-supported' : 'single',
      referencePolicy: ['literal', 'logical', 'local'],
      ...(references.length > 0 ? { searchInclude: references } : {}),
      searchParam: params.map((p) => ({ name: p.code, type: p.param.type, definition: p.param.url })),
      ...(own.length > 0 ? { operation: own } : {}),
    };
  };
  const system = operationsOf(undefined);
  return {
    resourceType: 'CapabilityStatement', status: 'active', date: date.toISOString(), kind: 'instance', fhirVersion: '4.0.1', format: ['application/fhir+json', 'json'],
    software: { name: 'Bedside', version: deps.version }, implementation: { description: deps.demonstration ? 'Bedside, demonstration: nobody in it is real' : 'Bedside', url: base },
    ...(deps.demonstration ? { meta: { tag: [{ system: 'urn:bedside:tag', code: 'demonstration' }] } } : {}),
    rest: [{
      mode: 'server',
      security: {
        cors: false, service: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/restful-security-service', code: 'SMART-on-FHIR' }] }],
        ...(oauth ? { extension: [{ url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris', extension: [{ url: 'authorize', valueUri: oauth.authorize }, { url: 'token', valueUri: oauth.token }] }] } : {}),
      },
      resource: store.model.resources.map(resourceOf),
      interaction: [{ code: 'transaction' }, { code: 'batch' }],
      ...(system.length > 0 ? { operation: system } : {}),
    }],
  };
}
