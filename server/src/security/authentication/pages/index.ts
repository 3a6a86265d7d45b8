export * from './account-pages.ts';
export { html } from './html.ts';
export * from './language.ts';
export * from './layout.ts';
export * from './provider-pages.ts';
export * from './sign-in-pages.ts';
