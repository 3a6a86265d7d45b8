import { newDataSet, number, plainText, view, type DataSet, type Element } from './dataset.ts';
import { DicomError } from './errors.ts';
import { isPixelData, tags } from './tags.ts';
import { explicitLittleEndian, implicitLittleEndian, transferSyntax, type TransferSyntax } from './transfer-syntax.ts';

export interface ScanLimits {
  /** Binary values (OB, OW, UN...) longer than this are not kept, only located. Default 128 KiB, the largest look-up table. */
  readonly maxBinaryBytes?: number;
  /** Values of any VR longer than this are not kept. Default 1 MiB. */
  readonly maxValueBytes?: number;
  /** Sum of all kept values; over it the file is refused. Default 64 MiB. */
  readonly maxHeadBytes?: number;
  readonly maxElements?: number;
  readonly maxDepth?: number;
  /** VR of public tags for Implicit VR. Without it such elements are UN. */
  readonly vrOf?: (tag: number, signed?: boolean) => string | undefined;
}

/** Where the pixels of a file are. */
export interface PixelData {
  readonly tag: number;
  /** First byte of the value (of the first item when encapsulated). */
  readonly offset: number;
  /** Bytes of a native value; -1 when encapsulated. */
  readonly length: number;
  /** The Basic Offset Table, possibly empty. */
  basicOffsets: number[];
  /** Per fragment: byte of its value, its length, its first two bytes as a big-endian number. */
  readonly fragments: { offset: number[]; length: number[]; start: number[] };
}

interface Frame { readonly kind: 'set' | 'sequence' | 'fragments'; readonly end: number; readonly set: DataSet; readonly element?: Element; readonly explicit: boolean; count: number }

const longVrs = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const binaryVrs = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN']);
const undefinedLength = 0xFFFFFFFF;
const maxFragments = 2_000_000;

/**
 * Reads a Part 10 file chunk by chunk in one pass and bounded memory: keeps the values an index needs, locates pixels, fragments and other
 * large values without keeping them. Push bytes, then `finish()`.
 * @throws DicomError naming element and byte. @see PS3.10 7.1, PS3.5 7
 */
export class Part10Scanner {
  readonly meta: DataSet = newDataSet(true);
  dataset: DataSet = newDataSet(true);
  syntax: TransferSyntax | undefined;
  pixelData: PixelData | undefined;
  /** Absolute byte the scanner has come to. */
  position = 0;
  /** Called when the data set begins. A deflated one stops the scanner until `takeRest`; the caller inflates. */
  onDataSet: ((syntax: TransferSyntax) => void) | undefined;

  #window: Uint8Array = new Uint8Array(0);
  #base = 0;
  #stack: Frame[] = [];
  #phase: 'preamble' | 'meta' | 'data' = 'preamble';
  #kept = 0;
  #elements = 0;
  #skip = 0;
  #current = 0;
  #held = false;
  #metaEnd = 0;
  readonly #limits: Required<Omit<ScanLimits, 'vrOf'>> & Pick<ScanLimits, 'vrOf'>;

  constructor(limits: ScanLimits = {}) {
    this.#limits = { maxBinaryBytes: 131_072, maxValueBytes: 1_048_576, maxHeadBytes: 67_108_864, maxElements: 500_000, maxDepth: 32, ...limits };
  }

  /** Bytes that were pushed but belong to a deflated data set, when `onDataSet` told so; what is pushed from now on is inflated. */
  takeRest(): Uint8Array {
    const rest = this.#window.subarray(this.position - this.#base);
    this.#window = new Uint8Array(0);
    this.#base = this.position;
    this.#held = false;
    return rest;
  }

