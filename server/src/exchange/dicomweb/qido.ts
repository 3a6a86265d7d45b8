import { invalid } from '../../kernel/index.ts';
import type { InstanceRow, SeriesRow, StudyMatch, StudyQuery } from '../../resource/image/index.ts';

type Json = Record<string, { vr: string; Value?: unknown[] }>;

/** Keys that can be searched by, under both of their names. @see PS3.18 Table 10.6.1-5 */
const studyKeys = {
  StudyInstanceUID: '0020000D', PatientID: '00100020', PatientName: '00100010', StudyDate: '00080020', AccessionNumber: '00080050', ModalitiesInStudy: '00080061', StudyDescription: '00081030', StudyID: '00200010',
} as const;
const defaultLimit = 100;
const maxLimit = 1_000;

type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** @throws invalid naming a key that is not known: an ignored key would show more than was asked for. */
export function studyQuery(query: Query): StudyQuery {
  for (const key of Object.keys(query)) {
    if (!['limit', 'offset', 'includefield', 'fuzzymatching'].includes(key) && !Object.entries(studyKeys).some(([name, tag]) => key === name || key.toUpperCase() === tag)) {
      throw invalid('qido-key', 'Studies cannot be searched by this key.', { details: { at: key.slice(0, 64) } });
    }
  }
  const value = (name: keyof typeof studyKeys): string | undefined => text(query[name] ?? query[studyKeys[name]] ?? query[studyKeys[name].toLowerCase()]);
  const uids = value('StudyInstanceUID')?.split(/[\\,]/).slice(0, 100);
  const fields = {
    studyUid: uids, patientId: value('PatientID'), patientName: value('PatientName'), studyDate: value('StudyDate'), accession: value('AccessionNumber'),
    modality: value('ModalitiesInStudy'), description: value('StudyDescription'), studyId: value('StudyID'),
  };
  return { ...Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== undefined)), ...paging(query) };
}

export function paging(query: Query): { offset: number; limit: number } {
  const whole = (name: string, fallback: number, most: number): number => {
    const given = text(query[name]);
    if (given === undefined) return fallback;
    const value = Number(given);
    if (!Number.isInteger(value) || value < 0) throw invalid('qido-paging', 'Must be a whole number.', { details: { at: name } });
    return Math.min(value, most);
  };
  return { offset: whole('offset', 0, 10_000), limit: whole('limit', defaultLimit, maxLimit) };
}

const text = (value: string | readonly string[] | undefined): string | undefined => {
  const first = typeof value === 'string' ? value : value?.join('\\');
  return first?.slice(0, 4_096);
};

const put = (json: Json, tag: string, vr: string, value: string | number | null | undefined): void => {
  json[tag] = value === null || value === undefined || value === '' ? { vr } : { vr, Value: [value] };
};

/** @see PS3.18 Table 10.6.3-3 */
export function studyJson({ study, modalities, series, instances }: StudyMatch, root: string): Json {
  const json: Json = {};
  put(json, '00080005', 'CS', 'ISO_IR 192');
  put(json, '00080020', 'DA', study.study_date);
  put(json, '00080030', 'TM', study.study_time);
  put(json, '00080050', 'SH', study.accession_number);
  put(json, '00080056', 'CS', 'ONLINE');
  json['00080061'] = { vr: 'CS', ...(modalities.length > 0 && { Value: [...modalities] }) };
  json['00080090'] = personName(study.referring_physician);
  put(json, '00081030', 'LO', study.description);
  put(json, '00081190', 'UR', `${root}/studies/${study.study_uid}`);
  json['00100010'] = personName(study.patient_name);
  put(json, '00100020', 'LO', study.patient_id);
  put(json, '00100030', 'DA', study.patient_birth_date);
  put(json, '00100040', 'CS', study.patient_sex);
  put(json, '0020000D', 'UI', study.study_uid);
  put(json, '00200010', 'SH', study.study_id);
  put(json, '00201206', 'IS', series);
  put(json, '00201208', 'IS', instances);
  return json;
}

export function seriesJson(series: SeriesRow, root: string): Json {
  const json: Json = {};
  put(json, '00080005', 'CS', 'ISO_IR 192');
  put(json, '00080060', 'CS', series.modality);
  put(json, '0008103E', 'LO', series.description);
  put(json, '00081190', 'UR', `${root}/studies/${series.study_uid}/series/${series.series_uid}`);
  put(json, '00180015', 'CS', series.body_part);
  put(json, '0020000D', 'UI', series.study_uid);
  put(json, '0020000E', 'UI', series.series_uid);
  put(json, '00200011', 'IS', series.number);
  put(json, '00201209', 'IS', series.instances);
  return json;
}

export function instanceJson(instance: InstanceRow, root: string): Json {
  const json: Json = {};
  put(json, '00080016', 'UI', instance.sop_class);
  put(json, '00080018', 'UI', instance.sop_uid);
  put(json, '00080056', 'CS', 'ONLINE');
  put(json, '00081190', 'UR', `${root}/studies/${instance.study_uid}/series/${instance.series_uid}/instances/${instance.sop_uid}`);
  put(json, '0020000D', 'UI', instance.study_uid);
  put(json, '0020000E', 'UI', instance.series_uid);
  put(json, '00200013', 'IS', instance.number);
  put(json, '00280008', 'IS', instance.frames > 1 ? instance.frames : null);
  put(json, '00280010', 'US', instance.rows);
  put(json, '00280011', 'US', instance.columns);
  put(json, '00083002', 'UI', instance.transfer_syntax);
  return json;
}

function personName(name: string | null): { vr: string; Value?: unknown[] } {
  if (!name) return { vr: 'PN' };
  const [alphabetic, ideographic, phonetic] = name.split('=');
  return { vr: 'PN', Value: [{ ...(alphabetic && { Alphabetic: alphabetic }), ...(ideographic && { Ideographic: ideographic }), ...(phonetic && { Phonetic: phonetic }) }] };
}
