import { html, trusted, type Html } from './html.ts';
import type { PageText } from './language.ts';
import { page, type Page, type PageContext } from './layout.ts';
import { alertOf, described, type Fault } from './sign-in-pages.ts';

export interface AccountView {
  readonly name: string;
  readonly totpEnrolled: boolean;
  readonly done?: keyof PageText | undefined;
  readonly codes?: readonly string[] | undefined;
  readonly faultIn?: 'password' | 'totp' | undefined;
  readonly fault?: Fault | undefined;
  /** An enrolment under way: the picture, the key to type and what the form carries back. */
  readonly enrol?: { readonly svg: string; readonly key: string; readonly pending: string } | undefined;
}

const codeField = (context: PageContext, id: string, fault: Fault | undefined): Html =>
  html`<label for="${id}">${context.text.code}</label><input id="${id}" name="code" class="code" inputmode="numeric" autocomplete="one-time-code" maxlength="12" required${described(fault)}>`;
const currentField = (context: PageContext, id: string, fault: Fault | undefined): Html =>
  html`<label for="${id}">${context.text.currentPassword}</label><input id="${id}" name="current" class="ltr" type="password" autocomplete="current-password" maxlength="256" required${described(fault)}>`;

function totpCard(context: PageContext, view: AccountView): Html {
  const { text } = context;
  const fault = view.faultIn === 'totp' ? view.fault : undefined;
  const { enrol } = view;
  const body = enrol
    ? html`<p>${text.scan}</p><div class="qr" role="img" aria-label="${text.qrLabel}">${trusted(enrol.svg)}</div><p class="small soft">${text.orType}</p><code class="key">${enrol.key.match(/.{1,4}/g)?.join(' ') ?? ''}</code>${alertOf(context, fault)}
<form method="post"><input type="hidden" name="step" value="enrol-confirm"><input type="hidden" name="pending" value="${enrol.pending}">${codeField(context, 'code', fault)}<button>${text.confirm}</button></form>`
    : view.totpEnrolled
      ? html`<p class="soft">${text.totpOn}</p>${alertOf(context, fault)}<form method="post">${codeField(context, 'code', fault)}<button class="plain" name="step" value="recovery">${text.recoveryNew}</button><button class="plain" name="step" value="remove">${text.remove}</button></form>`
      : html`<p class="soft">${text.totpOff}</p>${alertOf(context, fault)}<form method="post"><input type="hidden" name="step" value="enrol">${currentField(context, 'enrol-password', fault)}<button>${text.setUp}</button></form>`;
  return html`<section class="card" aria-labelledby="totp"><h2 id="totp">${text.totpTitle}</h2>${body}</section>`;
}

/** A person's own way in: password, authenticator, recovery codes. */
export function accountPage(context: PageContext, view: AccountView): Page {
  const { text } = context;
  const fault = view.faultIn === 'password' ? view.fault : undefined;
  const head = html`<section class="card span"><h1>${text.securityTitle}</h1><p class="soft">${view.name}</p>${view.done && html`<div class="good" role="status">${text[view.done]}</div>`}
${view.codes && html`<h2 class="after">${text.recoveryTitle}</h2><p>${text.recoveryShown}</p><ul class="codes">${view.codes.map((code) => html`<li><code class="key">${code}</code></li>`)}</ul>`}<a class="button plain" href="/">${text.back}</a></section>`;
  const password = html`<section class="card" aria-labelledby="password-title"><h2 id="password-title">${text.passwordTitle}</h2>${alertOf(context, fault)}<form method="post"><input type="hidden" name="step" value="password">
${currentField(context, 'current', fault)}<label for="new">${text.newPassword}</label><input id="new" name="new" class="ltr" type="password" autocomplete="new-password" minlength="10" maxlength="256" required aria-describedby="rule"><p class="small soft" id="rule">${text.passwordRule}</p><button>${text.changePassword}</button></form></section>`;
  return page(context, text.securityTitle, [head, totpCard(context, view), password], { status: view.fault ? view.fault.status ?? 400 : 200 });
}
