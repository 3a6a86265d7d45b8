import { invalid } from '../../../kernel/errors.ts';
import type { VideoCodec } from '../../rtp/index.ts';

/** Longest session description that is read, in characters. */
export const mostSdpCharacters = 48_000;
const mostMedia = 32;

interface MediaSection { readonly kind: string; readonly mid: string | undefined; readonly lines: readonly string[] }
interface SessionDescription { readonly session: readonly string[]; readonly media: readonly MediaSection[] }

const fault = (rule: string) => invalid('media.sdp', `The session description ${rule}.`, { details: { at: 'sdp' } });

/** Splits a session description into its sections. @see RFC 8866 @throws invalid `media.sdp` */
export function readSdp(sdp: string): SessionDescription {
  if (sdp.length > mostSdpCharacters) throw fault(`is longer than ${mostSdpCharacters} characters`);
  const lines = sdp.split(/\r?\n/).filter((line) => line !== '');
  if (lines[0] !== 'v=0') throw fault('does not begin with v=0');
  const starts = lines.flatMap((line, index) => (line.startsWith('m=') ? [index] : []));
  if (starts.length === 0 || starts.length > mostMedia) throw fault(`must have 1 to ${mostMedia} media sections`);
  const media = starts.map((start, index) => {
    const section = lines.slice(start, starts[index + 1]);
    return {
      kind: /^m=(\w+) /.exec(section[0]!)?.[1] ?? '',
      mid: section.find((line) => line.startsWith('a=mid:'))?.slice(6), lines: section,
    };
  });
  return { session: lines.slice(0, starts[0]), media };
}

const write = (description: SessionDescription): string =>
  `${[...description.session, ...description.media.flatMap((section) => section.lines)].join('\r\n')}\r\n`;

/** The payload types of a section that we can relay, best first. */
export interface RelayedFormats { readonly opus?: number; readonly red?: number; readonly VP8?: number; readonly H264?: number }

const formatLine = /^a=(?:rtpmap|fmtp|rtcp-fb):(\d+) (.*)$/;

/** Finds Opus, RED over Opus, VP8 and H.264 with packetization-mode 1 (constrained baseline). */
export function relayedFormats(section: Pick<MediaSection, 'lines'>): RelayedFormats {
  const maps = new Map<number, string>();
  const parameters = new Map<number, string>();
  for (const line of section.lines) {
    const match = formatLine.exec(line);
    if (match === null) continue;
    if (line.startsWith('a=rtpmap:')) maps.set(Number(match[1]), match[2]!.toLowerCase());
    if (line.startsWith('a=fmtp:')) parameters.set(Number(match[1]), match[2]!.toLowerCase());
  }
  const find = (accept: (map: string, fmtp: string) => boolean) => [...maps].find(([type, map]) => accept(map, parameters.get(type) ?? ''))?.[0];
  const opus = find((map) => map.startsWith('opus/48000'));
  const found = {
    opus,
    red: opus === undefined ? undefined : find((map, fmtp) => map.startsWith('red/48000') && fmtp.split('/').every((type) => Number(type) === opus)),
    VP8: find((map) => map === 'vp8/90000'),
    H264: find((map, fmtp) => map === 'h264/90000' && fmtp.includes('packetization-mode=1') && /profile-level-id=42[ce]0/.test(fmtp))
      ?? find((map, fmtp) => map === 'h264/90000' && fmtp.includes('packetization-mode=1') && fmtp.includes('profile-level-id=42')),
  };
  return Object.fromEntries(Object.entries(found).filter(([, type]) => type !== undefined)) as RelayedFormats;
}

