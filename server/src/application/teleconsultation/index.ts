export { teleconsultation } from './definition.ts';
