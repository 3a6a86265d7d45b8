import '@mantine/core/styles.css';
import './app/styles.css';
import { createRoot } from 'react-dom/client';
import { clearDrafts } from './drafts/index.ts';
import { createSession } from './session/index.ts';
import { createI18n } from './app/i18n.ts';
import { createAppRouter } from './app/router.tsx';
import { App } from './app/App.tsx';

const place = document.getElementById('root');
if (!place) throw new Error('The page has no root element');
const i18n = await createI18n(localStorage, navigator.languages);
const session = createSession(location.origin, () => clearDrafts(localStorage));
createRoot(place).render(<App i18n={i18n} session={session} router={createAppRouter()} />);
