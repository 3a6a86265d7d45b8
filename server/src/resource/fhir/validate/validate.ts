import { unprocessable, type BedsideError } from '../../../kernel/index.ts';
import type { Model, TypeModel } from '../model/model.ts';
import type { ElementModel } from '../model/types.ts';
import { primitives } from './primitives.ts';

export interface Issue { readonly at: string; readonly rule: string; readonly message: string }
type Json = Readonly<Record<string, unknown>>;
const isObject = (v: unknown): v is Json => typeof v === 'object' && v !== null && !Array.isArray(v);
const mostIssues = 20;
const mostDepth = 60;

/**
 * Checks structure: no unknown element, right JSON kinds, cardinality, one of a choice, lexical form of primitives, codes of required
 * bindings whose value set can be listed.
 * @returns what is wrong, each with element path and rule; empty when nothing is.
 */
export function validateStructure(model: Model, resource: unknown, expected?: string): Issue[] {
  const issues: Issue[] = [];
  const type = isObject(resource) ? resource['resourceType'] : undefined;
  if (typeof type !== 'string' || !model.resources.includes(type)) return [{ at: 'resourceType', rule: 'known-type', message: 'resourceType is missing or no R4 resource type.' }];
  if (expected !== undefined && type !== expected) return [{ at: 'resourceType', rule: 'expected-type', message: `resourceType must be ${expected} here.` }];
  checkObject({ model, issues }, model.type(type)!, resource as Json, type, 0);
  return issues;
}

interface Run { readonly model: Model; readonly issues: Issue[] }
const report = (run: Run, at: string, rule: string, message: string): void => { if (run.issues.length < mostIssues) run.issues.push({ at, rule, message }); };

function checkObject(run: Run, type: TypeModel, value: Json, at: string, depth: number): void {
  if (depth > mostDepth) return report(run, at, 'depth', `Nested deeper than ${mostDepth} levels.`);
  let present = 0;
  const seen = new Set<ElementModel>();
  for (const key in value) {
    const item = value[key];
    if (key === 'resourceType' && run.model.resources.includes(type.name)) continue;
    present++;
    const shadow = key.startsWith('_');
    const property = type.properties.get(shadow ? key.slice(1) : key);
    if (!property || (shadow && !(property.type in primitives))) { report(run, `${at}.${key.slice(0, 60)}`, 'unknown-element', `${type.name} has no element ${key.slice(0, 60)}.`); continue; }
    const { element } = property;
    if (element.choice && !shadow && seen.has(element)) report(run, `${at}.${key}`, 'choice', `Only one ${element.name}[x] may be given.`);
    if (!shadow || !(key.slice(1) in value)) seen.add(element);
    if (shadow) checkShadow(run, element, item, `${at}.${key}`, depth);
    else checkElement(run, element, property.type, item, value[`_${key}`], `${at}.${key}`, depth);
  }
  if (present === 0 && depth > 0) report(run, at, 'empty', 'An object may not be empty.');
  for (const element of type.elements.values()) {
    if (element.min > 0 && !seen.has(element)) report(run, `${at}.${element.name}${element.choice ? '[x]' : ''}`, 'required', `${element.name} is required.`);
  }
}

function checkElement(run: Run, element: ElementModel, type: string, value: unknown, shadow: unknown, at: string, depth: number): void {
  if (element.max === 1) {
    if (Array.isArray(value)) return report(run, at, 'cardinality', 'Only one value is allowed, not an array.');
    return checkValue(run, element, type, value, at, depth);
  }
  if (!Array.isArray(value)) return report(run, at, 'cardinality', 'An array is expected.');
  if (value.length === 0) return report(run, at, 'empty', 'An array may not be empty.');
  if (value.length > element.max) report(run, at, 'cardinality', `At most ${element.max} values are allowed.`);
  for (let i = 0; i < value.length && run.issues.length < mostIssues; i++) {
    if (value[i] === null && Array.isArray(shadow) && shadow[i] !== null && shadow[i] !== undefined) continue;
    checkValue(run, element, type, value[i], `${at}[${i}]`, depth);
  }
}

function checkValue(run: Run, element: ElementModel, type: string, value: unknown, at: string, depth: number): void {
  const primitive = primitives[type];
  if (primitive) {
    if (typeof value === 'string' && value.includes('\0')) return report(run, at, 'nul', 'A NUL character is not allowed.');
    if (!primitive(value)) return report(run, at, type, `Not a valid ${type}.`);
    const codes = element.binding === undefined ? undefined : run.model.codes(element.binding);
    if (codes && !codes.has(value as string)) report(run, at, 'binding', `The code is not in ${element.binding}.`);
    return;
  }
  if (!isObject(value)) return report(run, at, 'object', 'An object is expected.');
  if (type === 'Resource') {
    const name = value['resourceType'];
    const inner = typeof name === 'string' && run.model.resources.includes(name) ? run.model.type(name) : undefined;
    if (!inner) return report(run, `${at}.resourceType`, 'known-type', 'resourceType is missing or no R4 resource type.');
    return checkObject(run, inner, value, at, depth + 1);
  }
  const model = run.model.type(type);
  if (!model) return report(run, at, 'type', `Type ${type} is not known.`);
  checkObject(run, model, value, at, depth + 1);
}

/** `_birthDate`: id and extensions of a primitive. */
function checkShadow(run: Run, element: ElementModel, value: unknown, at: string, depth: number): void {
  const model = run.model.type('Element')!;
  const items = element.max === 1 ? [value] : value;
  if (!Array.isArray(items)) return report(run, at, 'cardinality', 'An array is expected.');
  items.forEach((item, i) => {
    if (item === null && element.max !== 1) return;
    if (!isObject(item)) report(run, at, 'object', 'An object with id or extension is expected.');
    else checkObject(run, model, item, element.max === 1 ? at : `${at}[${i}]`, depth + 1);
  });
}

/** The error for what validation found; its first issue is also in the message. */
export function invalidResource(issues: readonly Issue[]): BedsideError {
  const first = issues[0]!;
  return unprocessable('invalid-resource', `${first.at}: ${first.message}`, { details: { at: first.at, issues } });
}
