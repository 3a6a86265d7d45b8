import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Provider } from 'oidc-provider';
import { toString as qrCode } from 'qrcode';
import { readAccount, type AccountSecrets, type KeptSession } from '../authorization/index.ts';
import { changeAccount, openPending, type AccountOutcome } from './account-actions.ts';
import { contextFor, fieldOf, sendPage, sentByUs } from './forms.ts';
import { accountPage, noticePage, type PageContext } from './pages/index.ts';
import type { SignInDeps } from './sign-in-steps.ts';
import { totpSecretText, totpUri } from './totp.ts';

export interface AccountRouteDeps extends SignInDeps {
  readonly current: () => Provider;
  readonly origins: readonly string[];
  readonly demonstration: boolean;
}

interface SignedIn { readonly account: AccountSecrets; readonly keep: KeptSession }

/** `/oauth/account`: a signed-in person changes their password and sets up an authenticator. */
export function registerAccountRoutes(scope: FastifyInstance, deps: AccountRouteDeps): void {
  const contextOf = (request: FastifyRequest): PageContext => contextFor(request, { demonstration: deps.demonstration, here: '/oauth/account' });

  const whoIs = async (request: FastifyRequest, reply: FastifyReply): Promise<SignedIn | undefined> => {
    const provider = deps.current();
    const session = await provider.Session.get(provider.createContext(request.raw, reply.raw));
    const account = session.accountId === undefined ? undefined : await readAccount(deps.db, { id: session.accountId });
    if (!account || account.status !== 'active') return undefined;
    const grantIds = Object.values(session.authorizations ?? {}).map((one) => one.grantId).filter((id) => id !== undefined);
    return { account, keep: { sessionUid: session.uid, grantIds } };
  };
  const stranger = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    sendPage(request, reply, noticePage(contextOf(request), { title: 'securityTitle', help: 'signInFirst', way: { href: '/', text: 'signIn' }, status: 401 }));

  const show = async (request: FastifyRequest, reply: FastifyReply, account: AccountSecrets, outcome?: AccountOutcome): Promise<FastifyReply> => {
    const pending = outcome?.kind === 'enrol' ? outcome.pending : outcome?.kind === 'fault' ? outcome.pending : undefined;
    const secret = pending === undefined ? undefined : await openPending(deps, account.id, pending);
    const enrol = pending !== undefined && secret
      ? { pending, key: totpSecretText(secret), svg: await qrCode(totpUri(secret, account.login), { type: 'svg', margin: 2, errorCorrectionLevel: 'M' }) }
      : undefined;
    const fresh = outcome?.kind === 'done' ? await readAccount(deps.db, { id: account.id }) : account;
    return sendPage(request, reply, accountPage(contextOf(request), {
      name: account.displayName, totpEnrolled: fresh?.totpEnrolled ?? false, enrol,
      ...(outcome?.kind === 'done' ? { done: outcome.text, codes: outcome.codes } : {}),
      ...(outcome?.kind === 'fault' ? { fault: outcome.fault, faultIn: outcome.part } : {}),
    }));
  };

  scope.get('/oauth/account', async (request, reply) => {
    const signedIn = await whoIs(request, reply);
    return signedIn ? show(request, reply, signedIn.account) : stranger(request, reply);
  });
  scope.post('/oauth/account', async (request, reply) => {
    const signedIn = sentByUs(request, deps.origins) ? await whoIs(request, reply) : undefined;
    if (!signedIn) return stranger(request, reply);
    const field = fieldOf(request);
    return show(request, reply, signedIn.account, await changeAccount(deps, signedIn.account, { step: field('step'), field, remoteAddress: request.ip, keep: signedIn.keep }));
  });
}
