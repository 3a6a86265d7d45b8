import { useRead } from '../../fhir/index.ts';
import { patientName } from '../patient-line.ts';

/** The name of a patient known by id; the display of the reference until it is here. */
export function PatientName({ id, display }: { id: string | undefined; display?: string | undefined }) {
  const patient = useRead('Patient', id, { staleTime: 300_000 });
  return <bdi>{patient.data ? patientName(patient.data) : display ?? '…'}</bdi>;
}
