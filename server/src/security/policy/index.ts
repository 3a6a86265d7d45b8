export * from './actor.ts';
export * from './request.ts';
export * from './roles.ts';
export * from './scopes.ts';
export * from './types.ts';
