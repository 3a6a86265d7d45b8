import type { Readable } from 'node:stream';
import type { Branded } from '../../kernel/index.ts';

export type BlobId = Branded<'BlobId'>;

export interface BlobInfo {
  readonly id: BlobId;
  /** What it belongs to, e.g. `Binary/abc`: rights are those of that FHIR row. One owner, no sharing. */
  readonly owner: string;
  readonly size: number;
  readonly contentType: string;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly createdAt: Date;
}

/**
 * Bytes of any size, never held in memory whole: written to at least two racks, encrypted in 64 KiB AES-256-GCM segments under a
 * key of their own, checked on reading. What `put` returned is durable.
 */
export interface BlobStore {
  /** @throws too-large over `maxBytes`; nothing is left behind when the stream fails. */
  put(bytes: AsyncIterable<Uint8Array>, about: { owner: string; contentType: string; maxBytes?: number; sha256?: string }): Promise<BlobInfo>;
  info(id: BlobId): Promise<BlobInfo>;
  /** The objects of an owner, newest first, at most 100. */
  of(owner: string): Promise<BlobInfo[]>;
  /** @param range first and last byte, inclusive. Reads another rack when a fragment is damaged, and repairs it. */
  read(id: BlobId, range?: { first: number; last: number }): Promise<Readable>;
  /** Destroys the key, overwrites the fragments, and proves that none is left. */
  destroy(id: BlobId): Promise<{ fragmentsOverwritten: number; at: Date }>;
}
