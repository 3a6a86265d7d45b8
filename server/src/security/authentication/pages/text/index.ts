export { ar } from './ar.ts';
export { en, type PageText } from './en.ts';
export { es } from './es.ts';
export { fr } from './fr.ts';
export { zh } from './zh.ts';
