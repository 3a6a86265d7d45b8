import { invalid } from '../../../kernel/index.ts';
import type { ParamPlan } from '../params/plan.ts';
import { tokenForms } from '../params/row.ts';
import { splitEscaped, unescape } from './query.ts';

/** Form of the index token that a token value (`code`, `system|code`, `|code`, `system|`) asks for. */
export function tokenForm(param: ParamPlan, value: string, name = param.code): string {
  const parts = splitEscaped(value, '|').map(unescape);
  if (parts.length === 1) return tokenForms.code(name, parts[0]!);
  if (parts.length !== 2) throw invalid('search-token', 'A token is code, system|code, |code or system|.', { details: { at: param.code } });
  const [system, code] = parts as [string, string];
  // A code or boolean element has a system that nobody writes down.
  if (param.implicitSystem && code !== '') return tokenForms.code(name, code);
  if (system === '') return tokenForms.noSystem(name, code);
  return code === '' ? tokenForms.system(name, system) : tokenForms.systemCode(name, system, code);
}

export function ofTypeForm(param: ParamPlan, value: string): string {
  const [system, code, id, more] = splitEscaped(value, '|').map(unescape);
  if (!code || !id || more !== undefined) throw invalid('search-token', ':of-type is system|code|value.', { details: { at: param.code } });
  return tokenForms.ofType(param.code, system ?? '', code, id);
}

/** Forms that a reference value (`id`, `Type/id`, a full address) stands for. */
export function referenceForms(param: ParamPlan, value: string, baseUrl: string, type?: string, name = param.code): string[] {
  let text = unescape(value);
  if (baseUrl !== '' && text.startsWith(`${baseUrl}/`)) text = text.slice(baseUrl.length + 1);
  text = text.replace(/\/_history\/[^/]+$/, '');
  if (text.includes('/') || text.includes(':')) return [tokenForms.target(name, text)];
  const targets = type === undefined ? param.param.targets : [type];
  return (targets.length > 0 ? targets : ['Patient', 'Practitioner', 'Organization']).map((t) => tokenForms.target(name, `${t}/${text}`));
}
