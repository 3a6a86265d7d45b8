import { resolve } from 'node:path';
import { invalid } from './errors.ts';

/**
 * Every setting of the product, declared once: the reference in docs/settings.md is generated from it, and `process.env` is read nowhere else.
 * `parse` returns the value or throws with what is wrong.
 */
interface Setting<T> { readonly about: string; readonly fallback: string; readonly parse: (text: string) => T }

const text = (about: string, fallback = ''): Setting<string> => ({ about, fallback, parse: (t) => t });
const whole = (about: string, fallback: number, least: number, most: number): Setting<number> => ({
  about, fallback: String(fallback),
  parse: (t) => {
    const n = Number(t);
    if (!Number.isInteger(n) || n < least || n > most) throw new Error(`must be a whole number from ${least} to ${most}`);
    return n;
  },
});
const choice = <const T extends readonly string[]>(about: string, of: T, fallback: T[number]): Setting<T[number]> => ({
  about: `${about} One of: ${of.map((o) => (o === '' ? '(empty)' : o)).join(', ')}.`, fallback,
  parse: (t) => {
    if (!of.includes(t)) throw new Error(`must be one of ${of.join(', ')}`);
    return t;
  },
});

export const settings = {
  PORT: whole('TCP port of the web server.', 8080, 0, 65535),
  HOST: text('Address to listen on. Anything but loopback is served over TLS, without which phones give no camera.', '127.0.0.1'),
  BEDSIDE_DATA: text('Folder of everything that must be kept: database cluster, blobs, keys, outbox of mails.', './data'),
  DATABASE_URL: text('A PostgreSQL server of your own (15 or later) instead of the embedded one.'),
  BEDSIDE_URL: text('The address under which browsers reach this server, when it is not http(s)://HOST:PORT; used in links, tokens and certificates.'),
  BEDSIDE_DEMO: choice('Demonstration hospital network: 1 = wanted, 0 = never, empty = only with a new embedded database on loopback.', ['', '0', '1'], ''),
  TLS_CERT: text('PEM file with the server certificate chain. Without it a local certificate authority makes one when HOST is not loopback.'),
  TLS_KEY: text('PEM file with the private key of TLS_CERT.'),
  SMTP_URL: text('Mail server, e.g. smtps://user:password@mail.example:465. Empty: mails are written as files to BEDSIDE_DATA/outbox.'),
  MAIL_FROM: text('Sender address of mails.', 'Bedside <no-reply@bedside.invalid>'),
  LOG_LEVEL: choice('Least severity that is logged.', ['trace', 'debug', 'info', 'warn', 'error', 'silent'], 'info'),
  DATABASE_CONNECTIONS: whole('Most database connections of one server process.', 24, 4, 500),
  MEDIA_PROCESSES: whole('Forked media processes that relay rooms.', 1, 1, 64),
  MEDIA_ADDRESS: text('Address that media is sent from and to. Empty: HOST.'),
  BLOB_RACKS: text('Folders, comma-separated, on different disks, that each keep a copy of every blob. Empty: two folders under BEDSIDE_DATA.'),
  BEDSIDE_WEB: text('Folder of the built front end. Empty: web/dist of the installation.'),
  UPLOAD_LIMIT_MB: whole('Largest single upload, in MiB.', 20_480, 1, 1_048_576),
} as const satisfies Record<string, Setting<string | number>>;

export type Settings = { readonly [K in keyof typeof settings]: ReturnType<(typeof settings)[K]['parse']> };

/** Reads all settings and reports every fault at once. */
export function readSettings(env: Readonly<Record<string, string | undefined>> = process.env): Settings {
  const faults: string[] = [];
  const read = Object.fromEntries(Object.entries(settings).map(([name, setting]) => {
    try {
      return [name, (setting as Setting<string | number>).parse(env[name] ?? setting.fallback)];
    } catch (error) {
      faults.push(`${name} ${error instanceof Error ? error.message : 'is wrong'}`);
      return [name, undefined];
    }
  })) as Settings;
  if (Boolean(env['TLS_CERT']) !== Boolean(env['TLS_KEY'])) faults.push('TLS_CERT and TLS_KEY must be given together');
  if (faults.length > 0) throw invalid('settings', `Wrong settings: ${faults.join('; ')}.`);
  return { ...read, BEDSIDE_DATA: resolve(read.BEDSIDE_DATA) };
}

/** True for addresses that only this machine can reach. */
export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');

/** True when the setting was given, even as its default. */
export const wasGiven = (name: keyof Settings, env: Readonly<Record<string, string | undefined>> = process.env): boolean => env[name] !== undefined;