const keptExtensions = ['urn:ietf:params:rtp-hdrext:ssrc-audio-level', 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time'];

/** Identifiers of the header extensions that we read. */
export function extensionIds(section: Pick<MediaSection, 'lines'>): { audioLevel: number; absoluteSendTime: number } {
  const id = (uri: string) => Number(section.lines.map((line) => /^a=extmap:(\d+)(?:\/\w+)? (\S+)/.exec(line)).find((match) => match?.[2] === uri)?.[1] ?? 0);
  return { audioLevel: id(keptExtensions[0]!), absoluteSendTime: id(keptExtensions[1]!) };
}

function keepFormats(section: MediaSection, types: readonly number[]): MediaSection {
  const kept = section.lines.flatMap((line) => {
    if (line.startsWith('m=')) return [[...line.split(' ').slice(0, 3), ...types].join(' ')];
    const format = formatLine.exec(line);
    if (format !== null) return types.includes(Number(format[1])) && !line.includes('transport-cc') ? [line] : [];
    const extension = /^a=extmap:\d+(?:\/\w+)? (\S+)/.exec(line);
    if (extension !== null) return keptExtensions.includes(extension[1]!) ? [line] : [];
    if (/^a=(?:rid|simulcast|ssrc-group|extmap-allow-mixed)\b/.test(line)) return [];
    return [line];
  });
  return { ...section, lines: kept };
}

/**
 * Keeps of a browser's offer only what the room relays, because the answer of the transport library echoes all that it was offered.
 * The first payload type is what the browser will send: RED before Opus, then the video codecs in the given order.
 */
export function restrictOffer(sdp: string, videoOrder: readonly VideoCodec[]): { sdp: string; sections: { mid: string; kind: 'audio' | 'video'; formats: RelayedFormats; extensions: { audioLevel: number; absoluteSendTime: number }; ssrc: number | undefined }[] } {
  const offer = readSdp(sdp);
  const sections: ReturnType<typeof restrictOffer>['sections'] = [];
  const media = offer.media.map((section) => {
    if (section.kind === 'application') return section;
    if ((section.kind !== 'audio' && section.kind !== 'video') || section.mid === undefined) throw fault('has a media section that is neither audio, video nor data');
    const formats = relayedFormats(section);
    const types = section.kind === 'audio' ? [formats.red, formats.opus] : videoOrder.map((codec) => formats[codec]);
    const kept = types.filter((type) => type !== undefined);
    if (kept.length === 0) throw fault(`offers no ${section.kind} codec that the room relays`);
    const ssrc = /^a=ssrc:(\d+)/.exec(section.lines.find((line) => line.startsWith('a=ssrc:')) ?? '')?.[1];
    sections.push({ mid: section.mid, kind: section.kind, formats, extensions: extensionIds(section), ssrc: ssrc === undefined ? undefined : Number(ssrc) });
    return keepFormats(section, kept);
  });
  const session = offer.session.filter((line) => !line.startsWith('a=extmap-allow-mixed'));
  return { sdp: write({ session, media }), sections };
}

/** Requests for lost audio, which browsers grant but do not offer. */
function withAudioNack(section: MediaSection): MediaSection {
  const { opus, red } = relayedFormats(section);
  const extra = [opus, red].filter((type) => type !== undefined).map((type) => `a=rtcp-fb:${type} nack`).filter((line) => !section.lines.includes(line));
  return { ...section, lines: [...section.lines, ...extra] };
}

const receiverTime = 'a=rtcp-xr:rcvr-rtt=all';
/** Lets a browser that only receives measure its round trip, so that it asks for lost packets at the right pace. @see RFC 3611 section 5 */
function withReceiverTime(section: MediaSection): MediaSection {
  const { VP8, H264 } = relayedFormats(section);
  const feedback = [VP8, H264].filter((type) => type !== undefined).map((type) => `a=rtcp-fb:${type} rrtr`);
  return { ...section, lines: [...section.lines, ...[receiverTime, ...feedback].filter((line) => !section.lines.includes(line))] };
}

/** A video sender without transport-wide feedback climbs slowly from 300 kbit/s; this lets it begin higher. */
function withStartBitrate(section: MediaSection, kilobitsPerSecond: number): MediaSection {
  const { VP8, H264 } = relayedFormats(section);
  const lines = [...section.lines];
  for (const type of [VP8, H264]) {
    if (type === undefined) continue;
    const at = lines.findIndex((line) => line.startsWith(`a=fmtp:${type} `));
    if (at >= 0) lines[at] += `;x-google-start-bitrate=${kilobitsPerSecond}`;
    else lines.push(`a=fmtp:${type} x-google-start-bitrate=${kilobitsPerSecond}`);
  }
  return { ...section, lines };
}

/** Completes a local description before it goes to the browser. */
export function completeLocal(sdp: string, options: { startKilobitsPerSecond?: number } = {}): string {
  const description = readSdp(sdp);
  const media = description.media.map((section) => {
    if (section.kind === 'audio') return withAudioNack(section);
    if (section.kind !== 'video') return section;
    const timed = withReceiverTime(section);
    return options.startKilobitsPerSecond === undefined ? timed : withStartBitrate(timed, options.startKilobitsPerSecond);
  });
  return write({ ...description, media });
}
