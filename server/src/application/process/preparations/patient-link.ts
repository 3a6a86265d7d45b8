import type { HumanName } from '@medplum/fhirtypes';
import type { Tx } from '../../../kernel/index.ts';
import type { Preparation } from '../engine.ts';

/** Issues single-use links for people without an account; the authentication service is one. */
export interface LinkIssuer {
  issue(tx: Tx, link: { readonly caseId: string; readonly participant: string; readonly displayName: string; readonly expiresAt: Date; readonly issuedBy: string }): Promise<{ readonly token: string; readonly url: string }>;
}

const afterMs = 12 * 3_600_000;
const shown = (name: HumanName | undefined): string => name?.text ?? [name?.given?.join(' '), name?.family].filter(Boolean).join(' ');

/** A link for the patient of the case, good until twelve hours after the agreed time. */
export const patientLink = (links: LinkIssuer): Preparation => async ({ ctx, fhir, case: c, now }) => {
  const agreed = Date.parse(c.appointment?.start ?? '');
  const expiresAt = new Date((Number.isNaN(agreed) ? now.getTime() : Math.max(agreed, now.getTime())) + afterMs);
  const { url } = await links.issue(fhir.tx, { caseId: c.id, participant: `Patient/${c.patient.id}`, displayName: shown(c.patient.name?.[0]), expiresAt, issuedBy: ctx.actor.accountId });
  return { link: { url, expires: expiresAt.toISOString() } };
};
