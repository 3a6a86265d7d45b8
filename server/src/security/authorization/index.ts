export * from './account-rows.ts';
export * from './accounts.ts';
export * from './contract.ts';
export type { OwnerOf } from './delegation.ts';
export * from './institutions.ts';
export * from './migrations.ts';
export * from './passwords.ts';
export * from './revocation.ts';
export * from './totp-secret.ts';
