export { EcgStrip, type EcgStripProps } from './EcgStrip.tsx';
export { EcgFromDicom, EcgFromObservation } from './sources.tsx';
