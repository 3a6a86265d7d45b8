export * from './locale.ts';
export * from './person.ts';
export * from './quantity.ts';
export * from './time.ts';
export { useFormat, type Format } from './hooks.ts';
export { useZone, ZoneProvider } from './zone.tsx';
