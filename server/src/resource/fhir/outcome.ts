import type { OperationOutcome, OperationOutcomeIssue } from '@medplum/fhirtypes';
import { BedsideError, type ErrorKind } from '../../kernel/index.ts';
import type { Issue } from './validate/validate.ts';

/** FHIR issue type of each kind of error. @see http://hl7.org/fhir/R4/valueset-issue-type.html */
export const issueTypes: Readonly<Record<ErrorKind, NonNullable<OperationOutcomeIssue['code']>>> = {
  'invalid': 'invalid', 'unauthenticated': 'login', 'forbidden': 'forbidden', 'not-found': 'not-found', 'gone': 'deleted', 'conflict': 'conflict',
  'precondition-failed': 'conflict', 'too-large': 'too-long', 'too-many': 'throttled', 'unsupported': 'not-supported', 'unprocessable': 'processing',
  'unavailable': 'transient', 'internal': 'exception',
};
const issueOfRule = (rule: string): NonNullable<OperationOutcomeIssue['code']> =>
  (({ 'required': 'required', 'unknown-element': 'structure', 'cardinality': 'structure', 'object': 'structure', 'empty': 'structure', 'choice': 'structure', 'depth': 'too-long', 'binding': 'code-invalid' }) as const)[rule] ?? 'value';
const codeSystem = 'urn:bedside:error';

/** What FHIR clients are told of an error: one issue, or one for each fault that validation found. Nothing of an unforeseen error's text. */
export function outcomeOf(error: unknown): OperationOutcome {
  if (!(error instanceof BedsideError)) return { resourceType: 'OperationOutcome', issue: [{ severity: 'fatal', code: 'exception', details: { coding: [{ system: codeSystem, code: 'internal' }], text: 'Something went wrong here; it was noted.' } }] };
  const issues = error.details['issues'] as readonly Issue[] | undefined;
  if (issues && issues.length > 0) {
    return { resourceType: 'OperationOutcome', issue: issues.map((i) => ({ severity: 'error', code: issueOfRule(i.rule), details: { coding: [{ system: codeSystem, code: error.code }, { system: 'urn:bedside:rule', code: i.rule }], text: i.message }, expression: [i.at] })) };
  }
  const text = error.kind === 'internal' ? 'Something went wrong here; it was noted.' : error.message;
  return {
    resourceType: 'OperationOutcome',
    issue: [{ severity: error.kind === 'internal' ? 'fatal' : 'error', code: issueTypes[error.kind], details: { coding: [{ system: codeSystem, code: error.code }], text }, ...(error.details.at === undefined ? {} : { expression: [error.details.at] }) }],
  };
}
