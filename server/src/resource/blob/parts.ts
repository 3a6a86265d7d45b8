import type { Database } from '../../kernel/index.ts';
import type { DataKeys } from '../../security/keys/index.ts';
import type { Gate } from './gate.ts';
import type { Rack } from './rack.ts';

/** What the operations of the embedded driver share. */
export interface BlobParts {
  readonly db: Database;
  readonly keys: DataKeys;
  /** The racks that are there now. */
  readonly racks: readonly Rack[];
  /** Copies of each fragment. */
  readonly copies: number;
  readonly puts: Gate;
  readonly io: Gate;
  /** How long a put that no longer reports is waited for before what it left is removed. */
  readonly leaseMs: number;
  /** Room that is left free on each disk. */
  readonly reserveBytes: number;
  /** Reads found this copy damaged or missing: it is recorded, reported and repaired in the background. */
  readonly damaged: (copy: DamagedCopy) => void;
  /** Runs something whose failure must be told but not awaited. */
  readonly background: (work: Promise<unknown>) => void;
  readonly onFault: (error: Error) => void;
}

export interface CopyPlace { readonly object: string; readonly no: number; readonly rack: string }
export const damageReasons = ['missing', 'unreadable', 'wrong-size', 'wrong-content'] as const;
export type DamageReason = (typeof damageReasons)[number];
export interface DamagedCopy extends CopyPlace { readonly reason: DamageReason }

export const idBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');
export const isBlobId = (id: string): boolean => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(id);
