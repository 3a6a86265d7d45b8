/** Markup that is safe to send: made by `html` or `trusted` only. */
export interface Html { readonly markup: string }

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => entities[sign]!);

type Part = Html | string | number | undefined | false | readonly Html[];

function render(part: Part): string {
  if (part === undefined || part === false) return '';
  if (typeof part === 'string') return escape(part);
  if (typeof part === 'number') return String(part);
  return 'markup' in part ? part.markup : part.map((one) => one.markup).join('');
}

/** A template whose values are escaped unless they are markup themselves. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  ({ markup: strings.reduce((all, text, at) => all + text + (at < parts.length ? render(parts[at]) : ''), '') });

/** Markup of our own that holds nothing from outside. */
export const trusted = (markup: string): Html => ({ markup });
