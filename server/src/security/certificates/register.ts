import { X509Certificate } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { html, languageOf, sendPage, type Html } from '../public-pages/index.ts';
import type { CertificateAuthority } from './authority.ts';
import { certificatesTexts } from './pages-text.ts';

/**
 * `GET /certificates` (how to install the root), `/certificates/root.pem`, `/certificates/root.crt` (DER, which phones install) and
 * `/certificates/root.crl`. All public: a root and a revocation list are there to be had.
 * @see RFC 2585 (media types of certificates and lists)
 */
export function registerCertificates(app: FastifyInstance, { authority }: { readonly authority: CertificateAuthority }): void {
  const der = new X509Certificate(authority.rootPem).raw;
  const fingerprint = (authority.rootSha256.toUpperCase().match(/../g) ?? []).join(':');
  app.get('/certificates/root.pem', async (_, reply) =>
    reply.headers({ 'content-type': 'application/x-pem-file', 'content-disposition': 'attachment; filename="bedside-root.pem"', 'cache-control': 'public, max-age=3600' }).send(authority.rootPem));
  app.get('/certificates/root.crt', async (_, reply) =>
    reply.headers({ 'content-type': 'application/x-x509-ca-cert', 'content-disposition': 'attachment; filename="bedside-root.crt"', 'cache-control': 'public, max-age=3600' }).send(der));
  app.get('/certificates/root.crl', async (_, reply) =>
    reply.headers({ 'content-type': 'application/pkix-crl', 'cache-control': 'no-cache' }).send(Buffer.from(await authority.revocationList())));
  app.get('/certificates', async (request, reply) => {
    const language = languageOf(request);
    const text = certificatesTexts[language];
    const steps = (title: string, list: readonly string[]): Html => html`<section class="card"><h2>${title}</h2><ol>${list.map((step) => html`<li>${step}</li>`)}</ol></section>`;
    return sendPage(reply, {
      language, languageLabel: text.language, title: text.title, path: '/certificates',
      body: html`<section class="card"><p>${text.why}</p><p>${text.compare}</p><code class="key">${fingerprint}</code><p><strong>${text.caution}</strong></p>
<a class="button" href="/certificates/root.crt" download>${text.download}</a><p><a href="/certificates/root.pem" download>${text.pem}</a> · <a href="/certificates/root.crl" download>${text.list}</a></p></section>
${steps(text.androidTitle, text.android)}${steps(text.iosTitle, text.ios)}${steps(text.computerTitle, text.computer)}`,
    });
  });
}
