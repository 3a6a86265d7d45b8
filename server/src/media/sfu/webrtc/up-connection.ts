import type { PeerConnection, Track } from 'node-datachannel';
import { BandwidthEstimate } from '../bandwidth.ts';
import { throttleKeyFrames } from '../key-frame-throttle.ts';
import { clockRate, type Codec, type TrackRole } from '../media-packet.ts';
import { feedbackSsrc, ReceiveStream, type ReceiveQuality } from '../receive-stream.ts';
import { SourceTrack, type Source } from '../room-graph.ts';
import {
  extensionElement, isRtcp, readRed, readRtcp, readRtp, rtpHeaderBytes, startsKeyFrame, writeMaxBitrate, writePictureLoss, writeReceiverReport,
  type RtpPacket, type VideoCodec,
} from '../../rtp/index.ts';
import { createPeer, describe, type PeerOptions } from './peer.ts';
import { completeLocal, restrictOffer, type RelayedFormats } from './session-description.ts';

export interface UpConnectionOptions extends PeerOptions {
  readonly participantId: string;
  readonly nowMs: () => number;
  readonly videoOrder: readonly VideoCodec[];
  readonly onState: (state: string) => void;
  /** Loudness of a packet in -dBov (0 loudest, 127 silence). */
  readonly onAudioLevel: (levelDbov: number) => void;
}

interface Line {
  readonly role: TrackRole;
  readonly formats: RelayedFormats;
  readonly extensions: { readonly audioLevel: number; readonly absoluteSendTime: number };
  readonly source: SourceTrack;
  readonly keyFrames: ReturnType<typeof throttleKeyFrames>;
  track: Track | undefined;
  stream: ReceiveStream | undefined;
}

/** A browser that sends: the first audio section is the voice, the first video the camera, the second the auxiliary track. */
export class UpConnection implements Source {
  readonly id: string;
  readonly tracks: ReadonlyMap<TrackRole, SourceTrack>;
  #options: UpConnectionOptions;
  #peer: PeerConnection;
  #lines: readonly Line[];
  #answerSdp: string;
  #bandwidth = new BandwidthEstimate();
  #malformed = 0;
  #closed = false;

  private constructor(options: UpConnectionOptions, peer: PeerConnection, lines: readonly Line[]) {
    this.id = options.participantId;
    this.#options = options;
    this.#peer = peer;
    this.#lines = lines;
    this.#answerSdp = '';
    this.tracks = new Map(lines.map((line) => [line.role, line.source]));
  }

