import { IconHeartRateMonitor } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { matches, useSearch } from '../../fhir/index.ts';
import { ECG_CODES, isEcg } from '../materials.ts';
import { MaterialList } from '../components/MaterialList.tsx';

/** Electrocardiograms, whether they came as FHIR SampledData or as DICOM waveforms. */
export function EcgSection({ patientId }: { patientId: string }) {
  const { t } = useTranslation('record');
  const patient = `Patient/${patientId}`;
  const observations = useSearch('Observation', { patient, code: [...ECG_CODES].join(','), _sort: '-date', _count: '50' });
  const studies = useSearch('ImagingStudy', { patient, _sort: '-started', _count: '100' });
  const items = [...matches(observations.data, 'Observation').filter((one) => isEcg(one)), ...matches(studies.data, 'ImagingStudy').filter(isEcg)];
  return <MaterialList title={t('part.ecg')} icon={IconHeartRateMonitor} query={observations} items={items} none={t('noEcg')} openFirst />;
}
