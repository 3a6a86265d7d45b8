import { networkInterfaces } from 'node:os';
import type { Settings } from '../kernel/index.ts';

/** An address of this machine that others can reach; for servers that listen on all of them. */
const reachable = (): string =>
  Object.values(networkInterfaces()).flatMap((list) => list ?? []).find((i) => !i.internal && i.family === 'IPv4')?.address ?? 'localhost';

/** The address under which browsers reach the server: BEDSIDE_URL, or what HOST and PORT make. Without a slash at its end. */
export function publicUrl(settings: Pick<Settings, 'BEDSIDE_URL' | 'HOST' | 'PORT'>, tls: boolean): string {
  if (settings.BEDSIDE_URL) return settings.BEDSIDE_URL.replace(/\/$/, '');
  const host = settings.HOST === '0.0.0.0' || settings.HOST === '::' ? reachable() : settings.HOST;
  return `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${settings.PORT}`;
}
