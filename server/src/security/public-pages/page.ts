import type { FastifyReply, FastifyRequest } from 'fastify';
import { chooseLanguage, directionOf, languageNames, languages, newSecret, type Language } from '../../kernel/index.ts';
import { html, trusted, type Html } from './html.ts';
import { style } from './style.ts';

export interface PublicPage {
  readonly language: Language;
  readonly title: string;
  /** Path of this page, for the links to the other languages. */
  readonly path: string;
  readonly body: Html;
  /** Of our own; runs under the page's nonce. */
  readonly script?: string;
  /** Name of the group of language links. */
  readonly languageLabel: string;
  readonly status?: number;
}

const logo = trusted('<svg viewBox="0 0 64 64" aria-hidden="true"><rect width="64" height="64" rx="14" fill="#0b6b74"/><path d="M10 36h11l5-14 9 26 6-18 3 6h10" fill="none" stroke="#fff" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"/></svg>');

/** The language a visitor reads: `?lang=`, else what the browser says. */
export const languageOf = (request: FastifyRequest): Language =>
  chooseLanguage((request.query as Record<string, unknown> | undefined)?.['lang'], request.headers['accept-language']);

/** Sends a page for anybody: nothing is loaded from elsewhere, framed, kept or indexed. */
export function sendPage(reply: FastifyReply, page: PublicPage): FastifyReply {
  const nonce = newSecret(16);
  const { markup } = html`<!doctype html>
<html lang="${page.language}" dir="${directionOf(page.language)}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${page.title} · Bedside</title><style nonce="${nonce}">${trusted(style)}</style></head>
<body>
<header><a href="/" class="brand">${logo}<b>Bedside</b></a></header>
<main>
<h1>${page.title}</h1>
${page.body}
</main>
<footer><nav aria-label="${page.languageLabel}">${languages.map((one) => html`<a href="${page.path}?lang=${one}" lang="${one}" hreflang="${one}"${one === page.language && trusted(' aria-current="true"')}>${languageNames[one]}</a> `)}</nav></footer>
${page.script !== undefined && trusted(`<script nonce="${nonce}">${page.script}</script>`)}
</body>
</html>`;
  return reply.status(page.status ?? 200).headers({
    'content-type': 'text/html; charset=utf-8', 'content-language': page.language, 'cache-control': 'no-store', 'vary': 'Accept, Accept-Language',
    'x-robots-tag': 'noindex', 'x-frame-options': 'DENY',
    'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  }).send(markup);
}
