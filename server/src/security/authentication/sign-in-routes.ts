import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errors, type InteractionResults, type Provider } from 'oidc-provider';
import { readAccount, readTotpSecret } from '../authorization/index.ts';
import type { DemonstrationAccount } from './demonstration.ts';
import { contextFor, fieldOf, sendPage, sentByUs } from './forms.ts';
import { codePage, noticePage, passwordPage, rolePage, type Fault, type Page, type PageContext } from './pages/index.ts';
import { start, takeStep, type Progress, type SignInDeps } from './sign-in-steps.ts';
import { readUsableAccount } from './sign-ins.ts';
import { stepOf, totpCode } from './totp.ts';

export interface SignInRouteDeps extends SignInDeps {
  readonly current: () => Provider;
  readonly origins: readonly string[];
  readonly demonstration: boolean;
  readonly people: () => readonly DemonstrationAccount[];
}

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** What was kept of an earlier step; nothing that is not ours is believed. */
function progressOf(interaction: Interaction): Progress {
  const kept = (interaction.result as { progress?: Progress } | undefined)?.progress;
  if (kept) return kept;
  const accountId = interaction.session?.accountId;
  return interaction.prompt.name === 'select_account' && accountId !== undefined ? { stage: 'role', accountId, methods: [] } : start;
}

export function registerSignInRoutes(scope: FastifyInstance, deps: SignInRouteDeps): void {
  const find = async (request: FastifyRequest, reply: FastifyReply): Promise<Interaction | undefined> => {
    try {
      const interaction = await deps.current().interactionDetails(request.raw, reply.raw);
      return interaction.uid === (request.params as { uid: string }).uid ? interaction : undefined;
    } catch (error) {
      if (error instanceof errors.SessionNotFound) return undefined;
      throw error;
    }
  };
  const contextOf = (request: FastifyRequest, interaction?: Interaction): PageContext =>
    contextFor(request, { demonstration: deps.demonstration, uiLocales: interaction?.params['ui_locales'], ...(interaction ? { here: `/oauth/sign-in/${interaction.uid}` } : {}) });
  const lost = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    sendPage(request, reply, noticePage(contextOf(request), { title: 'errorTitle', help: 'errorHelp', way: { href: '/', text: 'startAgain' }, status: 400 }));

  /** In a demonstration the code is filled in too: the first of the three that count now and was not used. */
  const demonstrationCode = async (accountId: string, login: string): Promise<string | undefined> => {
    const secret = deps.people().find((person) => person.login === login)?.totpSecret;
    if (secret === undefined) return undefined;
    const now = deps.clock.now();
    const { rows } = await deps.db.query<{ counter: string }>('select counter from security.totp_used where account_id = $1 and counter >= $2', [accountId, stepOf(now) - 1]);
    const used = new Set(rows.map((row) => Number(row.counter)));
    const offset = [0, 1, -1].find((one) => !used.has(stepOf(now) + one));
    return offset === undefined ? undefined : totpCode(readTotpSecret(secret), new Date(now.getTime() + offset * 30_000));
  };

  const render = async (request: FastifyRequest, interaction: Interaction, progress: Progress, fault?: Fault): Promise<Page> => {
    const context = contextOf(request, interaction);
    const query = request.query as Readonly<Record<string, unknown>>;
    const account = progress.accountId === undefined ? undefined : await readAccount(deps.db, { id: progress.accountId });
    if (progress.stage === 'code' && account) {
      const recovery = query['use'] === 'recovery' || fieldOf(request)('step') === 'recovery';
      return codePage(context, { name: account.displayName, recovery, fault, code: recovery ? undefined : await demonstrationCode(account.id, account.login) });
    }
    if (progress.stage === 'role' && account) {
      const usable = await readUsableAccount(deps.db, { id: account.id });
      return rolePage(context, { name: account.displayName, roles: usable?.memberships ?? [], fault });
    }
    const people = deps.people();
    const filled = people.find((person) => person.login === query['fill']);
    const hint = interaction.params['login_hint'];
    return passwordPage(context, {
      login: fieldOf(request)('login').slice(0, 120) || (filled?.login ?? (typeof hint === 'string' ? hint.slice(0, 120) : undefined)), password: filled?.password, fault, people,
    });
  };

  scope.get('/oauth/sign-in/:uid', async (request, reply) => {
    const interaction = await find(request, reply);
    if (!interaction) return lost(request, reply);
    return sendPage(request, reply, await render(request, interaction, progressOf(interaction)));
  });

  scope.post('/oauth/sign-in/:uid', async (request, reply) => {
    const interaction = sentByUs(request, deps.origins) ? await find(request, reply) : undefined;
    if (!interaction) return lost(request, reply);
    const before = progressOf(interaction);
    const clientId = String(interaction.params['client_id'] ?? '');
    const field = fieldOf(request);
    const step = await takeStep(deps, before, { step: field('step'), field, remoteAddress: request.ip, clientId });
    if (step.kind === 'show') {
      const result: InteractionResults = { progress: step.progress };
      interaction.result = result;
      await interaction.save(Math.max(1, interaction.exp - Math.floor(Date.now() / 1_000)));
      if (step.fault) return sendPage(request, reply, await render(request, interaction, step.progress, step.fault));
      return reply.redirect(`/oauth/sign-in/${interaction.uid}`, 303);
    }
    const known = step.progress.methods.length === 0; // already signed in, only the role was chosen
    const result: InteractionResults = {
      ...(known ? {} : { login: { accountId: step.accountId, amr: [...step.progress.methods], remember: true } }),
      select_account: { membershipId: step.membershipId },
    };
    const returnTo = await deps.current().interactionResult(request.raw, reply.raw, result, { mergeWithLastSubmission: false });
    await deps.audit({ kind: 'sign-in', outcome: 'success', at: deps.clock.now(), accountId: step.accountId, clientId, remoteAddress: request.ip, methods: step.progress.methods, ...(known ? { reason: 'role-changed' } : {}) });
    return reply.redirect(returnTo, 303);
  });
}
