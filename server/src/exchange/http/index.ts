export { drainRefused, problemErrors, problemOf } from './problem.ts';
export { securityHeaders } from './security-headers.ts';
export { serverLimits } from './limits.ts';