  push(chunk: Uint8Array): void {
    let from = 0;
    if (this.#skip > 0) {
      from = Math.min(this.#skip, chunk.length);
      this.#skip -= from;
      this.position += from;
      this.#base = this.position;
      this.#window = new Uint8Array(0);
      if (from === chunk.length) return;
    }
    const rest = this.position - this.#base;
    if (rest >= this.#window.length) this.#window = chunk.subarray(from);
    else {
      const joined = new Uint8Array(this.#window.length - rest + chunk.length - from);
      joined.set(this.#window.subarray(rest));
      joined.set(chunk.subarray(from), this.#window.length - rest);
      this.#window = joined;
    }
    this.#base = this.position;
    while (this.#step());
  }

  /** Ends the file. @throws DicomError `truncated` when an element or a sequence is not complete. */
  finish(): void {
    const left = this.#base + this.#window.length - this.position;
    if (this.#phase === 'preamble') throw new DicomError('not-dicom', 'Too short to be a DICOM file', { offset: this.position });
    if (this.#phase === 'meta') this.#startDataSet();
    while (this.#step());
    this.#close();
    const open = this.#stack[1];
    if (this.#skip > 0 || open || (left > 0 && !this.#isPadding())) throw new DicomError('truncated', 'The file ends inside an element', { tag: this.#current, offset: this.position });
  }

  #isPadding(): boolean {
    return this.#window.subarray(this.position - this.#base).every((byte) => byte === 0);
  }

  #has(bytes: number): boolean { return this.position - this.#base + bytes <= this.#window.length; }

  #fail(fault: ConstructorParameters<typeof DicomError>[0], message: string): never {
    throw new DicomError(fault, message, { tag: this.#current, offset: this.position });
  }

  #step(): boolean {
    if (this.#skip > 0 || this.#held) return false;
    switch (this.#phase) {
      case 'preamble': return this.#preamble();
      case 'meta': return this.#metaElement();
      case 'data': return this.#dataElement();
    }
  }

  #preamble(): boolean {
    if (!this.#has(132)) return false;
    const at = this.position - this.#base;
    const magic = this.#window.subarray(at + 128, at + 132);
    if (magic[0] === 0x44 && magic[1] === 0x49 && magic[2] === 0x43 && magic[3] === 0x4D) this.position += 132;
    else if (!this.#startsBare(at)) throw new DicomError('not-dicom', 'No DICM mark', { offset: 128 });
    if (this.#phase === 'preamble') this.#phase = 'meta';
    this.#stack = [{ kind: 'set', end: Number.POSITIVE_INFINITY, set: this.#phase === 'meta' ? this.meta : this.dataset, explicit: this.syntax?.explicitVr ?? true, count: 0 }];
    return true;
  }

  /** Old devices leave out the preamble, or all of the file meta information: then the first element tells the syntax. */
  #startsBare(at: number): boolean {
    const data = view(this.#window);
    const group = data.getUint16(at, true);
    const element = data.getUint16(at + 2, true);
    const lettered = longVrs.has(String.fromCharCode(this.#window[at + 4]!, this.#window[at + 5]!)) || /^(UL|UI|CS|DA|TM|SH|LO|IS|US)$/.test(String.fromCharCode(this.#window[at + 4]!, this.#window[at + 5]!));
    if (group === 2) return lettered && element <= 0x10;
    if (group !== 8 || element > 0x18 || (!lettered && data.getUint32(at + 4, true) > 256)) return false;
    this.syntax = transferSyntax(lettered ? explicitLittleEndian : implicitLittleEndian);
    this.#phase = 'data';
    this.onDataSet?.(this.syntax);
    return true;
  }

  #metaElement(): boolean {
    if (!this.#has(8)) return false;
    const at = this.position - this.#base;
    // What follows may be deflated and begin with any bytes, so there the group length has the say; elsewhere it is often wrong.
    const inflates = this.#metaEnd > 0 && this.position >= this.#metaEnd && transferSyntax(plainText(this.meta, tags.TransferSyntaxUID) ?? '').deflated;
    if (inflates || view(this.#window).getUint16(at, true) !== 2) {
      this.#startDataSet();
      return true;
    }
    if (!this.#element(this.#stack[0]!)) return false;
    if (this.#current === 0x00020000) this.#metaEnd = this.position + (number(this.meta, 0x00020000) ?? 0);
    return true;
  }

  #startDataSet(): void {
    const uid = plainText(this.meta, tags.TransferSyntaxUID);
    if (!uid) throw new DicomError('transfer-syntax-missing', 'The file does not name its transfer syntax', { tag: tags.TransferSyntaxUID, offset: this.position });
    this.syntax = transferSyntax(uid);
    this.dataset = newDataSet(this.syntax.littleEndian);
    this.#stack = [{ kind: 'set', end: Number.POSITIVE_INFINITY, set: this.dataset, explicit: this.syntax.explicitVr, count: 0 }];
    this.#phase = 'data';
    this.#current = 0;
    this.#held = this.syntax.deflated;
    this.onDataSet?.(this.syntax);
  }

  /** Leaves the items and sequences whose defined length has been read. */
  #close(): void {
    while (this.#stack.length > 1 && this.#stack.at(-1)!.end <= this.position) {
      if (this.#stack.at(-1)!.end < this.position) this.#fail('bad-length', 'An element reaches beyond the sequence that holds it');
      this.#stack.pop();
    }
  }

  #dataElement(): boolean {
    this.#close();
    const top = this.#stack.at(-1)!;
    if (top.kind === 'set') return this.#element(top);
    return this.#item(top);
  }

  #item(top: Frame): boolean {
    if (!this.#has(8)) return false;
    const at = this.position - this.#base;
    const data = view(this.#window);
    const le = top.set.littleEndian;
    const tag = ((data.getUint16(at, le) << 16) | data.getUint16(at + 2, le)) >>> 0;
    const length = data.getUint32(at + 4, le);
    if (tag === tags.SequenceDelimitation) {
      this.position += 8;
      this.#stack.pop();
      return true;
    }
    if (tag !== tags.Item) this.#fail('bad-item', 'An item of a sequence was expected');
    if (top.kind === 'fragments') return this.#fragment(top, length);
    this.position += 8;
    this.#count();
    const set = newDataSet(le, top.set);
    top.element!.items!.push(set);
    const end = length === undefinedLength ? Number.POSITIVE_INFINITY : this.position + length;
    if (end > top.end && length !== undefinedLength) this.#fail('bad-length', 'An item is longer than its sequence');
    this.#open({ kind: 'set', end: Math.min(end, top.end), set, explicit: top.explicit, count: 0 });
    return true;
  }

  #fragment(top: Frame, length: number): boolean {
    const pixels = this.pixelData!;
    if (length === undefinedLength) this.#fail('bad-item', 'A fragment of pixels without a length');
    const first = top.count === 0;
    if (first) {
      if (length % 4 !== 0 || length > 4 * maxFragments) this.#fail('bad-length', 'The Basic Offset Table has a wrong length');
      if (!this.#has(8 + length)) return false;
      const at = this.position - this.#base + 8;
      const data = view(this.#window);
      for (let n = 0; n < length; n += 4) pixels.basicOffsets.push(data.getUint32(at + n, top.set.littleEndian));
      top.count = 1;
      this.#advance(8 + length);
      return true;
    }
    if (!this.#has(8 + Math.min(2, length))) return false;
    if (pixels.fragments.offset.length >= maxFragments) this.#fail('too-many-elements', 'Too many fragments');
    const at = this.position - this.#base + 8;
    pixels.fragments.offset.push(this.position + 8);
    pixels.fragments.length.push(length);
    pixels.fragments.start.push(length >= 2 ? (this.#window[at]! << 8) | this.#window[at + 1]! : 0);
    this.#advance(8 + length);
    return true;
  }

  #count(): void {
    this.#elements += 1;
    if (this.#elements > this.#limits.maxElements) this.#fail('too-many-elements', 'More elements than can be read');
  }

  #open(frame: Frame): void {
    if (this.#stack.length > this.#limits.maxDepth) this.#fail('too-deep', 'Sequences are nested too deeply');
    this.#stack.push(frame);
  }

  /** Moves on; what has not arrived yet is skipped as it comes. */
  #advance(bytes: number): void {
    const here = this.#base + this.#window.length - this.position;
    if (bytes > here) {
      this.#skip = bytes - here;
      this.position += here;
    } else this.position += bytes;
  }

  #element(top: Frame): boolean {
    if (!this.#has(8)) return false;
    const at = this.position - this.#base;
    const data = view(this.#window);
    const le = top.set.littleEndian;
    const tag = ((data.getUint16(at, le) << 16) | data.getUint16(at + 2, le)) >>> 0;
    this.#current = tag;
    if (tag === tags.ItemDelimitation && this.#stack.length > 1) {
      this.position += 8;
      this.#stack.pop();
      return true;
    }
    if (tag >>> 16 === 0xFFFE) this.#fail('bad-item', 'An item or delimiter outside a sequence');
    const head = this.#readHead(top, data, at, tag, le);
    if (!head) return false;
    return this.#value(top, tag, head.vr, head.length, head.size, at);
  }

  #readHead(top: Frame, data: DataView, at: number, tag: number, le: boolean): { vr: string; length: number; size: number } | undefined {
    if (!top.explicit) {
      const vr = this.#limits.vrOf?.(tag, number(top.set, tags.PixelRepresentation) === 1) ?? (isPixelData(tag) ? 'OW' : 'UN');
      return { vr, length: data.getUint32(at + 4, le), size: 8 };
    }
    const a = this.#window[at + 4]!;
    const b = this.#window[at + 5]!;
    if (a < 65 || a > 90 || b < 65 || b > 90) this.#fail('bad-vr', 'A value representation is two capital letters');
    const vr = String.fromCharCode(a, b);
    if (!longVrs.has(vr)) return { vr, length: data.getUint16(at + 6, le), size: 8 };
    if (!this.#has(12)) return undefined;
    return { vr, length: data.getUint32(at + 8, le), size: 12 };
  }

  #value(top: Frame, tag: number, vr: string, length: number, size: number, at: number): boolean {
    const offset = this.position + size;
    if (length !== undefinedLength && offset + length > top.end) this.#fail('bad-length', 'A value is longer than what holds it');
    const atTop = this.#stack.length === 1;
    if (isPixelData(tag) && atTop && this.#phase === 'data') return this.#pixels(top, tag, length, size);
    if (vr === 'SQ' || length === undefinedLength) {
      return this.#sequence(top, { tag, vr: 'SQ', offset, length: length === undefinedLength ? -1 : length, items: [] }, size, vr === 'UN');
    }
    if (vr === 'UN' && !top.explicit && length >= 8) {
      if (!this.#has(size + 4)) return false;
      const peek = view(this.#window).getUint32(at + size, true);
      if (peek === 0xE000FFFE) return this.#sequence(top, { tag, vr: 'SQ', offset, length, items: [] }, size, false);
    }
    const most = binaryVrs.has(vr) ? Math.min(this.#limits.maxBinaryBytes, this.#limits.maxValueBytes) : this.#limits.maxValueBytes;
    const element: Element = { tag, vr, offset, length };
    if (length > most) {
      this.#store(top.set, element);
      this.#advance(size + length);
      return true;
    }
    if (!this.#has(size + length)) return false;
    this.#kept += length + 64;
    if (this.#kept > this.#limits.maxHeadBytes) this.#fail('head-too-large', 'The data set without its pixels is too large');
    element.bytes = this.#window.slice(at + size, at + size + length);
    this.#store(top.set, element);
    this.position += size + length;
    return true;
  }

  #store(set: DataSet, element: Element): void {
    this.#count();
    set.elements.set(element.tag, element);
  }

  #sequence(top: Frame, element: Element, size: number, implicitInside: boolean): boolean {
    this.#store(top.set, element);
    this.position += size;
    const end = element.length === -1 ? top.end : this.position + element.length;
    this.#open({ kind: 'sequence', end, set: top.set, element, explicit: top.explicit && !implicitInside, count: 0 });
    return true;
  }

  #pixels(top: Frame, tag: number, length: number, size: number): boolean {
    const offset = this.position + size;
    this.pixelData = { tag, offset, length: length === undefinedLength ? -1 : length, basicOffsets: [], fragments: { offset: [], length: [], start: [] } };
    this.#count();
    if (length === undefinedLength) {
      this.position += size;
      this.#open({ kind: 'fragments', end: Number.POSITIVE_INFINITY, set: top.set, explicit: top.explicit, count: 0 });
    } else this.#advance(size + length);
    return true;
  }
}
