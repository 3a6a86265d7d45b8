import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BedsideError } from '../kernel/errors.ts';
import { extensionElement, readRed, readRtcp, readRtp, startsKeyFrame, writeNack } from './rtp/index.ts';
import { completeLocal, restrictOffer } from './sfu/webrtc/session-description.ts';
import { messageReader } from './signalling/read-message.ts';
import { clientMessages } from './protocol/index.ts';

/** Runs a reader; anything but a value or a typed error that says where is a fault of ours. */
function readsOrNames<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof BedsideError && (error.details.at !== undefined || error.kind === 'too-large')) return undefined;
    throw error;
  }
}
const bytes = fc.uint8Array({ maxLength: 1_500 }).map((array) => Buffer.from(array));
/** Bytes that get past the first checks. */
const rtpLike = bytes.map((buffer) => { if (buffer.length > 0) buffer[0] = 0x80 | (buffer[0]! & 0x3f); return buffer; });
const rtcpLike = fc.array(fc.tuple(fc.constantFrom(200, 201, 202, 203, 204, 205, 206, 207), fc.integer({ min: 0, max: 63 }), fc.integer({ min: 0, max: 12 }), fc.uint8Array({ minLength: 48, maxLength: 48 })), { maxLength: 4 })
  .map((packets) => Buffer.concat(packets.map(([type, flags, words, body]) => Buffer.concat([Buffer.from([0x80 | flags, type, 0, words]), Buffer.from(body).subarray(0, words * 4)]))));

test('arbitrary bytes never break the RTP reader nor make it read outside of them', () => {
  fc.assert(fc.property(fc.oneof(bytes, rtpLike), fc.integer({ min: 0, max: 300 }), (input, id) => {
    const packet = readsOrNames(() => readRtp(input));
    if (packet === undefined) return;
    expect(packet.payload.length).toBeLessThanOrEqual(input.length - 12);
    extensionElement(packet, id);
    startsKeyFrame('VP8', packet.payload);
    startsKeyFrame('H264', packet.payload);
  }), { numRuns: 3_000 });
});

test('arbitrary bytes never break the RTCP reader', () => {
  fc.assert(fc.property(fc.oneof(bytes, rtcpLike), (input) => { readsOrNames(() => readRtcp(input)); }), { numRuns: 3_000 });
});

test('arbitrary bytes never break the RED reader', () => {
  fc.assert(fc.property(bytes, (input) => {
    const blocks = readsOrNames(() => readRed(input));
    if (blocks !== undefined) expect(blocks.reduce((sum, block) => sum + block.payload.length, 0)).toBeLessThan(input.length);
  }), { numRuns: 3_000 });
});

test('any set of numbers survives a NACK', () => {
  fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 60 }), (numbers) => {
    const sorted = numbers.sort((a, b) => a - b);
    const [block] = readRtcp(writeNack(1, 2, sorted));
    expect(block).toEqual({ type: 'nack', mediaSsrc: 2, sequences: sorted });
  }));
});

const line = fc.oneof(fc.constantFrom('v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'm=video 9 X 96 97', 'm=application 9 DTLS/SCTP webrtc', 'a=mid:0', 'a=rtpmap:111 opus/48000/2', 'a=rtpmap:96 VP8/90000', 'a=fmtp:63 111/111', 'a=ssrc:5 cname:x', 'a=extmap:1 x'), fc.string({ maxLength: 80 }));
test('arbitrary session descriptions are restricted or refused', () => {
  fc.assert(fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
    const sdp = `v=0\r\n${lines.join('\r\n')}`;
    readsOrNames(() => restrictOffer(sdp, ['VP8', 'H264']));
    readsOrNames(() => completeLocal(sdp));
  }), { numRuns: 2_000 });
});

test('arbitrary messages are read or refused by name; what passes has a known type', () => {
  const read = messageReader();
  const types = Object.keys(clientMessages);
  const anything = fc.oneof(
    fc.string(), fc.json(),
    fc.record({ type: fc.constantFrom(...types), sdp: fc.anything(), text: fc.anything(), participantId: fc.anything(), audio: fc.anything(), granted: fc.anything(), generation: fc.anything() }, { requiredKeys: ['type'] }).map((value) => { try { return JSON.stringify(value); } catch { return '{}'; } }),
  );
  fc.assert(fc.property(anything, (text) => {
    const message = readsOrNames(() => read(text));
    if (message !== undefined) expect(types).toContain(message.type);
  }), { numRuns: 3_000 });
});
