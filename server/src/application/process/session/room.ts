import { randomBytes } from 'node:crypto';
import type { Communication, Encounter } from '@medplum/fhirtypes';
import { BedsideError, unauthenticated, type Clock, type Database } from '../../../kernel/index.ts';
import type { RoomAdmission } from '../../../media/index.ts';
import type { FhirRepository } from '../../../resource/fhir/contract.ts';
import type { Actor, RequestContext } from '../../../security/policy/index.ts';
import type { ProcessEngine } from '../engine.ts';
import { concept, ref, systems } from '../vocabulary.ts';
import { tagged } from '../write.ts';
import { stillComes } from './still-comes.ts';
import { hostOf, redeemTicket, type TicketContent } from './tickets.ts';

export interface CaseRoomDeps {
  readonly db: Database;
  readonly repository: FhirRepository;
  readonly engine: ProcessEngine;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Whether the holder of a ticket may (still) come: not suspended, the link not withdrawn. */
  readonly mayCome: (actor: Actor) => Promise<boolean>;
  readonly onFault: (error: unknown, caseId: string) => void;
}

const parameters = (...parameter: { name: string; valueBoolean?: boolean; valueCode?: string }[]) => ({ resourceType: 'Parameters' as const, parameter });

/**
 * Joins the room to the case: tickets are redeemed, presence goes into the Encounter, consent and chat into the case, and the host's
 * ending ends the session. The room's id is the case's.
 */
export function caseRooms(deps: CaseRoomDeps): RoomAdmission & { seated(): readonly Actor[] } {
  const { db, repository, engine, clock, newId } = deps;
  const tickets = new Map<string, TicketContent>();
  const contextOf = (actor: Actor): RequestContext => ({ actor, purpose: actor.role === 'patient' ? 'PATRQT' : 'TREAT', traceId: randomBytes(16).toString('hex'), clock });
  const held = (caseId: string, participant: string): TicketContent => {
    const content = tickets.get(`${caseId}/${participant}`);
    if (!content) throw unauthenticated('ticket-unknown', 'Join again from the case.');
    return content;
  };

  /** Notes in the Encounter when somebody was there. */
  async function presence(content: TicketContent, present: boolean): Promise<void> {
    await repository.transaction(contextOf(content.actor), async (fhir) => {
      const c = await engine.load(contextOf(content.actor), content.caseId);
      if (!c.encounter?.id) return;
      const { resource } = await fhir.readForUpdate<Encounter>('Encounter', c.encounter.id);
      const now = clock.now().toISOString();
      const individual = content.actor.profile?.startsWith('Practitioner/') ? { reference: content.actor.profile, display: content.name } : { display: content.name };
      const participant = present
        ? [...(resource.participant ?? []), { individual: individual as never, period: { start: now }, type: [concept(systems.role, content.role)] }]
        : (resource.participant ?? []).map((p) => (p.individual?.display === content.name && !p.period?.end ? { ...p, period: { ...p.period, end: now } } : p));
      await fhir.update({ ...resource, participant }, { byEngine: true });
    }, { byEngine: true });
  }

  return {
    async admit(ticket) {
      const content = await redeemTicket(db, 'room', ticket, clock.now());
      if (!content || !await stillComes(deps, content)) throw unauthenticated('ticket-invalid', 'This way into the room is used or too old: join again from the case.');
      tickets.set(`${content.caseId}/${content.participant}`, content);
      const leads = content.role !== 'patient';
      return { roomId: content.caseId, participantId: content.participant, displayName: content.name, role: leads ? 'host' : 'patient', caseId: content.caseId, canAdmit: leads };
    },

    async onJoined({ roomId, participantId }) {
      const content = held(roomId, participantId);
      const ctx = contextOf(content.actor);
      const c = await engine.load(ctx, content.caseId);
      if (c.states.session !== 'open' && content.role !== 'patient') {
        try {
          await engine.perform(ctx, content.caseId, 'open-session', undefined);
        } catch (error) {
          // The other side opened it a moment earlier: that is what was wanted.
          if (!(error instanceof BedsideError) || error.kind !== 'conflict') throw error;
        }
      }
      await presence(content, true);
    },

    async onLeft({ roomId, participantId }) {
      const content = held(roomId, participantId);
      await presence(content, false);
      tickets.delete(`${roomId}/${participantId}`);
    },

    async onEnded(roomId, reason) {
      if (reason !== 'ended-by-host') return;
      const actor = await hostOf(db, roomId);
      if (!actor) return;
      const c = await engine.load(contextOf(actor), roomId);
      if (c.states.session === 'open') await engine.perform(contextOf(actor), roomId, 'end-session', undefined);
    },

    async onConsent({ roomId, participantId }, granted) {
      const content = held(roomId, participantId);
      await engine.perform(contextOf(content.actor), content.caseId, 'record-consent', parameters({ name: 'granted', valueBoolean: granted }, { name: 'scope', valueCode: 'picture' }));
    },

    async onChat({ roomId, participantId }, line) {
      const content = held(roomId, participantId);
      const ctx = contextOf(content.actor);
      const c = await engine.load(ctx, content.caseId);
      const communication: Communication & { id: string } = tagged({
        resourceType: 'Communication', id: newId(), status: 'completed', category: [concept(systems.communication, 'chat')], subject: ref('Patient', c.patient.id),
        basedOn: [ref('Task', c.id)], about: [ref('Task', c.id)], sent: line.sentAt, payload: [{ contentString: line.text }],
        ...(c.encounter?.id ? { encounter: ref('Encounter', c.encounter.id) } : {}),
        sender: { ...(content.actor.profile ? { reference: content.actor.profile } : {}), display: content.name } as never,
      }, c.id);
      await repository.transaction(ctx, (fhir) => fhir.create(communication, { byEngine: true, caseId: c.id, owner: c.inviter.institution.id }), { byEngine: true });
    },

    seated: () => [...tickets.values()].map((content) => content.actor),
    onFault: (error, roomId) => { deps.onFault(error, roomId); },
  };
}
