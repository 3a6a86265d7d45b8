/**
 * Whether the bytes of a frame begin as their media type says. Decoders are given nothing else: some of them go on for minutes over bytes that
 * are not theirs, and all images wait behind them.
 */
export function frameIsPlausible(contentType: string, bytes: Uint8Array): boolean {
  const type = contentType.split(';')[0]!.trim().toLowerCase();
  const starts = (...head: number[]): boolean => head.every((byte, at) => bytes[at] === byte);
  switch (type) {
    case 'image/jpeg': case 'image/jls': return starts(0xFF, 0xD8, 0xFF);
    case 'image/jp2': case 'image/jpx': case 'image/jphc': return starts(0xFF, 0x4F, 0xFF) || starts(0, 0, 0, 0x0C);
    case 'image/dicom-rle': return rleHeader(bytes);
    default: return bytes.length > 0;
  }
}

/** 1 to 15 segments whose offsets rise within the frame, the first right after the header. @see PS3.5 G.5 */
function rleHeader(bytes: Uint8Array): boolean {
  if (bytes.length < 64) return false;
  const data = new DataView(bytes.buffer, bytes.byteOffset, 64);
  const segments = data.getUint32(0, true);
  if (segments < 1 || segments > 15 || data.getUint32(4, true) !== 64) return false;
  for (let n = 1; n < segments; n += 1) {
    const offset = data.getUint32(4 + n * 4, true);
    if (offset <= data.getUint32(n * 4, true) || offset >= bytes.length) return false;
  }
  return true;
}

/** Type and bytes of a frame as it came: the only part of a multipart answer, or the answer itself. */
export function frameOf(contentType: string, body: Uint8Array): { type: string; bytes: Uint8Array } {
  if (!/^multipart\//i.test(contentType)) return { type: contentType, bytes: body };
  const head = new TextDecoder('latin1').decode(body.subarray(0, 2_048));
  const end = head.indexOf('\r\n\r\n');
  return { type: /content-type:\s*([^\r\n]+)/i.exec(head.slice(0, end))?.[1] ?? '', bytes: body.subarray(end + 4) };
}
