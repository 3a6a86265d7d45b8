import { transferSyntax } from '@bedside/dicom';
import { BedsideError } from '../../kernel/index.ts';

/** One range of an Accept header. */
export interface MediaRange { readonly type: string; /** For multipart/related: the type of the parts. */ readonly partType: string | undefined; readonly transferSyntax: string | undefined; readonly quality: number }

const maxRanges = 40;

/** @see RFC 9110 12.5.1, PS3.18 8.7.4 */
export function parseAccept(header: string | undefined): MediaRange[] {
  const ranges = splitOutside(header?.trim() || '*/*', ',').slice(0, maxRanges).map((range) => {
    const [type = '', ...parameters] = splitOutside(range, ';').map((part) => part.trim());
    const map = new Map(parameters.map((parameter) => {
      const [name = '', value = ''] = parameter.split('=', 2);
      return [name.trim().toLowerCase(), value.trim().replace(/^"|"$/g, '')];
    }));
    const quality = Number(map.get('q') ?? 1);
    return { type: type.toLowerCase(), partType: map.get('type')?.toLowerCase(), transferSyntax: map.get('transfer-syntax'), quality: Number.isFinite(quality) ? quality : 0 };
  });
  return ranges.filter((range) => range.quality > 0).sort((a, b) => b.quality - a.quality);
}

/** Splits at a separator that does not stand in quotes. */
function splitOutside(text: string, separator: string): string[] {
  const out: string[] = [''];
  let quoted = false;
  for (const c of text) {
    if (c === '"') quoted = !quoted;
    if (c === separator && !quoted) out.push('');
    else out[out.length - 1] += c;
  }
  return out;
}

export type Framing = 'multipart' | 'single';

/**
 * How to send something of a media type and stored transfer syntax. Bytes are given as they are stored: another syntax that is asked for by name cannot be served.
 * @throws unsupported answered as 406.
 */
export function negotiate(header: string | undefined, offered: { mediaType: string; transferSyntax: string }): Framing {
  const anySyntax = (range: MediaRange): boolean => range.transferSyntax === undefined || range.transferSyntax === '*' || range.transferSyntax === offered.transferSyntax;
  const matches = (wanted: string | undefined): boolean => wanted === undefined || wanted === '*/*' || wanted === offered.mediaType || wanted === 'application/octet-stream' || wanted === `${offered.mediaType.split('/')[0]}/*`;
  for (const range of parseAccept(header)) {
    if (range.type === '*/*') return 'multipart';
    if (range.type === 'multipart/related' && matches(range.partType) && anySyntax(range)) return 'multipart';
    if (range.type !== 'multipart/related' && matches(range.type) && anySyntax(range)) return 'single';
  }
  throw notAcceptable(`It is stored as ${transferSyntax(offered.transferSyntax).name} and is given as it is stored.`);
}

/** For JSON answers. */
export function requireJson(header: string | undefined): void {
  const wanted = parseAccept(header);
  if (!wanted.some((r) => ['*/*', 'application/*', 'application/json', 'application/dicom+json'].includes(r.type))) throw notAcceptable('The answer is application/dicom+json.');
}

const notAcceptable = (message: string): BedsideError => new BedsideError('unsupported', 'not-acceptable', message, { details: { at: 'Accept', status: 406 } });
