import { assertUid, characterSets, DicomError, frameTotal, indexFrames, number, plainText, tagName, tags, text, toDicomJson, type DataSet, type FrameIndex, type Part10 } from '@bedside/dicom';
import { invalid, type BedsideError } from '../../kernel/index.ts';

/** The identifiers by which an instance is filed; known long before its pixels. */
export interface InstanceIds { readonly study: string; readonly series: string; readonly sop: string }

/** Key attributes of an instance, decoded to Unicode, as the index keeps them. */
export interface InstanceAttributes {
  readonly ids: InstanceIds;
  readonly sopClass: string;
  readonly transferSyntax: string;
  readonly deflated: boolean;
  readonly number: number | undefined;
  readonly frames: number;
  readonly frameIndex: FrameIndex;
  readonly rows: number | undefined;
  readonly columns: number | undefined;
  readonly series: { readonly modality?: string; readonly number?: number; readonly description?: string; readonly bodyPart?: string; readonly date?: string; readonly time?: string };
  readonly study: {
    readonly patientId?: string; readonly issuer?: string; readonly patientName?: string; readonly birthDate?: string; readonly sex?: string;
    readonly date?: string; readonly time?: string; readonly accession?: string; readonly id?: string; readonly description?: string; readonly referring?: string; readonly timezone?: string;
  };
  /** DICOM JSON model without pixels. */
  readonly metadata: string;
}

/** True when all three identifiers have been read. */
export const hasIds = (set: DataSet): boolean => [tags.SOPInstanceUID, tags.StudyInstanceUID, tags.SeriesInstanceUID].every((tag) => set.elements.get(tag)?.bytes);

export function readIds(set: DataSet): InstanceIds {
  const uid = (tag: number): string => {
    const value = plainText(set, tag);
    if (value === undefined) throw new DicomError('value-missing', 'An instance is filed by it', { tag });
    return assertUid(value, tag);
  };
  return { study: uid(tags.StudyInstanceUID), series: uid(tags.SeriesInstanceUID), sop: uid(tags.SOPInstanceUID) };
}

/** Where a value that is not in the metadata can be had. @see PS3.18 10.4.1.1.5 */
export const bulkPath = (ids: InstanceIds, at: { offset: number; length: number }): string =>
  `/dicomweb/studies/${ids.study}/series/${ids.series}/instances/${ids.sop}/bulkdata/${at.offset}-${at.length}`;

/** @throws DicomError */
export function readAttributes(file: Part10): InstanceAttributes {
  const set = file.dataset;
  const ids = readIds(set);
  const frameIndex = indexFrames(file);
  const string = (tag: number, most = 1024): string | undefined => withoutNul(text(set, tag))?.slice(0, most);
  const whole = (tag: number): number | undefined => {
    const value = number(set, tag);
    return value !== undefined && Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? value : undefined;
  };
  return {
    ids, sopClass: assertUid(plainText(set, tags.SOPClassUID) ?? '1.2.840.10008.0', tags.SOPClassUID),
    transferSyntax: file.syntax.uid, deflated: file.syntax.deflated,
    number: whole(tags.InstanceNumber), frames: frameTotal(frameIndex), frameIndex, rows: whole(tags.Rows), columns: whole(tags.Columns),
    series: defined({ modality: string(tags.Modality, 16), number: whole(tags.SeriesNumber), description: string(tags.SeriesDescription), bodyPart: string(tags.BodyPartExamined, 64), date: date(set, tags.SeriesDate), time: time(set, tags.SeriesTime) }),
    study: defined({
      patientId: string(tags.PatientID, 64), issuer: string(tags.IssuerOfPatientID, 64), patientName: string(tags.PatientName, 324), birthDate: date(set, tags.PatientBirthDate), sex: string(tags.PatientSex, 16),
      date: date(set, tags.StudyDate), time: time(set, tags.StudyTime), accession: string(tags.AccessionNumber, 64), id: string(tags.StudyID, 64), description: string(tags.StudyDescription),
      referring: string(tags.ReferringPhysicianName, 324), timezone: string(tags.TimezoneOffsetFromUTC, 16),
    }),
    metadata: JSON.stringify({ ...metadata(file, ids) }),
  };
}

/** Text is Unicode in JSON, and says so. @see PS3.18 F.2.1 */
function metadata(file: Part10, ids: InstanceIds): object {
  const json = toDicomJson(file.dataset, { bulkUri: (at) => bulkPath(ids, at) });
  return { '00020010': { vr: 'UI', Value: [file.syntax.uid] }, ...json, ...(characterSets(file.dataset)[0] !== '' && { '00080005': { vr: 'CS', Value: ['ISO_IR 192'] } }) };
}

/** PostgreSQL keeps no NUL in text. */
const withoutNul = (value: string | undefined): string | undefined => value?.replaceAll('\0', '');

const date = (set: DataSet, tag: number): string | undefined => {
  const value = plainText(set, tag)?.replaceAll('.', '');
  return value && /^\d{8}$/.test(value) ? value : undefined;
};
const time = (set: DataSet, tag: number): string | undefined => {
  const value = plainText(set, tag)?.replaceAll(':', '');
  return value && /^\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?$/.test(value) ? value : undefined;
};

const defined = <T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };

/** A file that cannot be read, as an error that an edge may show. */
export const unreadable = (error: DicomError): BedsideError =>
  invalid(`dicom-${error.fault}`, error.message, { details: { at: [error.tag, error.offset === undefined ? undefined : `byte ${error.offset}`].filter(Boolean).join(' ') }, cause: error });

export { DicomError, tagName };
