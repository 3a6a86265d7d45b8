import type { Preparation } from '../application/process/index.ts';
import { publishedReport, signedReport } from '../application/process/preparations/signed-report.ts';
import { openRenderer } from '../resource/document/pdf/index.ts';
import type { Proofs } from '../security/authentication/index.ts';
import { replaceDocument } from '../security/signature/index.ts';
import type { Foundation } from './foundation.ts';
import { recipientsOf } from './recipients.ts';

/** Writing, signing and publishing of reports, with what they need of the rest. */
export function reportServices(foundation: Foundation, deps: { proofs: Proofs; url: string; isDemonstration: () => boolean }): { preparations: { 'signed-report': Preparation; 'published-report': Preparation }; close(): Promise<void> } {
  const renderer = openRenderer();
  return {
    preparations: {
      'signed-report': signedReport({
        blobs: foundation.blobs, renderer, isDemonstration: deps.isDemonstration,
        signing: { authority: foundation.authority, keys: foundation.wrapper, clock: foundation.clock, consumeProof: (tx, accountId, proofId) => deps.proofs.consume(tx, accountId, proofId) },
        reauthenticate: (ctx, code) => deps.proofs.reauthenticate(ctx, code),
        verifyUrl: (code) => `${deps.url}/verify/${code}`,
        readerOf: async (inviter) => {
          const [reader] = await recipientsOf(foundation.db, [inviter]);
          return reader && { language: reader.locale.split('-')[0]!, timeZone: reader.timeZone };
        },
      }),
      'published-report': publishedReport((fhir, older, newer) => replaceDocument(fhir.tx, older, newer)),
    },
    close: () => renderer.close(),
  };
}
