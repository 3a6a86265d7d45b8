import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { html, trusted } from './html.ts';
import { chooseLanguage } from './language.ts';
import { page, pageContext, type Page, type PageContext } from './layout.ts';
import { noticePage } from './sign-in-pages.ts';

type Logout = NonNullable<NonNullable<Configuration['features']>['rpInitiatedLogout']>;

/** Pages that the authorization server itself asks for. */
export interface ProviderPages {
  readonly signOut: NonNullable<Logout['logoutSource']>;
  readonly signedOut: NonNullable<Logout['postLogoutSuccessSource']>;
  readonly error: NonNullable<Configuration['renderError']>;
}

export const languageCookie = 'bedside_lang';
/** One cookie of a `Cookie` header. */
export const cookieOf = (header: string | undefined, name: string): string | undefined =>
  header?.slice(0, 8_192).split(';').map((part) => part.trim()).find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);

export function createProviderPages(options: { demonstration: boolean }): ProviderPages {
  const contextOf = (ctx: KoaContextWithOIDC): PageContext => pageContext(chooseLanguage({
    cookie: cookieOf(ctx.req.headers.cookie, languageCookie), uiLocales: ctx.query['ui_locales'], accept: ctx.req.headers['accept-language'],
  }), options.demonstration);
  const send = (ctx: KoaContextWithOIDC, made: Page): void => {
    if (made.status !== 200) ctx.status = made.status;
    ctx.set(made.headers);
    ctx.body = made.body;
  };
  return {
    async signOut(ctx, form) {
      const context = contextOf(ctx);
      const { text } = context;
      const asked = ctx.oidc.entities.IdTokenHint !== undefined; // our own front end, whose person has just pressed "sign out"
      send(ctx, page(context, text.signOutTitle, [html`<section class="card" aria-labelledby="title"><h1 id="title">${text.signOutTitle}</h1><p class="soft">${text.signOutHelp}</p>${trusted(form)}
<button form="op.logoutForm" name="logout" value="yes" autofocus>${text.signOut}</button>${!asked && html`<button class="plain" form="op.logoutForm">${text.stay}</button>`}</section>`],
      asked ? { script: "document.querySelector('button[name=logout]').click()" } : {}));
    },
    async signedOut(ctx) {
      send(ctx, noticePage(contextOf(ctx), { title: 'signedOutTitle', help: 'signedOutHelp', way: { href: '/', text: 'again' } }));
    },
    async error(ctx) {
      const { status } = ctx;
      send(ctx, noticePage(contextOf(ctx), { title: 'errorTitle', help: 'errorHelp', way: { href: '/', text: 'startAgain' }, status: status >= 400 ? status : 400 }));
    },
  };
}
