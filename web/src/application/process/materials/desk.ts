import type { ListEntry, Provenance } from '@medplum/fhirtypes';
import { codeIn, referenceKey } from '../../../fhir/index.ts';
import { materialClasses, type MaterialClass } from '../../../record/index.ts';
import type { CaseView } from '../case.ts';
import { systems } from '../vocabulary.ts';

export interface DeskItem { readonly key: string; readonly kind: MaterialClass; readonly added: string | undefined; readonly removed: boolean; readonly sent: boolean; readonly display: string | undefined }

export const kindOf = (entry: ListEntry): MaterialClass => {
  const code = codeIn(entry.flag, systems.materialClass) ?? entry.flag?.coding?.[0]?.code;
  return materialClasses.find((one) => one === code) ?? 'other';
};

/** What lies on the desk and what lay there, with whether the newest package holds it. */
export function deskOf(view: CaseView): DeskItem[] {
  const sent = new Set((view.packages.at(-1)?.content ?? []).flatMap((one) => referenceKey(one) ?? []));
  return (view.materials?.entry ?? []).flatMap((entry) => {
    const key = referenceKey(entry.item);
    return key ? [{ key, kind: kindOf(entry), added: entry.date, removed: entry.deleted === true, sent: sent.has(key), display: entry.item.display }] : [];
  });
}

export interface SentItem { readonly key: string; readonly sha256: string | undefined }
export interface SentPackage { readonly id: string; readonly number: string; readonly created: string | undefined; readonly items: readonly SentItem[]; readonly receipts: readonly Provenance[] }

/** Packages as they were sent, newest first, with the hash of each item and who acknowledged them. */
export function packagesOf(view: CaseView): SentPackage[] {
  return view.packages.map((manifest): SentPackage => ({
    id: manifest.id ?? '', number: manifest.description ?? '', created: manifest.created,
    items: (manifest.content ?? []).flatMap((content) => {
      const key = referenceKey(content);
      const related = (manifest.related ?? []).find((one) => referenceKey(one.ref) === key && one.identifier?.system === systems.sha256);
      return key ? [{ key, sha256: related?.identifier?.value }] : [];
    }),
    receipts: view.provenance.filter((one) => codeIn(one.activity, systems.action) === 'acknowledge-materials' && (one.target ?? []).some((target) => referenceKey(target) === `DocumentManifest/${manifest.id}`)),
  })).reverse();
}
