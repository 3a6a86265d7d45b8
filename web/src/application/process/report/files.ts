import type { Attachment, DiagnosticReport } from '@medplum/fhirtypes';
import type { FhirClient } from '../../../fhir/index.ts';

/** The full report and the one in plain words, as the server signed them. */
export const filesOf = (report: DiagnosticReport | undefined): { full: Attachment | undefined; plain: Attachment | undefined } => ({ full: report?.presentedForm?.[0], plain: report?.presentedForm?.[1] });
export const verificationCode = (report: DiagnosticReport | undefined): string | undefined => report?.identifier?.find((one) => one.system === 'urn:bedside:verification-code')?.value;

async function asPdf(client: FhirClient, attachment: Attachment): Promise<string> {
  const bytes = await client.bytes(attachment.url ?? '');
  return URL.createObjectURL(new Blob([bytes], { type: 'application/pdf' }));
}

/** Saves a file of the report on this device. */
export async function download(client: FhirClient, attachment: Attachment, name: string): Promise<void> {
  const url = await asPdf(client, attachment);
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name}.pdf`;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Opens a file of the report in a tab of its own, where the browser can print it. */
export async function openForPrint(client: FhirClient, attachment: Attachment): Promise<void> {
  // The tab is opened before the bytes are there: later the browser would block it.
  const tab = globalThis.open('', '_blank');
  const url = await asPdf(client, attachment);
  if (tab) tab.location.href = url;
  setTimeout(() => URL.revokeObjectURL(url), 300_000);
}
