/** Markup that is safe to send: made by `html` only. */
export interface Html { readonly markup: string }

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign);

type Part = Html | string | number | undefined | false | readonly Html[];
const render = (part: Part): string => {
  if (part === undefined || part === false) return '';
  if (typeof part === 'string') return escape(part);
  if (typeof part === 'number') return String(part);
  return 'markup' in part ? part.markup : part.map((one) => one.markup).join('');
};

/** A template whose values are escaped unless they are `Html` themselves. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html => ({ markup: strings.reduce((all, text, index) => all + text + (index < parts.length ? render(parts[index]) : ''), '') });

/** Markup of a library that we trust (a QR code as SVG, the form of oidc-provider). */
export const trusted = (markup: string): Html => ({ markup });
