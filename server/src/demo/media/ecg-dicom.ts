import type { DemoPatient } from '../people/patients.ts';
import { uidOf } from '../random.ts';
import { dicomFile, studyElements } from './dicom-file.ts';
import type { SynthesisedEcg } from './ecg.ts';

/** Codes of the leads in CID 3001. @see PS3.16 */
const leadCodes: Readonly<Record<string, string>> = { I: '2:1', II: '2:2', III: '2:61', aVR: '2:62', aVL: '2:63', aVF: '2:64', V1: '2:3', V2: '2:4', V3: '2:5', V4: '2:6', V5: '2:7', V6: '2:8' };
const twelveLeadSopClass = '1.2.840.10008.5.1.4.1.1.9.1.1';
const one = (code: string, scheme: string, meaning: string) => ({ CodeValue: code, CodingSchemeDesignator: scheme, CodeMeaning: meaning });

/** The recording as a 12-lead ECG waveform object: one multiplex group, microvolts as signed 16-bit numbers. @see PS3.3 A.34.3, C.10.9 */
export function ecgDicom(ecg: SynthesisedEcg, patient: DemoPatient, at: string): Uint8Array {
  const name = `${patient.id} ecg ${at}`;
  const samples = ecg.leads[0]!.microvolts.length;
  const interleaved = new Int16Array(samples * ecg.leads.length);
  for (const [channel, lead] of ecg.leads.entries()) for (let n = 0; n < samples; n++) interleaved[n * ecg.leads.length + channel] = lead.microvolts[n]!;
  const base = studyElements(patient, { uid: uidOf(`${name} study`), id: `E${patient.id.slice(-2)}`, at, description: 'Electrocardiogram, 12 leads' });
  const dateTime = `${String(base['StudyDate'])}${String(base['StudyTime'])}`;
  return dicomFile({
    ...base, SOPClassUID: twelveLeadSopClass, SOPInstanceUID: uidOf(`${name} object`), SeriesInstanceUID: uidOf(`${name} series`), Modality: 'ECG', SeriesNumber: 1, InstanceNumber: 1,
    SeriesDescription: '12 leads at rest', ContentDate: base['StudyDate'], ContentTime: base['StudyTime'], AcquisitionDateTime: dateTime, AcquisitionContextSequence: [],
    WaveformSequence: [{
      _vrMap: { WaveformData: 'OW' },
      WaveformOriginality: 'ORIGINAL', NumberOfWaveformChannels: ecg.leads.length, NumberOfWaveformSamples: samples, SamplingFrequency: ecg.samplingHz, MultiplexGroupLabel: 'RHYTHM',
      ChannelDefinitionSequence: ecg.leads.map((lead, n) => ({
        WaveformChannelNumber: n + 1, ChannelLabel: `Lead ${lead.name}`, ChannelSourceSequence: [one(leadCodes[lead.name]!, 'MDC', `Lead ${lead.name}`)],
        ChannelSensitivity: 1, ChannelSensitivityUnitsSequence: [one('uV', 'UCUM', 'microvolt')], ChannelSensitivityCorrectionFactor: 1, ChannelBaseline: 0, ChannelSampleSkew: 0, WaveformBitsStored: 16,
        FilterLowFrequency: 0.05, FilterHighFrequency: 150,
      })),
      WaveformBitsAllocated: 16, WaveformSampleInterpretation: 'SS', WaveformData: interleaved.buffer,
    }],
  });
}
