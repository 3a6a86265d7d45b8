import * as Y from 'yjs';
import { BedsideError, invalid, tooLarge } from '../../kernel/index.ts';
import { boardLimits, elementFault, imageFault } from './scene.ts';
import type { BoardStorage, StoredBoard } from './storage.ts';

export interface BoardListener {
  /** A change that is durable now. */
  changed(update: Uint8Array): void;
  /** The board can no longer be held here: reconnect. */
  over(): void;
}

/** How long changes are gathered before they are written together. */
const gatherMs = 4;
const compactAfterUpdates = 500;
const compactAfterBytes = 2_097_152;

interface Change { readonly update: Uint8Array; readonly participant: string; readonly done: () => void; readonly failed: (error: unknown) => void }

/**
 * One board held by this process. Two documents: `durable` is what is in the database and what others are shown; `candidate` is that and the
 * changes on their way. A change is tried on the candidate; one that is refused costs a new candidate and nothing else.
 */
export class Board {
  readonly id: string;
  readonly durable = new Y.Doc();
  #candidate = new Y.Doc();
  readonly #storage: BoardStorage;
  readonly #listeners = new Set<BoardListener>();
  readonly #clients: Map<number, string>;
  #newClients = new Map<number, string>();
  #changes: Change[] = [];
  #writing: Promise<void> | undefined;
  #seq: bigint;
  #since = { updates: 0, bytes: 0 };
  #bytes: number;
  #over = false;

  constructor(id: string, storage: BoardStorage, stored: StoredBoard) {
    this.id = id;
    this.#storage = storage;
    this.#seq = stored.seq;
    this.#clients = new Map(stored.clients);
    this.#bytes = stored.state?.length ?? 0;
    if (stored.state) Y.applyUpdate(this.durable, stored.state);
    this.#renewCandidate();
  }

