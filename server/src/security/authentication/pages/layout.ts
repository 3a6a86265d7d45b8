import { newSecret } from '../../../kernel/index.ts';
import { html, trusted, type Html } from './html.ts';
import { languageNames, languages, textOf, type Language, type PageText } from './language.ts';
import { style } from './style.ts';

/** What every page knows of the request. */
export interface PageContext {
  readonly language: Language;
  readonly text: PageText;
  readonly demonstration: boolean;
  /** Where the language links lead; absent on pages that are answers to a form. */
  readonly here?: string;
}

export interface Page { readonly status: number; readonly body: string; readonly headers: Readonly<Record<string, string>> }

export const pageContext = (language: Language, demonstration: boolean, here?: string): PageContext => ({ language, text: textOf[language], demonstration, ...(here === undefined ? {} : { here }) });

const logo = trusted('<svg viewBox="0 0 64 64" aria-hidden="true"><rect width="64" height="64" rx="14" fill="#0b6b74"/><path d="M10 36h11l5-14 9 26 6-18 3 6h10" fill="none" stroke="#fff" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"/></svg>');

/**
 * A whole page with the headers it has to be sent with: nothing may be loaded, framed, kept or run; forms go to this server only.
 * @param cards one or more boxes; two stand side by side when there is room.
 * @param script runs under the page's nonce; the pages work without it.
 */
export function page(context: PageContext, title: string, cards: readonly Html[], options: { status?: number; script?: string } = {}): Page {
  const { language, text, here } = context;
  const nonce = newSecret(16);
  const { markup } = html`<!doctype html>
<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${title} · Bedside</title><link rel="icon" href="/bedside.svg" type="image/svg+xml"><style nonce="${nonce}">${trusted(style)}</style></head>
<body>
${context.demonstration && html`<header class="banner">${text.demonstration}</header>`}
<main class="frame ${cards.length > 1 ? 'wide' : ''}">
<div class="brand">${logo}<span><b>Bedside</b><small>${text.tagline}</small></span></div>
${cards}
</main>
${here !== undefined && html`<footer><nav aria-label="${text.language}">${languages.map((one) => html`<a href="${here}?lang=${one}" lang="${one}" hreflang="${one}"${one === language && trusted(' aria-current="true"')}>${languageNames[one]}</a> `)}</nav></footer>`}
${options.script !== undefined && trusted(`<script nonce="${nonce}">${options.script}</script>`)}
</body>
</html>`;
  return {
    status: options.status ?? 200, body: markup,
    headers: {
      'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'same-origin', 'content-language': language,
      'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; img-src 'self'; script-src ${options.script === undefined ? "'none'" : `'nonce-${nonce}'`}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    },
  };
}
