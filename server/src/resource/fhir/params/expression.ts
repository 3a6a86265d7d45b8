import { internal } from '../../../kernel/index.ts';

/** Syntax of the FHIRPath subset that SearchParameter expressions use. @see http://hl7.org/fhirpath/N1/ */
export type Expression =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'resource' }
  | { readonly kind: 'literal'; readonly value: string | boolean }
  | { readonly kind: 'member'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'call'; readonly of: Expression | undefined; readonly name: string; readonly argument: Expression | undefined }
  | { readonly kind: 'index'; readonly of: Expression; readonly at: number }
  | { readonly kind: 'type'; readonly of: Expression; readonly test: 'as' | 'is'; readonly type: string }
  | { readonly kind: 'binary'; readonly operator: '|' | 'and' | '=' | '!='; readonly left: Expression; readonly right: Expression };

const tokenPattern = /\s*(?:([A-Za-z_][A-Za-z0-9_]*)|'([^']*)'|(%resource)|(\d+)|(!=|[|=.()[\]]))/y;
interface Token { readonly kind: 'name' | 'string' | 'resource' | 'number' | 'sign' | 'end'; readonly text: string }

function tokens(text: string): Token[] {
  const found: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.trimEnd().length) {
    const at = tokenPattern.lastIndex;
    const m = tokenPattern.exec(text);
    if (!m) throw internal('search-parameter-syntax', `Search parameter expression not understood at character ${at}: ${text}`);
    if (m[1] !== undefined) found.push({ kind: 'name', text: m[1] });
    else if (m[2] !== undefined) found.push({ kind: 'string', text: m[2] });
    else if (m[3] !== undefined) found.push({ kind: 'resource', text: m[3] });
    else if (m[4] !== undefined) found.push({ kind: 'number', text: m[4] });
    else found.push({ kind: 'sign', text: m[5] ?? '' });
  }
  return found;
}

/** @throws internal `search-parameter-syntax` on anything outside the subset. */
export function parseExpression(text: string): Expression {
  const list = tokens(text);
  let at = 0;
  const end: Token = { kind: 'end', text: '' };
  const peek = (): Token => list[at] ?? end;
  const next = (): Token => list[at++] ?? end;
  const fail = (): never => { throw internal('search-parameter-syntax', `Search parameter expression not understood: ${text}`); };
  const expect = (sign: string): void => { if (next().text !== sign) fail(); };
  const isSign = (sign: string): boolean => peek().kind === 'sign' && peek().text === sign;
  const isWord = (word: string): boolean => peek().kind === 'name' && peek().text === word;

  const union = (): Expression => {
    let left = conjunction();
    while (isSign('|')) { next(); left = { kind: 'binary', operator: '|', left, right: conjunction() }; }
    return left;
  };
  const conjunction = (): Expression => {
    let left = comparison();
    while (isWord('and')) { next(); left = { kind: 'binary', operator: 'and', left, right: comparison() }; }
    return left;
  };
  const comparison = (): Expression => {
    const left = cast();
    if (!isSign('=') && !isSign('!=')) return left;
    const operator = next().text as '=' | '!=';
    return { kind: 'binary', operator, left, right: cast() };
  };
  const cast = (): Expression => {
    let of = path();
    while (isWord('as') || isWord('is')) {
      const test = next().text as 'as' | 'is';
      of = { kind: 'type', of, test, type: next().text };
    }
    return of;
  };
  const path = (): Expression => {
    let of = primary();
    for (;;) {
      if (isSign('.')) {
        next();
        const name = next();
        if (name.kind !== 'name') fail();
        of = isSign('(') ? call(of, name.text) : { kind: 'member', of, name: name.text };
      } else if (isSign('[')) {
        next();
        const index = next();
        if (index.kind !== 'number') fail();
        expect(']');
        of = { kind: 'index', of, at: Number(index.text) };
      } else return of;
    }
  };
  const call = (of: Expression | undefined, name: string): Expression => {
    expect('(');
    const argument = isSign(')') ? undefined : union();
    expect(')');
    if ((name === 'as' || name === 'ofType' || name === 'is') && of && argument?.kind === 'name') {
      return { kind: 'type', of, test: name === 'is' ? 'is' : 'as', type: argument.name };
    }
    return { kind: 'call', of, name, argument };
  };
  const primary = (): Expression => {
    const token = next();
    if (token.kind === 'string') return { kind: 'literal', value: token.text };
    if (token.kind === 'resource') return { kind: 'resource' };
    if (token.kind === 'sign' && token.text === '(') {
      const inner = union();
      expect(')');
      return inner;
    }
    if (token.kind !== 'name') return fail();
    if (token.text === 'true' || token.text === 'false') return { kind: 'literal', value: token.text === 'true' };
    return isSign('(') ? call(undefined, token.text) : { kind: 'name', name: token.text };
  };
  const whole = union();
  if (at < list.length) fail();
  return whole;
}
