import { createHash } from 'node:crypto';

/** What is stored of a secret that has 128 random bits or more: enough to recognise it, useless to whoever reads the table. */
export const digest = (secret: string): Buffer => createHash('sha256').update(secret, 'utf8').digest();
