/** The whiteboard and the upload as the product shows them, on a page of their own. */
import '@mantine/core/styles.css';
import { DirectionProvider, MantineProvider } from '@mantine/core';
import i18next from 'i18next';
import { useRef } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider, initReactI18next } from 'react-i18next';
import { theme, variables } from '../../../web/src/app/theme.ts';
import '../../../web/src/app/styles.css';
import { UploadDrop } from '../../../web/src/upload/index.ts';
import { Whiteboard, type WhiteboardHandle } from '../../../web/src/whiteboard/index.ts';

declare global {
  interface Window { board: { current: WhiteboardHandle | null }; uploaded: string[] }
}
const words = import.meta.glob<Record<string, string>>('../../../web/src/{whiteboard,upload,record}/locales/*.json', { import: 'default', eager: true });
const query = new URLSearchParams(location.search);
const language = query.get('language') ?? 'en';
document.documentElement.lang = language;
document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr';
const i18n = i18next.createInstance();
await i18n.use(initReactI18next).init({ lng: language, fallbackLng: false, interpolation: { escapeValue: false }, keySeparator: '.' });
for (const [path, text] of Object.entries(words)) {
  const [, name, code] = /([a-z]+)\/locales\/([a-z]+)\.json$/.exec(path)!;
  i18n.addResourceBundle(code!, name!, text);
}
window.uploaded = [];

function Page() {
  const board = useRef<WhiteboardHandle>(null);
  window.board = board;
  if (query.has('upload')) {
    return <main style={{ padding: 16 }}><h1>Files</h1><UploadDrop headers={async () => ({ 'x-account': 'a' })} patientId="p1" category="document" onUploaded={(document) => window.uploaded.push(document.reference)} /></main>;
  }
  return <main style={{ padding: 8 }}><h1 style={{ fontSize: '1rem' }}>Case</h1><Whiteboard ref={board} ticket={query.get('ticket') ?? ''} /></main>;
}
createRoot(document.querySelector('#root')!).render(
  <I18nextProvider i18n={i18n}>
    <DirectionProvider initialDirection={language === 'ar' ? 'rtl' : 'ltr'} detectDirection={false}>
      <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="light"><Page /></MantineProvider>
    </DirectionProvider>
  </I18nextProvider>,
);
