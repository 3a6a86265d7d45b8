import { readFileSync } from 'node:fs';
import { accessSync, chownSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { unsupported } from '../errors.ts';

export interface UnixUser { readonly uid: number; readonly gid: number; readonly name: string }

/** PostgreSQL refuses to run as root: root runs it as `bedside` or `postgres` if there is such a user, else as `nobody`. Undefined: run as oneself. */
export function databaseUser(): UnixUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'));
  for (const name of ['bedside', 'postgres', 'nobody']) {
    const row = users.find((u) => u[0] === name);
    if (row) return { name, uid: Number(row[2]), gid: Number(row[3]) };
  }
  throw unsupported('no-database-user', 'No unprivileged user to run PostgreSQL as: create a user named bedside, or set DATABASE_URL.');
}

/** Makes `folder` belong to the database's user, after checking that this user may pass through every folder above it. */
export function giveFolder(folder: string, user: UnixUser | undefined): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!user) {
    accessSync(folder, constants.W_OK);
    return;
  }
  for (let above = dirname(folder); ; above = dirname(above)) {
    if (existsSync(above)) {
      const s = statSync(above);
      const passable = (s.mode & 0o001) !== 0 || (s.uid === user.uid && (s.mode & 0o100) !== 0) || (s.gid === user.gid && (s.mode & 0o010) !== 0);
      if (!passable) {
        throw unsupported('data-folder-closed', `PostgreSQL runs as user ${user.name}, who may not enter ${above}. Set BEDSIDE_DATA to a folder that user can reach (for example /var/lib/bedside), or chmod o+x ${above}.`);
      }
    }
    if (above === dirname(above)) break;
  }
  chownSync(folder, user.uid, user.gid);
}
