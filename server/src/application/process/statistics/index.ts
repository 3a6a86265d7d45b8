export { measureOf } from './measure.ts';
export { statisticsOperation } from './evaluate.ts';
