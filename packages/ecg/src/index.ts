export * from './errors.ts';
export * from './paper.ts';
export * from './r-peaks.ts';
export * from './recording.ts';
export * from './sampled-data.ts';
