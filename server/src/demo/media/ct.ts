import type { DemoPatient } from '../people/patients.ts';
import { uidOf } from '../random.ts';
import { chestPhantom, phantomSize, sliceHeightMm } from './chest-phantom.ts';
import { dicomFile, studyElements } from './dicom-file.ts';

const ctSopClass = '1.2.840.10008.5.1.4.1.1.2';

/** The phantom as a CT series, one file after the other, lowest slice first; none is held after it was given out. @see PS3.3 A.3, C.7.6.2, C.8.2.1 */
export function* chestCt(patient: DemoPatient, at: string): Generator<{ sopInstanceUid: string; bytes: Uint8Array }> {
  const { columns, rows, slices, pixelMm, sliceMm } = phantomSize;
  const name = `${patient.id} chest ct ${at}`;
  const study = studyElements(patient, { uid: uidOf(`${name} study`), id: `C${patient.id.slice(-2)}`, at, description: 'CT of the chest (phantom)' });
  const corner = [-(columns / 2) * pixelMm, -(rows / 2) * pixelMm];
  let n = 0;
  for (const slice of chestPhantom()) {
    const sopInstanceUid = uidOf(`${name} slice ${n}`);
    const z = sliceHeightMm(n);
    const stored = Uint16Array.from(slice, (hu) => hu + 1024);
    yield {
      sopInstanceUid,
      bytes: dicomFile({
        ...study, SOPClassUID: ctSopClass, SOPInstanceUID: sopInstanceUid, SeriesInstanceUID: uidOf(`${name} series`), FrameOfReferenceUID: uidOf(`${name} frame`), PositionReferenceIndicator: '',
        Modality: 'CT', SeriesNumber: 2, InstanceNumber: slices - n, AcquisitionNumber: 1, SeriesDescription: 'Chest 5 mm, computed phantom', BodyPartExamined: 'CHEST', ProtocolName: 'DEMONSTRATION', PatientPosition: 'HFS',
        SeriesDate: study['StudyDate'], SeriesTime: study['StudyTime'], AcquisitionDate: study['StudyDate'], AcquisitionTime: study['StudyTime'], ContentDate: study['StudyDate'], ContentTime: study['StudyTime'],
        ImageType: ['DERIVED', 'SECONDARY', 'AXIAL'], KVP: 120, XRayTubeCurrent: 200, ConvolutionKernel: 'STANDARD', SliceThickness: sliceMm, SpacingBetweenSlices: sliceMm,
        ImagePositionPatient: [corner[0], corner[1], z], ImageOrientationPatient: [1, 0, 0, 0, 1, 0], SliceLocation: z, PixelSpacing: [pixelMm, pixelMm],
        SamplesPerPixel: 1, PhotometricInterpretation: 'MONOCHROME2', Rows: rows, Columns: columns, BitsAllocated: 16, BitsStored: 12, HighBit: 11, PixelRepresentation: 0,
        RescaleIntercept: -1024, RescaleSlope: 1, RescaleType: 'HU', WindowCenter: [-600, 40], WindowWidth: [1500, 400], WindowCenterWidthExplanation: ['LUNG', 'MEDIASTINUM'],
        PixelData: [stored.buffer],
      }),
    };
    n += 1;
  }
}

export const chestCtStudyUid = (patient: DemoPatient, at: string): string => uidOf(`${patient.id} chest ct ${at} study`);
