export { html, trusted } from './html.ts';
export type { Html } from './html.ts';
export { languageOf, sendPage } from './page.ts';
export type { PublicPage } from './page.ts';
