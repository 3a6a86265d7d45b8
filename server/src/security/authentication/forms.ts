import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { chooseLanguage, cookieOf, languageCookie, languages, pageContext, type Page, type PageContext } from './pages/index.ts';

const mostBytes = 16_384;

/** Reads `application/x-www-form-urlencoded` bodies, small ones only, in this scope of the application. */
export function acceptForms(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: mostBytes }, (_request, body, done) => {
    done(null, new URLSearchParams(typeof body === 'string' ? body : body.toString('utf8')));
  });
}

/** A field of the form that was sent; empty when it is not there. Repeated fields count once. */
export const fieldOf = (request: FastifyRequest) => (name: string): string => (request.body instanceof URLSearchParams ? request.body.get(name) ?? '' : '');

/** True unless the browser says that another site sent the form. The cookies alone (SameSite=Lax) already keep such forms out. */
export function sentByUs(request: FastifyRequest, origins: readonly string[]): boolean {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  return (origin === undefined || origins.includes(origin)) && (site === undefined || site === 'same-origin' || site === 'none');
}

export function contextFor(request: FastifyRequest, options: { demonstration: boolean; uiLocales?: unknown; here?: string }): PageContext {
  const query = request.query as Readonly<Record<string, unknown>>;
  return pageContext(chooseLanguage({
    query: query['lang'], cookie: cookieOf(request.headers.cookie, languageCookie), uiLocales: options.uiLocales, accept: request.headers['accept-language'],
  }), options.demonstration, options.here);
}

/** Sends a page; remembers the language when it was asked for by a link. */
export function sendPage(request: FastifyRequest, reply: FastifyReply, made: Page): FastifyReply {
  const wish = (request.query as Readonly<Record<string, unknown>>)['lang'];
  const language = languages.find((one) => one === wish);
  if (language) void reply.header('set-cookie', `${languageCookie}=${language}; Path=/oauth; Max-Age=31536000; HttpOnly; SameSite=Lax`);
  return reply.status(made.status).headers(made.headers).send(made.body);
}
