import { Stack } from '@mantine/core';
import type { Parameters, Task } from '@medplum/fhirtypes';
import { useQueries } from '@tanstack/react-query';
import { IconInbox, IconListCheck, IconProgress } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { CaseRow, nextStep, offersOf, systems } from '../../application/process/index.ts';
import { fhirKey, matches, useFhir, useLive, useSearch } from '../../fhir/index.ts';
import { Empty, Loaded, Section, TextLink } from '../../primitives/index.ts';

const ASKED = 12;
const open = ['draft', 'applied', 'information-requested', 'accepted', 'scheduled', 'in-session', 'held', 'reported'].map((state) => `${systems.state}|${state}`).join(',');

/** Cases whose next step is mine, and below them those that wait for somebody else. The server says which is which. */
export function Waiting() {
  const { t } = useTranslation(['home', 'process']);
  const client = useFhir();
  const { pollMs } = useLive();
  const query = useSearch('Task', { 'code': `${systems.application}|`, 'business-status': open, '_sort': '-modified', '_count': String(ASKED) }, { refetchInterval: pollMs });
  const cases = matches(query.data, 'Task');
  const steps = useQueries({
    queries: cases.map((task) => ({
      queryKey: fhirKey(['Task'], 'next', task.id, task.meta?.versionId),
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const step = nextStep(offersOf(await client.operation<Parameters>(`Task/${task.id}/$actions`, undefined, { signal })));
        return step && step.blocked === undefined ? step.code : null;
      },
      staleTime: 60_000, retry: false,
    })),
  });
  const mine = cases.flatMap((task, index) => (steps[index]?.data ? [{ task, next: steps[index].data }] : []));
  const others = cases.filter((_, index) => !steps[index]?.data && !steps[index]?.isPending);
  const asking = steps.some((step) => step.isPending);
  return (
    <>
      <Section title={t('waiting')} icon={IconListCheck} plain>
        <Loaded query={query} height={104}>{() => (mine.length === 0 && !asking ? <Empty icon={IconInbox} title={t('nothingWaiting')}>{t('nothingWaitingAbout')}</Empty> : (
          <Rows cases={mine} nextOf={(code) => t('next', { what: t(`process:action.${code}`, { defaultValue: code }) })} />
        ))}</Loaded>
      </Section>
      {others.length > 0 && <Section title={t('inProgress')} icon={IconProgress} plain actions={<TextLink to="/cases">{t('allCases')}</TextLink>}><Rows cases={others.map((task) => ({ task }))} /></Section>}
    </>
  );
}

function Rows({ cases, nextOf }: { cases: readonly { task: Task; next?: string }[]; nextOf?: (code: string) => string }) {
  return <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>{cases.map(({ task, next }) => <li key={task.id}><CaseRow task={task} next={next && nextOf ? nextOf(next) : undefined} /></li>)}</Stack>;
}
