import { IconFileText } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { matches, useSearch } from '../../fhir/index.ts';
import { isEcg } from '../materials.ts';
import { MaterialList } from '../components/MaterialList.tsx';

/** Letters, reports and scans of the record. */
export function Documents({ patientId }: { patientId: string }) {
  const { t } = useTranslation('record');
  const query = useSearch('DocumentReference', { patient: `Patient/${patientId}`, _sort: '-date', _count: '100' });
  return <MaterialList title={t('part.documents')} icon={IconFileText} query={query} items={matches(query.data, 'DocumentReference').filter((one) => !isEcg(one))} none={t('noDocuments')} />;
}
