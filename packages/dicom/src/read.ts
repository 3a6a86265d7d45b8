import type { DataSet } from './dataset.ts';
import { DicomError } from './errors.ts';
import { Part10Scanner, type PixelData, type ScanLimits } from './scan.ts';
import type { TransferSyntax } from './transfer-syntax.ts';

/** What one pass over a file gives: its data set without pixels, and where the pixels are. */
export interface Part10 {
  readonly meta: DataSet;
  readonly dataset: DataSet;
  readonly syntax: TransferSyntax;
  readonly pixelData: PixelData | undefined;
  /** Bytes of the file as received. */
  readonly byteLength: number;
}

const maxInflatedBytes = 1_073_741_824;

/**
 * Reads a Part 10 file from a stream. For a deflated syntax the offsets are those of the inflated data set, counted from the end of the file
 * meta information as if it had not been deflated.
 * @throws DicomError
 */
export async function readPart10(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, limits: ScanLimits = {}): Promise<Part10> {
  const scan = new StreamScan(limits);
  for await (const chunk of bytes) await scan.push(chunk);
  return scan.finish();
}

/** The same from bytes in memory; every value is kept. */
export const readPart10Bytes = (bytes: Uint8Array, limits: ScanLimits = {}): Promise<Part10> =>
  readPart10([bytes], { maxBinaryBytes: bytes.length * 64, maxValueBytes: bytes.length * 64, ...limits });

/** A scanner that also inflates. For callers that pass the same bytes on elsewhere. */
export class StreamScan {
  readonly scanner: Part10Scanner;
  #inflate: { writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>; done: Promise<unknown> } | undefined;
  #deflated = false;
  #received = 0;

  constructor(limits: ScanLimits = {}) {
    this.scanner = new Part10Scanner(limits);
    this.scanner.onDataSet = (syntax) => { this.#deflated = syntax.deflated; };
  }

  async push(chunk: Uint8Array): Promise<void> {
    this.#received += chunk.length;
    if (this.#inflate) return this.#write(chunk);
    this.scanner.push(chunk);
    if (!this.#deflated) return;
    this.#inflate = this.#startInflating();
    await this.#write(this.scanner.takeRest());
  }

  async finish(): Promise<Part10> {
    let failed: unknown;
    if (this.#inflate) {
      await this.#inflate.writer.close().catch(() => undefined);
      failed = await this.#inflate.done;
      if (failed instanceof DicomError) throw failed;
    }
    try {
      this.scanner.finish();
      if (failed !== undefined && this.scanner.dataset.elements.size === 0) throw failed;
    } catch (error) {
      // The padding byte that PS3.5 A.5 allows after deflated data is an error to inflaters: only an incomplete data set is one to us.
      if (failed === undefined) throw error;
      throw new DicomError('inflate-failed', 'The deflated data set cannot be inflated', { offset: this.scanner.position }, failed);
    }
    const { meta, dataset, syntax, pixelData } = this.scanner;
    return { meta, dataset, syntax: syntax!, pixelData, byteLength: this.#received };
  }

  #startInflating(): { writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>; done: Promise<unknown> } {
    const stream = new DecompressionStream('deflate-raw');
    const from = this.scanner.position;
    const read = async (): Promise<unknown> => {
      let total = 0;
      try {
        for await (const chunk of stream.readable as unknown as AsyncIterable<Uint8Array>) {
          total += chunk.length;
          if (total > maxInflatedBytes) throw new DicomError('head-too-large', 'The deflated data set is too large', { offset: from });
          this.scanner.push(chunk);
        }
        return undefined;
      } catch (failed) {
        return failed;
      }
    };
    return { writer: stream.writable.getWriter() as WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>, done: read() };
  }

  async #write(chunk: Uint8Array): Promise<void> {
    const { writer, done } = this.#inflate!;
    const failed = await Promise.race([writer.write(new Uint8Array(chunk)).then(() => undefined, () => done), done]);
    if (failed instanceof DicomError) throw failed;
  }
}
