import { connect, type Socket } from 'node:net';
import { unavailable } from '../../../kernel/index.ts';

/** Is asked about every document before it is registered. */
export interface VirusScan {
  begin(): Promise<VirusScanRun>;
}
export interface VirusScanRun {
  write(chunk: Uint8Array): Promise<void>;
  /** @returns the name of what was found, or undefined when clean. */
  end(): Promise<string | undefined>;
  /** Gives the run up; idempotent. */
  abort(): void;
}

/** No scanner is configured. */
export const noVirusScan: VirusScan = {
  begin: async () => ({ write: async () => undefined, end: async () => undefined, abort: () => undefined }),
};

export interface ClamdOptions {
  /** Unix socket, or host and port. */
  readonly at: { readonly path: string } | { readonly host: string; readonly port: number };
  readonly timeoutMs?: number;
}

const mostReplyBytes = 4_096;

/**
 * A ClamAV daemon, asked with INSTREAM. A document is not received while the daemon does not answer, or when it is longer than its
 * StreamMaxLength: raise that to the upload limit.
 * @throws unavailable `virus-scan-failed`. @see clamd(8), INSTREAM
 */
export function clamdScan(options: ClamdOptions): VirusScan {
  const failed = (why: string, cause?: unknown) =>
    unavailable('virus-scan-failed', `The virus scanner ${why}; the document was not kept. Try again later.`, { details: { retryAfterMs: 30_000 }, ...(cause === undefined ? {} : { cause }) });
  return {
    begin: async () => {
      const socket = connect(options.at);
      socket.setTimeout(options.timeoutMs ?? 60_000, () => socket.destroy(failed('does not answer')));
      let reply = '';
      let fault: unknown;
      socket.on('data', (bytes: Buffer) => {
        reply += bytes.toString('latin1');
        if (reply.length > mostReplyBytes) socket.destroy(failed('gave an unreadable answer'));
      });
      socket.on('error', (error) => { fault = error; });
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      const send = (bytes: Uint8Array): Promise<void> => sendTo(socket, bytes, closed);
      await send(Buffer.from('zINSTREAM\0', 'latin1'));
      return {
        write: async (chunk) => {
          // When the daemon has closed (size limit), end() tells why; until then the rest of the document need not be sent.
          if (chunk.length === 0 || socket.destroyed) return;
          const length = Buffer.alloc(4);
          length.writeUInt32BE(chunk.length);
          await send(length);
          await send(chunk);
        },
        end: async () => {
          if (!socket.destroyed) await send(Buffer.alloc(4));
          await closed;
          const text = reply.replace(/\0/g, '').trim();
          if (text === 'stream: OK') return undefined;
          const found = /^stream: (.{1,200}) FOUND$/.exec(text)?.[1];
          if (found !== undefined) return found;
          throw failed(text.includes('size limit') ? 'does not take documents of this size' : 'could not be asked', fault);
        },
        abort: () => { socket.destroy(); },
      };
    },
  };
}

async function sendTo(socket: Socket, bytes: Uint8Array, closed: Promise<void>): Promise<void> {
  if (socket.destroyed || socket.write(bytes)) return;
  await Promise.race([new Promise<void>((resolve) => socket.once('drain', () => resolve())), closed]);
}
