import { expect, test } from 'vitest';
import {
  extensionElement, isRtcp, readRed, readRtcp, readRtp, startsKeyFrame, unwrapSequence, writeMaxBitrate, writeNack, writePictureLoss, writeReceiverReport, writeReceiverTimeAnswer,
  writeRed, writeRtpHeader, writeSenderReport, canBeRedundant,
} from './index.ts';

/** An RTP packet with one CSRC, a one-byte extension (id 1: level 0x9c; id 2: send time) and four bytes of padding. */
const packet = Buffer.from('b1ef0102deadbeef0000002a00000007bede0002109c22aabbcc00001122330000000004'.replaceAll(' ', ''), 'hex');

test('reads a packet with CSRC, extension and padding in place', () => {
  const read = readRtp(packet);
  expect(read).toMatchObject({ payloadType: 0x6f, marker: true, sequence: 0x0102, timestamp: 0xdeadbeef, ssrc: 42, extensionProfile: 0xbede });
  expect(read.payload.toString('hex')).toBe('11223300');
  expect(extensionElement(read, 1)?.toString('hex')).toBe('9c');
  expect(extensionElement(read, 2)?.toString('hex')).toBe('aabbcc');
  expect(extensionElement(read, 3)).toBeUndefined();
});

test('names field and offset of what is wrong', () => {
  expect(() => readRtp(packet.subarray(0, 11))).toThrow(/RTP header at byte 0/);
  expect(() => readRtp(packet.subarray(0, 21))).toThrow(/RTP extension at byte 16/);
  expect(() => readRtp(Buffer.concat([packet.subarray(0, -1), Buffer.from([99])]))).toThrow(/padding at byte 35/);
});

test('writes the header that it reads', () => {
  const out = Buffer.alloc(12);
  writeRtpHeader(out, { payloadType: 96, marker: true, sequence: 0x1_0005, timestamp: -1, ssrc: 0xffffffff });
  expect(readRtp(out)).toMatchObject({ payloadType: 96, marker: true, sequence: 5, timestamp: 0xffffffff, ssrc: 0xffffffff });
});

test('unwraps sequence numbers to the nearest count', () => {
  expect(unwrapSequence(2, 65_535)).toBe(65_538);
  expect(unwrapSequence(65_535, 65_538)).toBe(65_535);
  expect(unwrapSequence(0x8000, 0)).toBe(-0x8000);
});

test('a NACK carries exactly the numbers asked for, over the wrap too', () => {
  const asked = [65_534, 65_535, 0, 3, 15, 20, 300];
  const bytes = writeNack(1, 7, asked);
  expect(isRtcp(bytes)).toBe(true);
  expect(bytes.length).toBe(12 + 3 * 4);
  expect(readRtcp(bytes)).toEqual([{ type: 'nack', mediaSsrc: 7, sequences: asked }]);
});

test('reads a compound of report, picture loss, bit rate and receiver time', () => {
  const block = { ssrc: 5, fractionLost: 0.25, cumulativeLost: -3, highestSequence: 70_000, jitter: 12, lastSenderReport: 0xabcdef01, delaySinceLastSenderReport: 65_536 };
  const receiverTime = Buffer.from('80cf00040000000904000002830000010203040500000000'.slice(0, 40), 'hex');
  const compound = Buffer.concat([writeReceiverReport(1, [block]), writePictureLoss(1, 5), writeMaxBitrate(1, 2_500_000, [5, 6]), receiverTime]);
  const [report, loss, rate, time] = readRtcp(compound);
  expect(report).toEqual({ type: 'receiver-report', ssrc: 1, reports: [block] });
  expect(loss).toEqual({ type: 'picture-loss', mediaSsrc: 5 });
  expect(rate).toMatchObject({ type: 'max-bitrate', ssrcs: [5, 6] });
  expect((rate as { bitsPerSecond: number }).bitsPerSecond).toBeCloseTo(2_500_000, -2);
  expect(time).toEqual({ type: 'receiver-time', ssrc: 9, compactNtp: 0x00010203 });
});

test('writes a sender report and the answer to a receiver time as the standards lay them out', () => {
  expect(writeSenderReport({ ssrc: 1, ntpSeconds: 2, ntpFraction: 3, rtpTimestamp: 4, packets: 5, octets: 6 }).toString('hex')).toBe('80c80006000000010000000200000003000000040000000500000006');
  expect(writeReceiverTimeAnswer(1, 9, 0x00010203, 65_536).toString('hex')).toBe('80cf00050000000105000003000000090001020300010000');
});

test('RED keeps its blocks, oldest first, and refuses what does not fit its header', () => {
  const out = writeRed(111, [{ timestampOffset: 1920, payload: Buffer.from('old') }, { timestampOffset: 960, payload: Buffer.from('older'.slice(0, 4)) }], Buffer.from('now'), 12);
  expect(readRed(out.subarray(12)).map((one) => [one.payloadType, one.timestampOffset, one.payload.toString()])).toEqual([[111, 1920, 'old'], [111, 960, 'olde'], [111, 0, 'now']]);
  expect(canBeRedundant(1 << 14, 10)).toBe(false);
  expect(canBeRedundant(960, 1024)).toBe(false);
  expect(() => readRed(Buffer.from([0xef, 0x00]))).toThrow(/block header at byte 0/);
  expect(() => readRed(Buffer.from([0xef, 0x0f, 0x00, 0x10, 0x6f, 1]))).toThrow(/block at byte 5/);
});

test('finds the beginning of key frames', () => {
  const cases: [string, 'VP8' | 'H264', boolean][] = [
    ['1000', 'VP8', true], ['1001', 'VP8', false], ['90e08123010200', 'VP8', true], ['90e08123010201', 'VP8', false], ['9080812300', 'VP8', true], ['0000', 'VP8', false],
    ['6742', 'H264', true], ['65ff', 'H264', true], ['41ff', 'H264', false], ['7c85', 'H264', true], ['7c05', 'H264', false], ['780002674200026880', 'H264', true],
  ];
  for (const [hex, codec, key] of cases) expect([hex, startsKeyFrame(codec, Buffer.from(hex, 'hex'))]).toEqual([hex, key]);
});
