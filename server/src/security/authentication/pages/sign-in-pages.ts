import type { AccountRole } from '../../policy/index.ts';
import { html, type Html } from './html.ts';
import { fillIn, type PageText } from './language.ts';
import { page, type Page, type PageContext } from './layout.ts';

/** A fault that the person can do something about. */
export interface Fault { readonly text: keyof PageText; readonly status?: number; readonly minutes?: number }
export interface DemonstrationPerson { readonly login: string; readonly name: string; readonly about: string }
export interface RoleChoice { readonly id: string; readonly role: AccountRole; readonly label?: string }

const roleNames = {
  'clinician': 'clinician', 'coordinator': 'coordinator', 'patient': 'patient', 'institution-administrator': 'institutionAdministrator', 'network-administrator': 'networkAdministrator', 'system': 'system',
} as const satisfies Record<AccountRole, keyof PageText>;

export const alertOf = (context: PageContext, fault: Fault | undefined): Html | undefined =>
  fault && html`<div class="error" role="alert" id="fault"><span>${fillIn(context.text[fault.text], { n: fault.minutes ?? 1 })}</span></div>`;
export const described = (fault: Fault | undefined): Html => (fault ? html` aria-invalid="true" aria-describedby="fault"` : html``);
const statusOf = (fault: Fault | undefined): { status: number } => ({ status: fault ? fault.status ?? 400 : 200 });

function demonstrationCard(context: PageContext, people: readonly DemonstrationPerson[]): Html {
  const { text } = context;
  return html`<section class="card demo" aria-labelledby="demo"><h2 id="demo">${text.demonstration}</h2><p class="soft small">${text.demonstrationHelp}</p>
<form method="get"><ul class="choices people" tabindex="0" aria-labelledby="demo">${people.map((person) => html`<li><button name="fill" value="${person.login}"><b>${person.name}</b><span class="small">${person.about}</span><span class="small soft"><bdi>${person.login}</bdi></span></button></li>`)}</ul></form></section>`;
}

export function passwordPage(context: PageContext, view: { login?: string | undefined; password?: string | undefined; fault?: Fault | undefined; people?: readonly DemonstrationPerson[] | undefined }): Page {
  const { text } = context;
  const filled = view.password !== undefined;
  const card = html`<section class="card" aria-labelledby="title"><h1 id="title">${text.signIn}</h1>${alertOf(context, view.fault)}
<form method="post" autocomplete="on"><input type="hidden" name="step" value="password">
<label for="login">${text.login}</label><input id="login" name="login" class="ltr" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="120" required value="${view.login ?? ''}"${described(view.fault)}${!filled && html` autofocus`}>
<label for="password">${text.password}</label><input id="password" name="password" class="ltr" type="password" autocomplete="current-password" maxlength="256" required value="${view.password ?? ''}"${described(view.fault)}>
<button${filled && html` autofocus`}>${text.signIn}</button></form><p class="soft small after">${text.forgotten}</p></section>`;
  return page(context, text.signIn, view.people && view.people.length > 0 ? [card, demonstrationCard(context, view.people)] : [card], statusOf(view.fault));
}

const again = (context: PageContext): Html => html`<form method="post"><input type="hidden" name="step" value="restart"><button class="link" formnovalidate>${context.text.otherAccount}</button></form>`;

export function codePage(context: PageContext, view: { name: string; recovery: boolean; fault?: Fault | undefined; code?: string | undefined }): Page {
  const { text } = context;
  const field = view.recovery
    ? html`<input type="hidden" name="step" value="recovery"><label for="code">${text.recoveryCode}</label><input id="code" name="code" class="ltr" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="40" required autofocus${described(view.fault)}>`
    : html`<input type="hidden" name="step" value="code"><label for="code">${text.code}</label><input id="code" name="code" class="code" inputmode="numeric" autocomplete="one-time-code" maxlength="12" required autofocus value="${view.code ?? ''}"${described(view.fault)}>`;
  return page(context, text.codeTitle, [html`<section class="card" aria-labelledby="title"><h1 id="title">${text.codeTitle}</h1><p class="soft">${fillIn(text.hello, { name: view.name })}. ${view.recovery ? text.recoveryHelp : text.codeHelp}</p>
${view.code !== undefined && html`<p class="tag">${text.demonstrationCode}</p>`}${alertOf(context, view.fault)}
<form method="post">${field}<button>${text.confirm}</button></form>
<form method="get"><button class="link" name="use" value="${view.recovery ? 'code' : 'recovery'}">${view.recovery ? text.useCode : text.useRecovery}</button></form>${again(context)}</section>`], statusOf(view.fault));
}

export function rolePage(context: PageContext, view: { name: string; roles: readonly RoleChoice[]; fault?: Fault | undefined }): Page {
  const { text } = context;
  return page(context, text.roleTitle, [html`<section class="card" aria-labelledby="title"><h1 id="title">${text.roleTitle}</h1><p class="soft">${fillIn(text.hello, { name: view.name })}. ${text.roleHelp}</p>${alertOf(context, view.fault)}
<form method="post"><input type="hidden" name="step" value="role"><ul class="choices">${view.roles.map((one) => html`<li><button name="membership" value="${one.id}"><b>${text[roleNames[one.role]]}</b>${one.label !== undefined && html`<span class="small soft">${one.label}</span>`}</button></li>`)}</ul></form>${again(context)}</section>`], statusOf(view.fault));
}

/** A page that tells one thing and offers one way on. */
export function noticePage(context: PageContext, view: { title: keyof PageText; help: keyof PageText; way?: { href: string; text: keyof PageText }; status?: number }): Page {
  const { text } = context;
  return page(context, text[view.title], [html`<section class="card" aria-labelledby="title"><h1 id="title">${text[view.title]}</h1><p class="soft">${text[view.help]}</p>${view.way && html`<a class="button" href="${view.way.href}">${text[view.way.text]}</a>`}</section>`], { status: view.status ?? 200 });
}

export function linkPage(context: PageContext, name: string): Page {
  const { text } = context;
  return page(context, text.linkTitle, [html`<section class="card" aria-labelledby="title"><h1 id="title">${text.linkTitle}</h1><p class="soft">${fillIn(text.hello, { name })}. ${text.linkHelp}</p><form method="post"><button autofocus>${text.linkJoin}</button></form></section>`]);
}
