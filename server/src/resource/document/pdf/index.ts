export { openRenderer } from './renderer.ts';
export type { PdfFile, Renderer } from './renderer.ts';
export type { SignatureBox } from './proof.ts';
export type {
  DocumentHead, Field, FormDocument, Letterhead, PatientBlock, ReportDocument, ReportImage, Section, Signatory, SummaryDocument, Verification,
} from './input.ts';
export type { Logo } from './logo.ts';
