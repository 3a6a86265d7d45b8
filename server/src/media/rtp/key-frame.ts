/** Video codecs that the room relays. */
export type VideoCodec = 'VP8' | 'H264';

/** True when a VP8 payload begins a key frame. @see RFC 7741 section 4 */
function startsVp8KeyFrame(payload: Buffer): boolean {
  if (payload.length === 0) return false;
  const first = payload[0]!;
  if ((first & 0x10) === 0 || (first & 0x07) !== 0) return false;
  let at = 1;
  if ((first & 0x80) !== 0) {
    const extension = payload[1];
    if (extension === undefined) return false;
    at = 2;
    if ((extension & 0x80) !== 0) at += (payload[at] ?? 0) >= 0x80 ? 2 : 1;
    if ((extension & 0x40) !== 0) at += 1;
    if ((extension & 0x30) !== 0) at += 1;
  }
  const frame = payload[at];
  return frame !== undefined && (frame & 0x01) === 0;
}

const isKeyUnit = (type: number): boolean => type === 5 || type === 7;

/** True when an H.264 payload carries the start of a sequence parameter set or of an IDR slice. @see RFC 6184 section 5.4 */
function startsH264KeyFrame(payload: Buffer): boolean {
  if (payload.length < 2) return false;
  const type = payload[0]! & 0x1f;
  if (type === 28) return (payload[1]! & 0x80) !== 0 && isKeyUnit(payload[1]! & 0x1f);
  if (type !== 24) return isKeyUnit(type);
  for (let at = 1; at + 2 < payload.length; at += 2 + payload.readUInt16BE(at)) {
    if (isKeyUnit(payload[at + 2]! & 0x1f)) return true;
  }
  return false;
}

/** True when a receiver that knows nothing yet can begin decoding at this packet. */
export const startsKeyFrame = (codec: VideoCodec, payload: Buffer): boolean =>
  codec === 'VP8' ? startsVp8KeyFrame(payload) : startsH264KeyFrame(payload);
