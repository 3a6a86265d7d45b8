/** Each viewer as the product shows it, alone on a page; what is shown is told by the address. */
import '@mantine/core/styles.css';
import { DirectionProvider, MantineProvider, Title } from '@mantine/core';
import i18next from 'i18next';
import { createRef } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider, initReactI18next } from 'react-i18next';
import type { Observation } from '@medplum/fhirtypes';
import { theme, variables } from '../../../web/src/app/theme.ts';
import '../../../web/src/app/styles.css';
import { DocumentViewer } from '../../../web/src/documents/index.ts';
import { EcgFromObservation } from '../../../web/src/ecg/index.ts';
import { ImageSeriesViewer, type ViewerHandle } from '../../../web/src/imaging/index.ts';

const words = import.meta.glob<Record<string, string>>('../../../web/src/{imaging,ecg,documents,primitives}/locales/*.json', { import: 'default', eager: true });
const query = new URLSearchParams(location.search);
const language = query.get('language') ?? 'en';
document.documentElement.lang = language;
document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr';
const resources: Record<string, Record<string, Record<string, string>>> = {};
for (const [path, text] of Object.entries(words)) {
  const [, namespace, name] = /([a-z]+)\/locales\/([a-z]+)\.json$/.exec(path)!;
  (resources[name!] ??= {})[namespace!] = text;
}
const i18n = i18next.createInstance();
await i18n.use(initReactI18next).init({ lng: language, fallbackLng: false, ns: ['imaging', 'ecg', 'documents', 'primitives'], interpolation: { escapeValue: false }, resources });

const getToken = async (): Promise<string> => 'test-token';
const viewer = createRef<ViewerHandle>();
/** The test asks for a picture as a report would. */
Object.assign(window, { capture: async () => { const blob = await viewer.current!.captureViewport(); return [blob.type, blob.size]; } });

function Shown() {
  switch (query.get('view')) {
    case 'images': return <ImageSeriesViewer studyUid={query.get('study')!} getToken={getToken} handle={viewer} {...(query.get('height') && { height: query.get('height')! })} {...(query.get('series') && { seriesUid: query.get('series')! })} />;
    case 'observation': return <EcgFromObservation observation={(window as unknown as { observation: Observation }).observation} title="ECG" />;
    default: return <DocumentViewer url={query.get('url')!} contentType={query.get('type')!} title="Document" getToken={getToken} />;
  }
}
if (query.get('view') === 'observation') Object.assign(window, { observation: await (await fetch('/observation.json')).json() });

createRoot(document.querySelector('#root')!).render(
  <I18nextProvider i18n={i18n}>
    <DirectionProvider initialDirection={language === 'ar' ? 'rtl' : 'ltr'} detectDirection={false}>
      <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="light">
        <main style={{ padding: 12 }}><Title order={1} size="h3" mb="sm">Bedside</Title><Shown /></main>
      </MantineProvider>
    </DirectionProvider>
  </I18nextProvider>,
);
