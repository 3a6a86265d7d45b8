import { IconPhotoScan } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { matches, useSearch } from '../../fhir/index.ts';
import { isEcg } from '../materials.ts';
import { MaterialList } from '../components/MaterialList.tsx';

/** CT, MR, X-ray and other studies. */
export function Images({ patientId }: { patientId: string }) {
  const { t } = useTranslation('record');
  const query = useSearch('ImagingStudy', { patient: `Patient/${patientId}`, _sort: '-started', _count: '100' });
  return <MaterialList title={t('part.images')} icon={IconPhotoScan} query={query} items={matches(query.data, 'ImagingStudy').filter((one) => !isEcg(one))} none={t('noImages')} />;
}