  /** Answers a browser's offer. @throws invalid `media.sdp` */
  static async accept(offerSdp: string, options: UpConnectionOptions): Promise<UpConnection> {
    const offer = restrictOffer(offerSdp, options.videoOrder);
    const peer = createPeer(`up-${options.participantId}`, options);
    const roles: TrackRole[] = ['audio', 'main', 'auxiliary'];
    const byMid = new Map<string, Line>();
    for (const section of offer.sections) {
      const index = roles.findIndex((role) => (role === 'audio') === (section.kind === 'audio'));
      const role = roles.splice(index, index < 0 ? 0 : 1)[0];
      if (role === undefined) continue;
      const line: Line = {
        role, formats: section.formats, extensions: section.extensions, track: undefined, stream: undefined,
        keyFrames: throttleKeyFrames(() => { if (line.stream !== undefined) sendTo(line, writePictureLoss(feedbackSsrc, line.stream.ssrc)); }, options.nowMs),
        source: new SourceTrack(role, { requestKeyFrame: () => line.keyFrames.request(), clockReference: () => line.stream?.clockReference }),
      };
      byMid.set(section.mid, line);
    }
    const up = new UpConnection(options, peer, [...byMid.values()]);
    peer.onStateChange((state) => options.onState(state));
    peer.onTrack((track) => {
      const line = byMid.get(track.mid());
      if (line === undefined) return;
      line.track = track;
      track.onMessage((bytes) => up.#receive(line, bytes));
    });
    try {
      peer.setRemoteDescription(offer.sdp, 'offer');
      up.#answerSdp = completeLocal(await describe(peer, 'answer'), { startKilobitsPerSecond: 900 });
    } catch (error) {
      up.close();
      throw error;
    }
    return up;
  }

  get answerSdp(): string { return this.#answerSdp; }
  get malformed(): number { return this.#malformed; }
  get estimateBps(): number { return this.#bandwidth.bitsPerSecond; }

  /** Loss and round trip of the leg from this browser to us: of all its tracks, the worst. */
  get quality(): ReceiveQuality | undefined {
    const all = this.#lines.flatMap((line) => (line.stream === undefined ? [] : [line.stream.quality]));
    return all.reduce<ReceiveQuality | undefined>((worst, one) => (worst === undefined ? one : {
      lossFraction: Math.max(worst.lossFraction, one.lossFraction), residualLossFraction: Math.max(worst.residualLossFraction, one.residualLossFraction),
      jitterMs: Math.max(worst.jitterMs, one.jitterMs), roundTripMs: one.roundTripMs === undefined ? worst.roundTripMs : Math.max(worst.roundTripMs ?? 0, one.roundTripMs), packets: worst.packets + one.packets,
    }), undefined);
  }

  /** Sends reports and the bit rate estimate; called a few times a second. */
  report(): void {
    const videoSsrcs: number[] = [];
    for (const line of this.#lines) {
      const block = line.stream?.report();
      if (block === undefined) continue;
      sendTo(line, writeReceiverReport(feedbackSsrc, [block]));
      if (line.role !== 'audio') videoSsrcs.push(block.ssrc);
    }
    const loss = this.quality?.lossFraction ?? 0;
    const video = this.#lines.find((line) => line.role !== 'audio' && line.stream !== undefined);
    if (video === undefined) return;
    const bitsPerSecond = this.#bandwidth.update(this.#options.nowMs(), loss);
    sendTo(video, Buffer.concat([writeReceiverReport(feedbackSsrc, []), writeMaxBitrate(feedbackSsrc, bitsPerSecond, videoSsrcs)]));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const line of this.#lines) {
      line.keyFrames.close();
      line.stream?.close();
    }
    this.#peer.close();
  }

  #receive(line: Line, bytes: Buffer): void {
    if (this.#closed) return;
    try {
      if (isRtcp(bytes)) this.#receiveRtcp(line, bytes);
      else this.#receiveRtp(line, bytes, readRtp(bytes));
    } catch {
      // A damaged packet is counted and dropped: it must not end the call.
      this.#malformed += 1;
    }
  }

  #receiveRtcp(line: Line, bytes: Buffer): void {
    for (const block of readRtcp(bytes)) {
      if (block.type === 'sender-report' && block.ssrc === line.stream?.ssrc) line.stream.noteSenderReport(block.ntpSeconds, block.ntpFraction, block.rtpTimestamp);
    }
  }

  #receiveRtp(line: Line, bytes: Buffer, packet: RtpPacket): void {
    const sendTime = extensionElement(packet, line.extensions.absoluteSendTime);
    this.#bandwidth.onPacket(bytes.length, this.#options.nowMs(), sendTime?.length === 3 ? sendTime.readUIntBE(0, 3) : undefined);
    const codec = this.#codecOf(line, packet.payloadType);
    if (codec === undefined) return;
    const stream = this.#streamOf(line, packet.ssrc, codec);
    if (codec === 'opus') { this.#receiveAudio(line, stream, packet); return; }
    const sequence = stream.accept(packet.sequence, packet.timestamp);
    if (sequence === undefined) return;
    // A packet of padding only (browsers probe the link with them) has a number too: left out, receivers would ask for it.
    // The payload ends what was read, and at least a header's worth of bytes lies before it: relaying needs no copy.
    const start = packet.payload.byteOffset - bytes.byteOffset - rtpHeaderBytes;
    line.source.push({
      codec, sequence, timestamp: packet.timestamp, marker: packet.marker, keyFrame: startsKeyFrame(codec, packet.payload),
      frame: bytes.subarray(start, start + rtpHeaderBytes + packet.payload.length), atMs: this.#options.nowMs(),
    });
  }

  #receiveAudio(line: Line, stream: ReceiveStream, packet: RtpPacket): void {
    const level = extensionElement(packet, line.extensions.audioLevel);
    if (level !== undefined && line.source.open) this.#options.onAudioLevel(level[0]! & 0x7f);
    const blocks = packet.payloadType === line.formats.red ? readRed(packet.payload) : [{ timestampOffset: 0, payload: packet.payload }];
    const primary = blocks.at(-1)!;
    const sequence = stream.accept(packet.sequence, packet.timestamp);
    for (const [index, block] of blocks.slice(0, -1).entries()) {
      if (block.payload.length === 0) continue;
      const recovered = stream.recover((packet.sequence - (blocks.length - 1 - index)) & 0xffff);
      if (recovered !== undefined) this.#pushAudio(line, recovered, packet.timestamp - block.timestampOffset, false, block.payload);
    }
    if (sequence !== undefined && primary.payload.length > 0) this.#pushAudio(line, sequence, packet.timestamp, packet.marker, primary.payload);
  }

  #pushAudio(line: Line, sequence: number, timestamp: number, marker: boolean, payload: Buffer): void {
    const frame = Buffer.allocUnsafe(rtpHeaderBytes + payload.length);
    payload.copy(frame, rtpHeaderBytes);
    line.source.push({ codec: 'opus', sequence, timestamp: timestamp >>> 0, marker, keyFrame: true, frame, atMs: this.#options.nowMs() });
  }

  #codecOf(line: Line, payloadType: number): Codec | undefined {
    const { opus, red, VP8, H264 } = line.formats;
    if (line.role === 'audio') return payloadType === opus || payloadType === red ? 'opus' : undefined;
    if (payloadType === VP8) return 'VP8';
    return payloadType === H264 ? 'H264' : undefined;
  }

  #streamOf(line: Line, ssrc: number, codec: Codec): ReceiveStream {
    if (line.stream?.ssrc === ssrc) return line.stream;
    line.stream?.close();
    line.stream = new ReceiveStream({
      ssrc, clockRate: clockRate[codec], nowMs: this.#options.nowMs,
      sendRtcp: (bytes) => sendTo(line, bytes), onGivenUp: () => { if (line.role !== 'audio') line.keyFrames.request(); },
    });
    return line.stream;
  }
}

function sendTo(line: Line, bytes: Buffer): void {
  if (line.track?.isOpen() === true) line.track.sendMessageBinary(bytes);
}
