import { invalid, tooLarge } from '../../kernel/index.ts';

export interface Part { readonly headers: ReadonlyMap<string, string>; readonly body: AsyncIterable<Uint8Array> }

const maxHeaderBytes = 16_384;

/** `boundary` and `type` of a multipart/related content type. @throws invalid @see RFC 2387 */
export function multipartParameters(contentType: string): { boundary: string; type: string | undefined } {
  const parameter = (name: string): string | undefined => {
    const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]{1,300})"|([^\\s;"]{1,300}))`, 'i').exec(contentType);
    return found?.[1] ?? found?.[2];
  };
  const boundary = parameter('boundary');
  if (!boundary || boundary.length > 70) throw invalid('multipart-boundary', 'A multipart body needs a boundary of at most 70 characters.', { details: { at: 'Content-Type' } });
  return { boundary, type: parameter('type')?.toLowerCase() };
}

/**
 * Reads a multipart body part by part as it streams in. Each body must be read to its end, or is skipped when the next part is asked for.
 * @throws invalid naming the byte, when the body is not what its boundary says. @see RFC 2046 5.1
 */
export async function* readMultipart(source: AsyncIterable<Uint8Array>, boundary: string): AsyncGenerator<Part> {
  const reader = new DelimitedReader(source[Symbol.asyncIterator](), boundary);
  await reader.skipPreamble();
  while (!(await reader.atEnd())) {
    const headers = parseHeaders(await reader.readHeaders());
    const body = reader.body();
    yield { headers, body };
    for await (const _ of body) { /* what the caller left */ }
  }
}

class DelimitedReader {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #delimiter: Buffer;
  #window: Buffer = Buffer.from('\r\n');
  #offset = -2;
  #ended = false;

  constructor(source: AsyncIterator<Uint8Array>, boundary: string) {
    this.#source = source;
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  }

  async #more(): Promise<boolean> {
    if (this.#ended) return false;
    const next = await this.#source.next();
    if (next.done) {
      this.#ended = true;
      return false;
    }
    this.#window = this.#window.length === 0 ? Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength) : Buffer.concat([this.#window, next.value]);
    return true;
  }

  #consume(bytes: number): Buffer {
    const part = this.#window.subarray(0, bytes);
    this.#window = this.#window.subarray(bytes);
    this.#offset += bytes;
    return part;
  }

  #cut(): never {
    throw invalid('multipart-cut', 'The multipart body ends before its last boundary.', { details: { at: `byte ${this.#offset + this.#window.length}` } });
  }

  /** Drops what stands before the first delimiter. */
  async skipPreamble(): Promise<void> {
    for await (const _ of this.body()) { /* not a part */ }
  }

  /** After a delimiter: `--` ends the body; else the line is finished. */
  async atEnd(): Promise<boolean> {
    while (this.#window.length < 2) if (!(await this.#more())) this.#cut();
    if (this.#window[0] === 0x2D && this.#window[1] === 0x2D) return true;
    let line = this.#window.indexOf('\r\n');
    while (line < 0) {
      if (this.#window.length > maxHeaderBytes || !(await this.#more())) this.#cut();
      line = this.#window.indexOf('\r\n');
    }
    // The line's CRLF stays: a part without headers begins with an empty line.
    this.#consume(line);
    return false;
  }

  async readHeaders(): Promise<string> {
    for (;;) {
      const end = this.#window.indexOf('\r\n\r\n');
      if (end >= 0) return this.#consume(end + 4).toString('latin1');
      if (this.#window.length > maxHeaderBytes) throw tooLarge('multipart-headers', 'The headers of a part are too long.', { details: { at: `byte ${this.#offset}` } });
      if (!(await this.#more())) this.#cut();
    }
  }

  /** Bytes up to the next delimiter, which is consumed. */
  async *body(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const at = this.#window.indexOf(this.#delimiter);
      if (at >= 0) {
        const last = this.#consume(at);
        this.#consume(this.#delimiter.length);
        if (last.length > 0) yield last;
        return;
      }
      const safe = this.#window.length - this.#delimiter.length;
      if (safe > 0) yield this.#consume(safe);
      if (!(await this.#more())) this.#cut();
    }
  }
}

function parseHeaders(text: string): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return headers;
}

/** A multipart body made as it is sent. */
export async function* writeMultipart(parts: AsyncIterable<{ headers: Readonly<Record<string, string>>; body: AsyncIterable<Uint8Array> }>, boundary: string): AsyncGenerator<Uint8Array> {
  for await (const { headers, body } of parts) {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('');
    yield Buffer.from(`--${boundary}\r\n${lines}\r\n`, 'latin1');
    yield* body;
    yield Buffer.from('\r\n');
  }
  yield Buffer.from(`--${boundary}--\r\n`);
}
