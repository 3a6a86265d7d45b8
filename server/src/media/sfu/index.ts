/** The types of the media process; the process itself is entered by forking `process.ts` only. */
export type * from './control.ts';
export type { TrackRole, MediaPacket, Codec } from './media-packet.ts';
export type { Sink, Source, SourceTrack, TrackReceiver, TrackSender } from './room-graph.ts';
