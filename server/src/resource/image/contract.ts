import type { Readable } from 'node:stream';
import type { FrameIndex } from '@bedside/dicom';
import type { BedsideError } from '../../kernel/index.ts';
import type { RequestContext } from '../../security/policy/index.ts';
import type { BlobId } from '../blob/index.ts';
import type { InstanceIds } from './attributes.ts';

export interface StoredInstance { readonly ids: InstanceIds; readonly sopClass: string; readonly imagingStudyId: string; readonly outcome: 'stored' | 'duplicate' }
export interface RefusedInstance { readonly ids: InstanceIds | undefined; readonly sopClass?: string; readonly error: BedsideError }

export interface StoreOptions {
  /** `Patient/x` that the images belong to, when the sender knows; else found by Patient ID. */
  readonly patient?: string;
  /** Institution whose archive it is; default: the actor's. */
  readonly owner?: string;
  /** The only study that is accepted. */
  readonly study?: string;
  readonly maxBytes?: number;
}

/** One delivery of instances (a STOW request, an association, a folder). */
export interface StoreSession {
  /** Keeps one file. Durable when it returns, shown and acknowledged only after `finish`. Never throws for a bad file. @returns what was wrong, if anything */
  add(bytes: AsyncIterable<Uint8Array>): Promise<RefusedInstance | undefined>;
  /** Makes everything added visible and writes the ImagingStudy rows, study by study. */
  finish(): Promise<{ readonly stored: readonly StoredInstance[]; readonly refused: readonly RefusedInstance[] }>;
  /** Removes what was added and not finished. */
  abandon(): Promise<void>;
}

export interface StudyRow {
  readonly owner: string; readonly study_uid: string; readonly imaging_study_id: string;
  readonly patient_id: string | null; readonly issuer: string | null; readonly patient_name: string | null; readonly patient_birth_date: string | null; readonly patient_sex: string | null; readonly patient_reference: string | null;
  readonly study_date: string | null; readonly study_time: string | null; readonly accession_number: string | null; readonly study_id: string | null; readonly description: string | null; readonly referring_physician: string | null; readonly timezone: string | null;
}
export interface SeriesRow {
  readonly owner: string; readonly study_uid: string; readonly series_uid: string; readonly modality: string | null; readonly number: number | null; readonly description: string | null;
  readonly body_part: string | null; readonly series_date: string | null; readonly series_time: string | null; readonly instances: number;
}
export interface InstanceRow {
  readonly owner: string; readonly study_uid: string; readonly series_uid: string; readonly sop_uid: string; readonly sop_class: string; readonly transfer_syntax: string; readonly number: number | null;
  readonly frames: number; readonly rows: number | null; readonly columns: number | null; readonly size: number; readonly blob_id: BlobId; readonly deflated: boolean; readonly frame_index: FrameIndex;
}

/** Keys of a study search; strings may hold `*` and `?`. Dates are `YYYYMMDD` or a range `A-B`. */
export interface StudyQuery {
  readonly studyUid?: readonly string[]; readonly patientId?: string; readonly patientName?: string; readonly studyDate?: string; readonly accession?: string; readonly modality?: string; readonly description?: string; readonly studyId?: string;
  readonly offset: number; readonly limit: number;
}
export interface StudyMatch { readonly study: StudyRow; readonly modalities: readonly string[]; readonly series: number; readonly instances: number }

/** What is asked for: a study, one of its series, or one instance. */
export interface Selection { readonly study: string; readonly series?: string; readonly instance?: string }

/**
 * The image repository: DICOM instances as received, found by their attributes. Every reading is decided by the ImagingStudy row, read with the
 * caller's own context; that decision holds a few seconds, so that a viewing is audited once and not per frame.
 */
export interface ImageRepository {
  openSession(ctx: RequestContext, options?: StoreOptions): StoreSession;
  searchStudies(ctx: RequestContext, query: StudyQuery): Promise<StudyMatch[]>;
  study(ctx: RequestContext, study: string): Promise<StudyMatch>;
  series(ctx: RequestContext, selection: Selection): Promise<SeriesRow[]>;
  /** Ordered by series and instance number. @throws not-found when nothing is selected, or nothing the caller may see. */
  instances(ctx: RequestContext, selection: Selection): Promise<InstanceRow[]>;
  /** DICOM JSON model of each instance, as JSON texts. */
  metadata(ctx: RequestContext, selection: Selection): Promise<string[]>;
  /** The file as received. */
  open(row: InstanceRow, range?: { first: number; last: number }): Promise<Readable>;
  /** Bytes of a frame, counted from 1, in the stored transfer syntax. */
  frame(row: InstanceRow, frame: number): Promise<Uint8Array>;
  /** Removes deliveries that a crash left unfinished. Safe at any time; call at start and hourly. @returns how many instances were removed */
  sweep(): Promise<number>;
}
