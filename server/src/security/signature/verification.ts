import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Language, Sql } from '../../kernel/index.ts';
import { html, languageOf, sendPage, trusted, type Html } from '../public-pages/index.ts';
import { readDocumentCode, type DocumentCode } from './code.ts';
import { compareScript } from './compare-script.ts';
import { findDocument, type DocumentAnswer } from './registry.ts';
import { verificationTexts, type VerificationText } from './verification-text.ts';

export interface VerificationDeps {
  readonly db: Sql;
  /** Most questions of one address in a minute. */
  readonly mostInAMinute?: number;
}

/**
 * `GET /verify` (a field for the code) and `GET /verify/:code`: is this document genuine, unchanged and the latest version? A page in the
 * visitor's language, or JSON `{ state, signedAt, sha256, replacedAt?, revokedAt? }` when Accept asks for it; nothing about patient, person
 * or institution. 404 for a code that is not known, 429 when an address asks too often.
 */
export function registerVerification(app: FastifyInstance, deps: VerificationDeps): void {
  void app.register(async (scope) => {
    await scope.register(rateLimit, { max: deps.mostInAMinute ?? 30, timeWindow: 60_000 });
    scope.get<{ Querystring: { code?: unknown } }>('/verify', async (request, reply) => {
      const { code } = request.query;
      if (typeof code === 'string' && code.trim() !== '') {
        return reply.redirect(`/verify/${encodeURIComponent(readDocumentCode(code) ?? code.trim().slice(0, 64))}?lang=${languageOf(request)}`, 303);
      }
      return askPage(request, reply);
    });
    scope.get<{ Params: { code: string } }>('/verify/:code', async (request, reply) => {
      const code = readDocumentCode(request.params.code);
      const answer: DocumentAnswer = code === undefined ? { state: 'unknown' } : await findDocument(deps.db, code);
      const status = answer.state === 'unknown' ? 404 : 200;
      if (wantsJson(request)) return reply.status(status).headers({ 'cache-control': 'no-store', 'vary': 'Accept, Accept-Language', 'x-robots-tag': 'noindex' }).send(answer);
      return answerPage(request, reply, code, answer, status);
    });
  });
}

/** JSON only for those who name it before HTML. */
function wantsJson(request: FastifyRequest): boolean {
  const accept = (request.headers.accept ?? '').toLowerCase();
  const json = accept.indexOf('application/json');
  const page = accept.indexOf('text/html');
  return json >= 0 && (page < 0 || json < page);
}

const codeForm = (text: VerificationText, language: Language): Html => html`<form class="card" method="get" action="/verify"><p>${text.prompt}</p>
<label for="code">${text.codeLabel}</label><input id="code" name="code" dir="ltr" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="40" required><input type="hidden" name="lang" value="${language}"><button>${text.check}</button></form>`;

function askPage(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const language = languageOf(request);
  const text = verificationTexts[language];
  return sendPage(reply, { language, languageLabel: text.language, title: text.title, path: '/verify', body: codeForm(text, language) });
}

const looks = { genuine: 'good', replaced: 'warn', revoked: 'bad', unknown: 'bad' } as const;

function answerPage(request: FastifyRequest, reply: FastifyReply, code: DocumentCode | undefined, answer: DocumentAnswer, status: number): FastifyReply {
  const language = languageOf(request);
  const text = verificationTexts[language];
  const when = (pattern: string, at: Date | undefined): Html | undefined =>
    (at === undefined ? undefined : html`<p><time datetime="${at.toISOString()}">${pattern.replace('{}', instantText(at, language))}</time></p>`);
  const known = answer.state === 'unknown' ? undefined : answer;
  const body = html`<section class="card answer ${looks[answer.state]}"><h2>${text[answer.state]}</h2><p>${text[`${answer.state}Means`]}</p>
${when(text.signedOn, known?.signedAt)}${when(text.replacedOn, known?.replacedAt)}${when(text.revokedOn, known?.revokedAt)}
${code !== undefined && html`<p class="soft">${text.codeShown}: <code>${code}</code></p>`}</section>
${known ? comparison(text, known.sha256) : codeForm(text, language)}
<p class="soft">${text.nothingElse}</p>`;
  return sendPage(reply, {
    language, languageLabel: text.language, title: text.title, path: `/verify/${encodeURIComponent(code ?? 'unknown')}`, body, status, ...(known ? { script: compareScript } : {}),
  });
}

const comparison = (text: VerificationText, sha256: string): Html => html`<section class="card" aria-labelledby="compare"><h2 id="compare">${text.compareTitle}</h2><p id="how">${text.compareText}</p>
<div class="drop" id="drop" data-sha256="${sha256}" data-same="${text.same}" data-different="${text.different}" data-too-large="${text.tooLarge}" data-cannot="${text.cannot}"><label for="file">${text.fileLabel}</label><input id="file" type="file" accept="application/pdf" aria-describedby="how"><output id="result" for="file" role="status"></output></div>
${trusted('<noscript>')}<p>${text.noScript}</p>${trusted('</noscript>')}
<p class="soft">${text.fingerprint}</p><code class="key">${sha256}</code></section>`;

const localeTags: Readonly<Record<Language, string>> = { en: 'en-GB', zh: 'zh-CN', fr: 'fr', es: 'es', ar: 'ar-u-nu-latn-ca-gregory' };
const instantText = (at: Date, language: Language): string =>
  new Intl.DateTimeFormat(localeTags[language], { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(at).concat(' UTC');
