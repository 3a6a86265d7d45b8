export * from './actor.ts';
export * from './request.ts';
