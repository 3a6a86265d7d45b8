import { pino, type DestinationStream, type Logger } from 'pino';
import type { Settings } from './config.ts';
import { BedsideError } from './errors.ts';

export type Log = Logger;

export interface LogOptions {
  readonly level: Settings['LOG_LEVEL'];
  /** Where the lines go; default: standard error, so that standard output stays for what people read. */
  readonly destination?: DestinationStream;
}

/** Fields that carry secrets or patient data wherever they stand: the value is left out, the name stays. */
const secretFields = ['authorization', 'cookie', 'set-cookie', 'password', 'token', 'access_token', 'refresh_token', 'id_token', 'client_secret', 'secret', 'otp', 'body', 'resource', 'content', 'payload'] as const;
const paths = secretFields.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]);

/** Where the code was when it failed: the frames of a stack trace without its first lines, which hold the message. */
const framesOf = (stack: string | undefined): string[] => (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 12).map((line) => line.trim());

/**
 * An error as the log may have it. Only messages of our own are known to be free of patient data (a database quotes the row that
 * it refuses, a parser the text it stumbled over); of all others kind, code and place are kept.
 */
function errorForLog(error: unknown): object {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = (error as { code?: unknown }).code;
  return {
    name: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(error instanceof BedsideError ? { kind: error.kind, message: error.message } : {}),
    at: framesOf(error.stack),
    ...(error.cause === undefined ? {} : { cause: errorForLog(error.cause) }),
  };
}

interface RequestLike { readonly method?: string; readonly url?: string; readonly id?: unknown; readonly ip?: string }

/** A request without its query, which may be a patient's name or a token. */
const requestForLog = ({ method, url, id, ip }: RequestLike): object => ({ id, method, path: url?.split('?')[0], ip });

/** The log of one process: a line of JSON for each event, with no patient data and no secret in it. */
export function createLog({ level, destination }: LogOptions): Log {
  return pino({
    level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths, censor: '(left out)' },
    serializers: { err: errorForLog, error: errorForLog, req: requestForLog, res: (res: { statusCode?: number }) => ({ status: res.statusCode }) },
  }, destination ?? pino.destination({ fd: 2, sync: true }));
}
