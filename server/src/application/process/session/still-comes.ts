import { randomBytes } from 'node:crypto';
import { BedsideError, type Clock } from '../../../kernel/index.ts';
import type { Actor } from '../../../security/policy/index.ts';
import type { ProcessEngine } from '../engine.ts';
import { rolesIn } from '../transition.ts';
import type { TicketContent } from './tickets.ts';

/** A ticket was right when it was given out; this asks whether it is now: the person may come at all, and is still somebody in the case. */
export async function stillComes(deps: { readonly engine: ProcessEngine; readonly clock: Clock; readonly mayCome: (actor: Actor) => Promise<boolean> }, { actor, caseId }: TicketContent): Promise<boolean> {
  if (!await deps.mayCome(actor)) return false;
  try {
    const c = await deps.engine.load({ actor, purpose: actor.role === 'patient' ? 'PATRQT' : 'TREAT', traceId: randomBytes(16).toString('hex'), clock: deps.clock }, caseId);
    return rolesIn(actor, c).length > 0;
  } catch (error) {
    if (error instanceof BedsideError && (error.kind === 'not-found' || error.kind === 'forbidden')) return false;
    throw error;
  }
}
