/** The elements that this package and its callers read by name. @see PS3.6 */
export const tags = {
  TransferSyntaxUID: 0x00020010, SpecificCharacterSet: 0x00080005, InstanceCreationDate: 0x00080012, SOPClassUID: 0x00080016, SOPInstanceUID: 0x00080018,
  StudyDate: 0x00080020, SeriesDate: 0x00080021, StudyTime: 0x00080030, SeriesTime: 0x00080031, AccessionNumber: 0x00080050,
  Modality: 0x00080060, InstitutionName: 0x00080080, ReferringPhysicianName: 0x00080090, TimezoneOffsetFromUTC: 0x00080201,
  StudyDescription: 0x00081030, SeriesDescription: 0x0008103E,
  PatientName: 0x00100010, PatientID: 0x00100020, IssuerOfPatientID: 0x00100021, PatientBirthDate: 0x00100030, PatientSex: 0x00100040,
  BodyPartExamined: 0x00180015, StudyInstanceUID: 0x0020000D, SeriesInstanceUID: 0x0020000E, StudyID: 0x00200010, SeriesNumber: 0x00200011, InstanceNumber: 0x00200013,
  SamplesPerPixel: 0x00280002, PhotometricInterpretation: 0x00280004, NumberOfFrames: 0x00280008, Rows: 0x00280010, Columns: 0x00280011,
  BitsAllocated: 0x00280100, BitsStored: 0x00280101, PixelRepresentation: 0x00280103, WindowCenter: 0x00281050, WindowWidth: 0x00281051,
  EncapsulatedDocument: 0x00420011, MIMETypeOfEncapsulatedDocument: 0x00420012, WaveformSequence: 0x54000100,
  ExtendedOffsetTable: 0x7FE00001, ExtendedOffsetTableLengths: 0x7FE00002, FloatPixelData: 0x7FE00008, DoubleFloatPixelData: 0x7FE00009, PixelData: 0x7FE00010,
  Item: 0xFFFEE000, ItemDelimitation: 0xFFFEE00D, SequenceDelimitation: 0xFFFEE0DD,
} as const;

export const isPixelData = (tag: number): boolean => tag === tags.PixelData || tag === tags.FloatPixelData || tag === tags.DoubleFloatPixelData;
