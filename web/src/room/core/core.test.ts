import { expect, test } from 'vitest';
import { applyMessage } from './apply-message.ts';
import { interarrivalJitter, summarize } from './link-probe.ts';
import { withAudioNack } from './sdp.ts';
import { mainEncoding } from './send-link.ts';
import { firstSnapshot } from './snapshot.ts';

const person = { participantId: 'b', displayName: 'B', role: 'clinician' as const, canAdmit: false, presence: 'present' as const, consent: 'not-needed' as const, audio: true, video: true, hand: false };

test('loss of one direction is told from what passed twice', () => {
  const echoes = Array.from({ length: 81 }, (_, number) => ({ number, sentAtMs: number * 20, atServerMs: number * 20 + 500, backAtMs: number * 20 + 30 }));
  const summary = summarize(100, echoes);
  expect(summary.roundTripMs).toBe(30);
  expect(summary.jitterMs).toBe(0);
  expect(summary.lossFraction).toBeCloseTo(0.1);
});

test('jitter settles at the mean difference of transit times', () => {
  const times = Array.from({ length: 400 }, (_, index) => ({ sentMs: index * 20, arrivedMs: index * 20 + (index % 2) * 10 }));
  expect(interarrivalJitter(times)).toBeCloseTo(10, 1);
});

test('the answer asks for lost audio once, and leaves video alone', () => {
  const sdp = 'v=0\r\nm=audio 9 X 111 63\r\na=rtpmap:111 opus/48000/2\r\na=rtpmap:63 red/48000/2\r\nm=video 9 X 96\r\na=rtpmap:96 VP8/90000\r\n';
  const once = withAudioNack(sdp);
  expect(once.match(/rtcp-fb/g)).toHaveLength(2);
  expect(once.indexOf('a=rtcp-fb:63 nack')).toBeLessThan(once.indexOf('m=video'));
  expect(withAudioNack(once)).toBe(once);
});

test('more participants mean less for each', () => {
  const rates = [1, 3, 6, 11].map((others) => mainEncoding(others).maxBitrate);
  expect(rates).toEqual([...rates].sort((a, b) => b - a));
  expect(mainEncoding(11).maxBitrate * 11).toBeLessThan(3_000_000);
});

test('participants come, change and go; what the server says of oneself is kept apart', () => {
  const welcomed = { ...firstSnapshot, you: { ...person, participantId: 'a' } };
  const come = { ...welcomed, ...applyMessage(welcomed, { type: 'participant', participant: person }) };
  expect(come.participants).toEqual([person]);
  const changed = { ...come, ...applyMessage(come, { type: 'participant', participant: { ...person, hand: true } }) };
  expect(changed.participants).toEqual([{ ...person, hand: true }]);
  const self = applyMessage(changed, { type: 'participant', participant: { ...person, participantId: 'a', consent: 'asked' } });
  expect(self).toEqual({ you: { ...person, participantId: 'a', consent: 'asked' }, consentNeeded: true });
  expect(applyMessage(changed, { type: 'left', participantId: 'b', reason: 'left' })?.participants).toEqual([]);
});
