export { samplePicture, sampleReport } from './pdf/testing.ts';
