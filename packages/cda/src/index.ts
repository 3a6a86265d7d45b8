export * from './document.ts';
export * from './errors.ts';
export * from './narrative.ts';
export { decodeXml } from './xml.ts';
