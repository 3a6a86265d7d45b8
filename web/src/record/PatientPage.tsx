import { Alert, Box, Tabs } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { Patient } from '@medplum/fhirtypes';
import { useNavigate, useParams, useSearch as useRouteSearch } from '@tanstack/react-router';
import { Suspense, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRead } from '../fhir/index.ts';
import { Loaded, Page, Skeletons } from '../primitives/index.ts';
import { isStaff, useAccount } from '../session/index.ts';
import { PatientBanner } from './components/PatientBanner.tsx';
import { patientName } from './patient-line.ts';
import { Documents } from './sections/Documents.tsx';
import { EcgSection } from './sections/Ecg.tsx';
import { Images } from './sections/Images.tsx';
import { Laboratory } from './sections/Laboratory.tsx';
import { Medication } from './sections/Medication.tsx';
import { Problems } from './sections/Problems.tsx';
import { Summary } from './sections/Summary.tsx';
import { RecordTimeline } from './sections/RecordTimeline.tsx';
import { VitalSigns } from './sections/VitalSigns.tsx';
import { RecordActions } from './components/RecordActions.tsx';

const parts = ['summary', 'timeline', 'problems', 'medication', 'laboratory', 'vitals', 'documents', 'images', 'ecg'] as const;
type Part = (typeof parts)[number];
const content: Readonly<Record<Part, (id: string) => ReactNode>> = {
  summary: (id) => <Summary patientId={id} />, timeline: (id) => <RecordTimeline patientId={id} />, problems: (id) => <Problems patientId={id} />,
  medication: (id) => <Medication patientId={id} />, laboratory: (id) => <Laboratory patientId={id} />, vitals: (id) => <VitalSigns patientId={id} />,
  documents: (id) => <Documents patientId={id} />, images: (id) => <Images patientId={id} />, ecg: (id) => <EcgSection patientId={id} />,
};

/** A patient's record as staff see it. */
export function PatientPage() {
  const { id } = useParams({ strict: false }) as { id?: string };
  return <RecordOf id={id ?? ''} />;
}

/** The same record as the patient sees it. */
export function MyRecordPage() {
  const { t } = useTranslation('record');
  const account = useAccount();
  const id = account.profile?.startsWith('Patient/') ? account.profile.slice(8) : undefined;
  return id ? <RecordOf id={id} /> : <Page title={t('myRecord')}><Alert>{t('noRecord')}</Alert></Page>;
}

function RecordOf({ id }: { id: string }) {
  const patient = useRead('Patient', id);
  return <Loaded query={patient} rows={5}>{(found) => <Record patient={found} />}</Loaded>;
}

function Record({ patient }: { patient: Patient }) {
  const { t } = useTranslation('record');
  const account = useAccount();
  const navigate = useNavigate();
  const search = useRouteSearch({ strict: false }) as { part?: string };
  const wide = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false });
  const id = patient.id ?? '';
  const part: Part = parts.find((known) => known === search.part) ?? 'summary';
  const show = (next: string | null): void => { void navigate({ to: '.', search: { part: next ?? 'summary' }, replace: true, resetScroll: false } as never); };
  return (
    <Page title={isStaff(account) ? patientName(patient) : t('myRecord')} actions={isStaff(account) ? <RecordActions patient={patient} /> : undefined}>
      <PatientBanner patient={patient} />
      <Tabs value={part} onChange={show} keepMounted={false} variant={wide ? 'default' : 'pills'} activateTabWithKeyboard={false}>
        <Box className="scroll-x no-print" mx={{ base: -16, md: 0 }} px={{ base: 16, md: 0 }} pb={4}>
          <Tabs.List style={{ flexWrap: 'nowrap', minWidth: 'max-content' }} aria-label={t('parts')}>
            {parts.map((name) => <Tabs.Tab key={name} value={name} fz="md" py="sm">{t(`part.${name}`)}</Tabs.Tab>)}
          </Tabs.List>
        </Box>
        {parts.map((name) => (
          <Tabs.Panel key={name} value={name} pt="md" tabIndex={0}><Suspense fallback={<Skeletons />}>{name === part ? content[name](id) : null}</Suspense></Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  );
}
