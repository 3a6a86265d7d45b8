/** The blocks that a declaration puts its actions together from. */
export { closingActions } from './closing.ts';
export { materialActions } from './materials.ts';
export { reportActions } from './report.ts';
export { applicationActions } from './request.ts';
export { responseActions } from './response.ts';
export { messageActions, sessionActions } from './session.ts';
export { timeActions } from './time.ts';
