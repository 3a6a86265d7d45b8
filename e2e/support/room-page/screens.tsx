/** Device check and room as the product shows them, on a page of their own. */
import '@mantine/core/styles.css';
import { DirectionProvider, MantineProvider, Text } from '@mantine/core';
import i18next from 'i18next';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider, initReactI18next } from 'react-i18next';
import { theme, variables } from '../../../web/src/app/theme.ts';
import '../../../web/src/app/styles.css';
import { ShortcutsProvider } from '../../../web/src/primitives/index.ts';
import { DeviceCheck, Room, type ReadyDevices } from '../../../web/src/room/index.ts';

const words = import.meta.glob<Record<string, string>>('../../../web/src/room/locales/*.json', { import: 'default', eager: true });
const query = new URLSearchParams(location.search);
const language = query.get('language') ?? 'en';
document.documentElement.lang = language;
document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr';
const i18n = i18next.createInstance();
await i18n.use(initReactI18next).init({
  lng: language, fallbackLng: false, ns: ['room'], defaultNS: 'room', interpolation: { escapeValue: false }, keySeparator: '.',
  resources: Object.fromEntries(Object.entries(words).map(([path, text]) => [/([a-z]+)\.json$/.exec(path)![1]!, { room: text }])),
});

function Page() {
  const [ready, setReady] = useState<ReadyDevices>();
  if (ready === undefined) return <main style={{ padding: 16 }}><DeviceCheck onReady={setReady} /></main>;
  return <Room ticket={query.get('ticket') ?? ''} devices={ready} title="Tele-consultation" side={<Text>CT of the chest, 12 images</Text>} />;
}

createRoot(document.querySelector('#root')!).render(
  <I18nextProvider i18n={i18n}>
    <DirectionProvider initialDirection={language === 'ar' ? 'rtl' : 'ltr'} detectDirection={false}>
      <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto"><ShortcutsProvider><Page /></ShortcutsProvider></MantineProvider>
    </DirectionProvider>
  </I18nextProvider>,
);
