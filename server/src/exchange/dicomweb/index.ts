export { registerDicomweb, type DicomwebDeps } from './plugin.ts';
