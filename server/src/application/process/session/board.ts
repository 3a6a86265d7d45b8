import { createHash, randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Attachment, DocumentReference } from '@medplum/fhirtypes';
import { notFound, unauthenticated, unsupported, type Clock, type Database } from '../../../kernel/index.ts';
import type { BoardAdmission, BoardFile } from '../../../media/whiteboard/index.ts';
import type { BlobInfo, BlobStore } from '../../../resource/blob/index.ts';
import type { FhirRepository } from '../../../resource/fhir/contract.ts';
import type { Actor, RequestContext } from '../../../security/policy/index.ts';
import type { ProcessEngine } from '../engine.ts';
import { concept, ref, systems } from '../vocabulary.ts';
import { tagged } from '../write.ts';
import { stillComes } from './still-comes.ts';
import { redeemTicket, type TicketContent } from './tickets.ts';

export interface CaseBoardDeps {
  readonly db: Database;
  readonly blobs: BlobStore;
  readonly repository: FhirRepository;
  readonly engine: ProcessEngine;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Whether the holder of a ticket may (still) come: not suspended, the link not withdrawn. */
  readonly mayCome: (actor: Actor) => Promise<boolean>;
}

/** What the whiteboard asks of the rest of the product. */
export interface CaseBoards {
  admit(ticket: string): Promise<BoardAdmission>;
  /** Everybody who was admitted. */
  seated(): readonly Actor[];
  keepImage(seat: BoardAdmission, bytes: AsyncIterable<Uint8Array>, contentType: string): Promise<string>;
  openImage(seat: BoardAdmission, id: string): Promise<{ readonly contentType: string; readonly size: number; readonly stream: Readable }>;
  keepBoard(seat: BoardAdmission, picture: AsyncIterable<Uint8Array>, scene: BoardFile): Promise<void>;
}

const mostImageBytes = 20 * 1024 * 1024;
const signatures: Readonly<Record<string, string>> = { 'image/png': '89504e47', 'image/jpeg': 'ffd8ff' };

/** Lets only what begins like the picture it claims to be pass. */
async function* pictures(bytes: AsyncIterable<Uint8Array>, contentType: string): AsyncGenerator<Uint8Array> {
  let first = true;
  for await (const chunk of bytes) {
    const signature = signatures[contentType];
    if (first && (!signature || !Buffer.from(chunk).subarray(0, 4).toString('hex').startsWith(signature))) throw unsupported('not-a-picture', 'Only PNG and JPEG pictures can be put on the whiteboard.');
    first = false;
    yield chunk;
  }
}

/** Joins the whiteboard to the case: tickets, pictures as Binaries of the case, and the finished board as one of its documents. */
export function caseBoards(deps: CaseBoardDeps): CaseBoards {
  const { db, blobs, repository, engine, clock, newId } = deps;
  const seats = new Map<string, TicketContent>();
  const contextOf = (actor: Actor): RequestContext => ({ actor, purpose: actor.role === 'patient' ? 'PATRQT' : 'TREAT', traceId: randomBytes(16).toString('hex'), clock });
  const contentOf = (seat: BoardAdmission): TicketContent => {
    const content = seats.get(`${seat.boardId}/${seat.participantId}`);
    if (!content) throw unauthenticated('ticket-unknown', 'Join again from the case.');
    return content;
  };
  const binary = async (content: TicketContent, bytes: AsyncIterable<Uint8Array>, contentType: string): Promise<{ id: string; info: BlobInfo }> => {
    const id = newId();
    const info = await blobs.put(bytes, { owner: `Binary/${id}`, contentType, maxBytes: mostImageBytes });
    const c = await engine.load(contextOf(content.actor), content.caseId);
    await repository.transaction(contextOf(content.actor), (fhir) => fhir.create(tagged({ resourceType: 'Binary', id, contentType }, content.caseId), { byEngine: true, caseId: content.caseId, owner: c.inviter.institution.id }), { byEngine: true });
    return { id, info };
  };

  return {
    async admit(ticket) {
      const content = await redeemTicket(db, 'whiteboard', ticket, clock.now());
      if (!content || !await stillComes(deps, content)) throw unauthenticated('ticket-invalid', 'This way to the whiteboard is too old: join again from the case.');
      seats.set(`${content.caseId}/${content.participant}`, content);
      return { boardId: content.caseId, participantId: content.participant, displayName: content.name, canDraw: true };
    },

    seated: () => [...seats.values()].map((content) => content.actor),

    keepImage: async (seat, bytes, contentType) => (await binary(contentOf(seat), pictures(bytes, contentType), contentType)).id,

    async openImage(seat, id) {
      await repository.read(contextOf(contentOf(seat).actor), 'Binary', id);
      const [info] = await blobs.of(`Binary/${id}`);
      if (!info) throw notFound('picture-missing', 'This picture is not there any more.');
      return { contentType: info.contentType, size: info.size, stream: await blobs.read(info.id) };
    },

    async keepBoard(seat, picture, scene) {
      const content = contentOf(seat);
      const ctx = contextOf(content.actor);
      const c = await engine.load(ctx, content.caseId);
      const at = clock.now().toISOString();
      const sha1 = createHash('sha1');
      const drawn = await binary(content, (async function* () {
        for await (const chunk of pictures(picture, 'image/png')) {
          sha1.update(chunk);
          yield chunk;
        }
      })(), 'image/png');
      const source = Buffer.from(JSON.stringify(scene));
      const kept = await binary(content, (async function* () { yield source; })(), 'application/json');
      const attachment = (id: string, contentType: string, size: number, hash: string): { attachment: Attachment } => ({ attachment: { contentType, url: `Binary/${id}`, size, hash, creation: at, title: 'Whiteboard' } });
      const document: DocumentReference & { id: string } = tagged({
        resourceType: 'DocumentReference', id: newId(), status: 'current', date: at, type: concept('urn:bedside:document', 'whiteboard'),
        category: [concept(systems.materialClass, 'other')], subject: ref('Patient', c.patient.id), description: 'Whiteboard',
        context: { related: [ref('Task', c.id)] },
        content: [attachment(drawn.id, 'image/png', drawn.info.size, sha1.digest('base64')), attachment(kept.id, 'application/json', source.length, createHash('sha1').update(source).digest('base64'))],
      }, c.id);
      await repository.transaction(ctx, (fhir) => fhir.create(document, { byEngine: true, caseId: c.id, owner: c.inviter.institution.id }), { byEngine: true });
    },
  };
}
