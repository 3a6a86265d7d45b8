import { mkdir } from 'node:fs/promises';
import { isLoopback, type Clock, type Settings } from '../../kernel/index.ts';
import type { CertificateAuthority } from '../certificates/index.ts';
import type { KeyWrapper } from '../keys/index.ts';
import { materialFromAuthority, materialFromFiles, type TlsMaterial } from './material.ts';
import { namesOfThisMachine } from './names.ts';

export interface TlsOptions {
  readonly settings: Pick<Settings, 'HOST' | 'TLS_CERT' | 'TLS_KEY' | 'BEDSIDE_URL'>;
  readonly folder: string;
  readonly authority: CertificateAuthority;
  readonly keys: KeyWrapper;
  readonly clock: Clock;
  /** Told when a renewal fails; the certificate before stays in use. */
  readonly onFault: (error: unknown) => void;
  /** How often files, addresses and expiry are looked at. */
  readonly checkEveryMs?: number;
  /** Names to certify; default: those of this machine. */
  readonly names?: () => readonly string[];
}

/** What a server can be given a new certificate by; `https.Server` has it. */
interface SecureServer { setSecureContext(options: { cert: string; key: string }): void }

export interface KeptTls {
  readonly material: TlsMaterial;
  /** Gives the server every later certificate without a break for who is connected. */
  serve(server: SecureServer): void;
  /** Looks now instead of at the next interval. @returns whether the certificate changed. */
  check(): Promise<boolean>;
  close(): void;
}

/**
 * TLS for a server that others than this machine can reach; undefined on loopback, where browsers trust plain HTTP.
 * @throws invalid when TLS_CERT and TLS_KEY cannot be used: better no start than one nobody can connect to.
 */
export async function keepTls(options: TlsOptions): Promise<KeptTls | undefined> {
  const { settings, clock } = options;
  if (isLoopback(settings.HOST)) return undefined;
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const names = options.names ?? (() => namesOfThisMachine({ host: settings.HOST, publicUrl: settings.BEDSIDE_URL }));
  const load = (): Promise<TlsMaterial> => (settings.TLS_CERT === ''
    ? materialFromAuthority({ folder: options.folder, authority: options.authority, keys: options.keys, clock, names: names() })
    : materialFromFiles({ cert: settings.TLS_CERT, key: settings.TLS_KEY }, clock));

  let material = await load();
  const servers: SecureServer[] = [];
  const check = async (): Promise<boolean> => {
    const now = await load();
    if (now.cert === material.cert && now.key === material.key) return false;
    material = now;
    for (const server of servers) server.setSecureContext({ cert: now.cert, key: now.key });
    return true;
  };
  const timer = setInterval(() => { check().catch(options.onFault); }, options.checkEveryMs ?? 15 * 60_000).unref();
  return {
    get material() { return material; },
    serve: (server) => { servers.push(server); },
    check,
    close: () => clearInterval(timer),
  };
}