  get listeners(): number { return this.#listeners.size; }
  /** True for a Yjs client id that this participant may use. */
  owns(client: number, participant: string): boolean { return (this.#clients.get(client) ?? participant) === participant; }

  listen(listener: BoardListener): () => void {
    this.#listeners.add(listener);
    return () => { this.#listeners.delete(listener); };
  }

  /** What somebody who has `stateVector` is missing of the durable board. @throws invalid `whiteboard-message` */
  missing(stateVector: Uint8Array): Uint8Array {
    try {
      return Y.encodeStateAsUpdate(this.durable, stateVector);
    } catch (cause) {
      throw invalid('whiteboard-message', 'The state vector cannot be read.', { cause });
    }
  }

  /** Takes a participant's change; resolves when it is durable and shown. @throws invalid `whiteboard-update`, too-large `whiteboard-full` */
  change(update: Uint8Array, participant: string): Promise<void> {
    if (update.length <= 2 || this.#over) return Promise.resolve();
    if (this.#bytes + update.length > boardLimits.mostBoardBytes) throw tooLarge('whiteboard-full', 'The board is full: remove something or begin a new one.');
    this.#try(update, participant);
    this.#bytes += update.length;
    return new Promise((done, failed) => {
      this.#changes.push({ update, participant, done, failed });
      this.#writing ??= this.#write();
    });
  }

  /** Waits until everything taken is durable. */
  async settled(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  async close(): Promise<void> {
    await this.settled();
    if (!this.#over && this.#since.updates > 0) await this.#compact();
    this.end();
  }

  /** Lets go without writing: the storage is lost. */
  end(): void {
    if (this.#over) return;
    this.#over = true;
    for (const listener of this.#listeners) listener.over();
    this.#listeners.clear();
    this.durable.destroy();
    this.#candidate.destroy();
  }

  #renewCandidate(): void {
    this.#candidate.destroy();
    this.#candidate = new Y.Doc();
    this.#candidate.getMap('elements');
    this.#candidate.getMap('images');
    Y.applyUpdate(this.#candidate, Y.encodeStateAsUpdate(this.durable));
    for (const { update } of this.#changes) Y.applyUpdate(this.#candidate, update);
  }

  #try(update: Uint8Array, participant: string): void {
    const fresh = this.#newWriters(update, participant);
    let fault: string | undefined;
    const judge = (transaction: Y.Transaction): void => { fault = faultOf(this.#candidate, transaction); };
    this.#candidate.on('afterTransaction', judge);
    try {
      Y.applyUpdate(this.#candidate, update);
      if (this.#candidate.store.pendingStructs || this.#candidate.store.pendingDs) fault ??= 'it builds on changes that are not here';
    } catch {
      fault ??= 'it cannot be applied';
    } finally {
      this.#candidate.off('afterTransaction', judge);
    }
    if (fault !== undefined) {
      this.#renewCandidate();
      throw invalid('whiteboard-update', `The change was refused: ${fault}.`);
    }
    for (const client of fresh) {
      this.#clients.set(client, participant);
      this.#newClients.set(client, participant);
    }
  }

  /** Yjs client ids under which the update writes something new. Each belongs to the first participant who used it. */
  #newWriters(update: Uint8Array, participant: string): number[] {
    let structs: ReturnType<typeof Y.decodeUpdate>['structs'];
    try {
      ({ structs } = Y.decodeUpdate(update));
    } catch (cause) {
      throw invalid('whiteboard-update', 'The change cannot be read.', { cause });
    }
    const writers = new Set<number>();
    for (const struct of structs) if (struct.id.clock + struct.length > Y.getState(this.#candidate.store, struct.id.client)) writers.add(struct.id.client);
    for (const client of writers) if (!this.owns(client, participant)) throw invalid('whiteboard-update', 'The change was refused: it is written in the name of somebody else.');
    return [...writers].filter((client) => !this.#clients.has(client));
  }

  async #write(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, gatherMs));
    while (this.#changes.length > 0 && !this.#over) {
      const changes = [...this.#changes];
      const clients = this.#newClients;
      this.#newClients = new Map();
      const update = changes.length === 1 ? changes[0]!.update : Y.mergeUpdates(changes.map((change) => change.update));
      try {
        this.#seq = await this.#storage.append(this.id, update, [...new Set(changes.map((change) => change.participant))], clients);
      } catch (error) {
        // Nobody was shown these changes; who made them still has them and sends them again after reconnecting.
        for (const change of this.#changes.splice(0)) change.failed(error);
        this.#writing = undefined;
        this.end();
        return;
      }
      this.#changes = this.#changes.slice(changes.length);
      if (this.#over) break;
      Y.applyUpdate(this.durable, update);
      for (const listener of this.#listeners) listener.changed(update);
      for (const change of changes) change.done();
      this.#since = { updates: this.#since.updates + 1, bytes: this.#since.bytes + update.length };
      if (this.#since.updates >= compactAfterUpdates || this.#since.bytes >= compactAfterBytes) {
        // A compaction that fails changes nothing: it is tried again after the next change.
        await this.#compact().catch(() => undefined);
      }
    }
    this.#writing = undefined;
  }

  async #compact(): Promise<void> {
    const state = Y.encodeStateAsUpdate(this.durable);
    await this.#storage.compact(this.id, state, this.#seq);
    this.#bytes = state.length;
    this.#since = { updates: 0, bytes: 0 };
  }
}

function faultOf(doc: Y.Doc, transaction: Y.Transaction): string | undefined {
  const elements = doc.getMap<unknown>('elements');
  const images = doc.getMap<unknown>('images');
  for (const name of doc.share.keys()) if (name !== 'elements' && name !== 'images') return 'it writes outside the board';
  for (const [type, keys] of transaction.changed) {
    const target: unknown = type;
    if (target !== elements && target !== images) return 'it nests shared types';
    for (const key of keys) {
      if (key === null) return 'it writes a list';
      const map = target === elements ? elements : images;
      if (!map.has(key)) return target === elements ? 'it removes an element without a trace' : 'it removes an image';
      const value = map.get(key);
      const fault = target === elements ? elementFault(key, value) : imageFault(key, value);
      if (fault !== undefined) return fault;
    }
  }
  if (elements.size > boardLimits.mostElements) return 'there are too many elements';
  return images.size > boardLimits.mostImages ? 'there are too many images' : undefined;
}

export const isRefusal = (error: unknown): error is BedsideError => error instanceof BedsideError && (error.kind === 'invalid' || error.kind === 'too-large');
