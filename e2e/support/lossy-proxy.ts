/**
 * A lossy link for tests: a UDP proxy between browser and media process that drops RTP and RTCP and delays everything.
 * It stands where the server's candidate points to; STUN and DTLS pass, as the measured figures of the design assume.
 */
import { createSocket, type Socket } from 'node:dgram';
import type { MediaListener, MediaService, RoomMedia } from '../../server/src/media/index.ts';

export interface LinkFaults {
  /** Share of RTP and RTCP packets dropped in each direction, 0 to 1. */
  dropFraction: number;
  /** Added to each direction: half of the round trip. */
  delayMs: number;
}

interface Relay { readonly port: number; close(): void }

export interface LossyLink {
  readonly counts: { passed: number; dropped: number };
  /** May be changed while the call runs. */
  faults: LinkFaults;
  around(media: MediaService): MediaService;
  close(): void;
}

const isMedia = (bytes: Buffer): boolean => bytes[0]! >= 128 && bytes[0]! <= 191;

const bound = (socket: Socket): Promise<number> => new Promise((resolve) => { socket.bind(0, '127.0.0.1', () => resolve(socket.address().port)); });

/** A generator with a seed, so that a bad run can be run again. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export function lossyLink(faults: LinkFaults, seed = 1): LossyLink {
  const random = seeded(seed);
  const relays: Relay[] = [];
  const link: LossyLink = {
    counts: { passed: 0, dropped: 0 }, faults,
    around: (media) => ({
      openRoom: (roomId, listener) => aroundRoom(media.openRoom(roomId, aroundListener(listener))),
      probe: async (sdp) => {
        const probe = await media.probe(sdp);
        return { ...probe, sdp: await rewrite(probe.sdp), close: () => probe.close() };
      },
      close: () => media.close(),
    }),
    close: () => { for (const relay of relays) relay.close(); },
  };

  const pass = (bytes: Buffer, send: (bytes: Buffer) => void): void => {
    if (isMedia(bytes) && random() < link.faults.dropFraction) { link.counts.dropped += 1; return; }
    link.counts.passed += 1;
    const copy = Buffer.from(bytes);
    if (link.faults.delayMs === 0) send(copy);
    else setTimeout(() => send(copy), link.faults.delayMs);
  };

  const relayTo = async (serverPort: number): Promise<Relay> => {
    const front = createSocket('udp4');
    // A browser tries several ports of its own: each gets its own way, or answers to one would reach another.
    const backs = new Map<number, Socket>();
    let closed = false;
    const send = (socket: Socket, port: number) => (bytes: Buffer) => { if (!closed) socket.send(bytes, port, '127.0.0.1'); };
    const backFor = (browserPort: number): Socket => {
      const known = backs.get(browserPort);
      if (known !== undefined) return known;
      const back = createSocket('udp4');
      back.on('message', (bytes) => pass(bytes, send(front, browserPort)));
      backs.set(browserPort, back);
      return back;
    };
    front.on('message', (bytes, from) => pass(bytes, send(backFor(from.port), serverPort)));
    const port = await bound(front);
    const relay = {
      port,
      close: () => {
        if (closed) return;
        closed = true;
        front.close();
        for (const back of backs.values()) back.close();
      },
    };
    relays.push(relay);
    return relay;
  };

  const known = new Map<number, number>();
  async function rewrite(sdp: string): Promise<string> {
    let text = sdp;
    const ports = new Set([...sdp.matchAll(/^a=candidate:\S+ \d+ udp \d+ 127\.0\.0\.1 (\d+) /gim)].map((match) => Number(match[1])));
    for (const port of ports) {
      const relayed = known.get(port) ?? (await relayTo(port)).port;
      known.set(port, relayed);
      text = text.replaceAll(` 127.0.0.1 ${port} `, ` 127.0.0.1 ${relayed} `).replaceAll(`m=audio ${port} `, `m=audio ${relayed} `).replaceAll(`m=video ${port} `, `m=video ${relayed} `);
    }
    return text;
  }
  const aroundRoom = (room: RoomMedia): RoomMedia => ({
    ...room,
    publish: async (participantId, sdp) => ({ sdp: await rewrite((await room.publish(participantId, sdp)).sdp) }),
    subscribe: async (participantId, seats) => {
      const result = await room.subscribe(participantId, seats);
      return { ...result, sdp: await rewrite(result.sdp) };
    },
  });
  const aroundListener = (listener: MediaListener): MediaListener => ({
    ...listener,
    onRestart: () => listener.onRestart(),
    onEvent: (event) => {
      if (event.type !== 'offer') { listener.onEvent(event); return; }
      void rewrite(event.sdp).then((sdp) => listener.onEvent({ ...event, sdp }));
    },
  });
  return link;
}
