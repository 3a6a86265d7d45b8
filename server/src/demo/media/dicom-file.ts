import dcmjs from 'dcmjs';
import type { DemoPatient } from '../people/patients.ts';
import { institutionOf } from '../people/institutions.ts';

export type DicomElements = Record<string, unknown>;
const { DicomDict, DicomMetaDictionary } = dcmjs.data;

export const explicitLittleEndian = '1.2.840.10008.1.2.1';

/** A DICOM file of a natural dataset (keyword -> value), explicit little endian. @see PS3.10 */
export function dicomFile(dataset: DicomElements): Uint8Array {
  const meta = DicomMetaDictionary.denaturalizeDataset({
    FileMetaInformationVersion: new Uint8Array([0, 1]).buffer, MediaStorageSOPClassUID: dataset['SOPClassUID'], MediaStorageSOPInstanceUID: dataset['SOPInstanceUID'],
    TransferSyntaxUID: explicitLittleEndian, ImplementationClassUID: '2.25.80302813137786398554742050926734630921', ImplementationVersionName: 'BEDSIDE_DEMO',
  });
  const file = new DicomDict(meta);
  file.dict = DicomMetaDictionary.denaturalizeDataset({ ...dataset, _vrMap: { PixelData: 'OW' } });
  return new Uint8Array(file.write({ allowInvalidVRLength: false }));
}

/** DICOM's person name: Latin letters first, the person's own script as the ideographic group. @see PS3.5 6.2.1 */
const personName = (p: DemoPatient): string => {
  const [given, family] = p.latin ?? p.native;
  const latin = `${family}^${given}`;
  return p.latin ? `${latin}=${p.native[1]}^${p.native[0]}` : latin;
};

/** What all objects of a study say about patient, study and place. @see PS3.3 C.7.1, C.7.2, C.7.5 */
export function studyElements(p: DemoPatient, study: { uid: string; id: string; at: string; description: string }): DicomElements {
  const [date = '', time = ''] = study.at.split('T');
  return {
    SpecificCharacterSet: 'ISO_IR 192', PatientName: personName(p), PatientID: p.id, IssuerOfPatientID: p.institution, PatientBirthDate: p.birthDate.replaceAll('-', ''), PatientSex: p.gender === 'male' ? 'M' : 'F',
    StudyInstanceUID: study.uid, StudyID: study.id, StudyDate: date.replaceAll('-', ''), StudyTime: time.slice(0, 8).replaceAll(':', ''), TimezoneOffsetFromUTC: study.at.slice(-6).replace(':', '').replace('Z', '+0000'),
    StudyDescription: study.description, AccessionNumber: study.id, ReferringPhysicianName: '', InstitutionName: institutionOf(p.institution).name, Manufacturer: 'Bedside demonstration, computed', PatientComments: 'DEMONSTRATION: not a real patient',
  };
}
