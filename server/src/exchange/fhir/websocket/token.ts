import { createHash } from 'node:crypto';
import type { Parameters, Subscription } from '@medplum/fhirtypes';
import { invalid, newSecret, type Clock, type Database } from '../../../kernel/index.ts';
import type { FhirOperation, OpenFhirRepository } from '../../../resource/fhir/index.ts';
import type { Actor, Purpose, RequestContext } from '../../../security/policy/index.ts';
import { askedOf } from './subscription.ts';

const lifeMs = 120_000;
const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();
interface Kept { readonly actor: Actor; readonly purpose: Purpose }

/** `$get-ws-binding-token`: a secret for one WebSocket, good for two minutes and one use. */
export function bindingTokenOperation(repository: OpenFhirRepository, socketUrl: () => string): FhirOperation {
  const { db, clock } = repository.store;
  return {
    code: 'get-ws-binding-token', level: 'instance', type: 'Subscription', affectsState: false, title: 'Token that binds a WebSocket to the subscription',
    description: 'Answers a token to send as "bind-with-token <token>" over the WebSocket, and the WebSocket\'s address.',
    run: async (ctx, { id }) => {
      if (id === undefined) throw invalid('id-missing', 'Name the subscription.');
      const subscription = JSON.parse((await repository.read(ctx, 'Subscription', id)).text) as Subscription;
      askedOf(repository, subscription);
      const token = newSecret();
      const expires = new Date(clock.now().getTime() + lifeMs);
      const kept: Kept = { actor: ctx.actor, purpose: ctx.purpose };
      await db.query('delete from fhir.subscription_token where expires_at < $1', [clock.now()]);
      await db.query('insert into fhir.subscription_token (digest, subscription, context, expires_at) values ($1, $2, $3, $4)', [digestOf(token), id, kept, expires]);
      return {
        resourceType: 'Parameters', parameter: [
          { name: 'token', valueString: token }, { name: 'expiration', valueDateTime: expires.toISOString() },
          { name: 'subscription', valueString: id }, { name: 'websocket-url', valueUrl: socketUrl() },
        ],
      } satisfies Parameters;
    },
  };
}

/** Spends a token. Undefined when there is none such, or no longer. */
export async function redeem(db: Database, clock: Clock, token: string): Promise<{ subscription: string; ctx: RequestContext } | undefined> {
  const { rows } = await db.query<{ subscription: string; context: Kept; expires_at: Date }>('delete from fhir.subscription_token where digest = $1 returning subscription, context, expires_at', [digestOf(token)]);
  const row = rows[0];
  if (!row || row.expires_at <= clock.now()) return undefined;
  return { subscription: row.subscription, ctx: { ...row.context, clock, traceId: '0'.repeat(32) } };
}
