import { conflict, invalid, notFound, type Sql, type Tx } from '../../kernel/index.ts';
import type { DocumentCode } from './code.ts';

export const documentStates = ['genuine', 'replaced', 'revoked', 'unknown'] as const;
export type DocumentState = (typeof documentStates)[number];

/** All that anybody may learn of a document who has its code. */
export type DocumentAnswer =
  | { readonly state: 'unknown' }
  | {
    readonly state: 'genuine' | 'replaced' | 'revoked';
    readonly signedAt: Date;
    /** Lower-case hex, of the file as it was published. */
    readonly sha256: string;
    /** When the newer version was signed. */
    readonly replacedAt?: Date;
    readonly revokedAt?: Date;
  };

/**
 * Records a signed document under its code; `replaces` is then answered as replaced.
 * @throws conflict `document-replaced` when the older version was replaced by another one already, `document-code` when the code is taken; not-found for an unknown `replaces`.
 */
export async function recordDocument(tx: Tx, document: { code: DocumentCode; sha256: string; signedAt: Date; replaces?: DocumentCode }): Promise<void> {
  if (!/^[0-9a-f]{64}$/.test(document.sha256)) throw invalid('document-sha256', 'sha256 must be 64 hex digits.', { details: { at: 'sha256' } });
  const inserted = await tx.query('insert into security.document_code (code, sha256, signed_at) values ($1, $2, $3) on conflict do nothing', [document.code, document.sha256, document.signedAt]);
  if (inserted.rowCount !== 1) throw conflict('document-code', 'This code belongs to another document.');
  if (document.replaces === undefined) return;
  const { rows } = await tx.query<{ replaced_by: string | null }>('select replaced_by from security.document_code where code = $1 for update', [document.replaces]);
  if (!rows[0]) throw notFound('document-unknown', 'The version that is to be replaced is not known.', { details: { at: 'replaces' } });
  if (rows[0].replaced_by !== null) throw conflict('document-replaced', 'Another version replaced it already.', { details: { at: 'replaces' } });
  await tx.query('update security.document_code set replaced_by = $2 where code = $1', [document.replaces, document.code]);
}

/** Declares a document invalid; the first time stands when it is repeated. @throws not-found `document-unknown` */
export async function revokeDocument(tx: Tx, code: DocumentCode, at: Date): Promise<void> {
  const { rowCount } = await tx.query('update security.document_code set revoked_at = coalesce(revoked_at, $2) where code = $1', [code, at]);
  if (rowCount !== 1) throw notFound('document-unknown', 'There is no document with this code.');
}

export async function findDocument(sql: Sql, code: DocumentCode): Promise<DocumentAnswer> {
  const { rows } = await sql.query<{ sha256: string; signed_at: Date; revoked_at: Date | null; replaced_at: Date | null }>({
    name: 'document-code', values: [code],
    text: 'select d.sha256, d.signed_at, d.revoked_at, n.signed_at as replaced_at from security.document_code d left join security.document_code n on n.code = d.replaced_by where d.code = $1',
  });
  const row = rows[0];
  if (!row) return { state: 'unknown' };
  return {
    state: row.revoked_at ? 'revoked' : row.replaced_at ? 'replaced' : 'genuine', signedAt: row.signed_at, sha256: row.sha256,
    ...(row.replaced_at ? { replacedAt: row.replaced_at } : {}), ...(row.revoked_at ? { revokedAt: row.revoked_at } : {}),
  };
}

/** Declares the older of two recorded documents replaced by the newer one: when that is published, not when it is signed. @throws not-found `document-unknown` */
export async function replaceDocument(tx: Tx, older: DocumentCode, newer: DocumentCode): Promise<void> {
  const { rowCount } = await tx.query('update security.document_code set replaced_by = coalesce(replaced_by, $2) where code = $1 and exists (select 1 from security.document_code where code = $2)', [older, newer]);
  if (rowCount !== 1) throw notFound('document-unknown', 'There is no document with this code.');
}
