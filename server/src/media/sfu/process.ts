/** Entry of a forked media process: relays the media of its rooms and is steered over IPC. It ends when its parent does. */
import { BedsideError, unavailable } from '../../kernel/errors.ts';
import type { FromMedia, MediaProcessSettings, MediaRequest, ToMedia } from './control.ts';
import { MediaRoom } from './media-room.ts';
import { Probe } from './webrtc/probe.ts';

const reportIntervalMs = 500;
const mostProbes = 64;

function serve(settings: MediaProcessSettings): void {
  const rooms = new Map<string, MediaRoom>();
  const probes = new Map<string, Probe>();
  const nowMs = () => performance.now();
  // A parent that is gone takes no more messages; `disconnect` then ends this process.
  const send = (message: FromMedia): void => { if (process.connected) process.send?.(message, undefined, undefined, () => undefined); };

  const roomOf = (roomId: string): MediaRoom => {
    const found = rooms.get(roomId) ?? new MediaRoom({ roomId, settings, nowMs, emit: (event) => send({ event }) });
    rooms.set(roomId, found);
    return found;
  };

  const handle = async (request: MediaRequest): Promise<unknown> => {
    switch (request.type) {
      case 'publish': return roomOf(request.roomId).publish(request.participantId, request.sdp);
      case 'subscribe': return roomOf(request.roomId).subscribe(request.participantId, request.seats);
      case 'answer': return roomOf(request.roomId).answer(request.participantId, request.negotiation, request.sdp);
      case 'open-tracks': return roomOf(request.roomId).openTracks(request.participantId, request.roles);
      case 'close-participant': return rooms.get(request.roomId)?.closeParticipant(request.participantId);
      case 'close-room':
        rooms.get(request.roomId)?.close();
        rooms.delete(request.roomId);
        return undefined;
      case 'probe': {
        if (probes.size >= mostProbes) throw unavailable('media.probes', 'Too many link measurements are running.', { details: { retryAfterMs: 5_000 } });
        const probe = new Probe(request.probeId, { ...settings, nowMs, onClosed: () => probes.delete(request.probeId) });
        probes.set(request.probeId, probe);
        return { sdp: await probe.accept(request.sdp) };
      }
      case 'close-probe':
        probes.get(request.probeId)?.close();
        probes.delete(request.probeId);
        return undefined;
      case 'ping': return undefined;
    }
  };

  process.on('message', (message: ToMedia) => {
    handle(message.request).then(
      (result) => send({ id: message.id, ok: true, result: result ?? null }),
      (error: unknown) => {
        const known = error instanceof BedsideError ? error : undefined;
        // The transport library throws plain errors for descriptions that it cannot use.
        send({ id: message.id, ok: false, error: { kind: known?.kind ?? 'invalid', code: known?.code ?? 'media.refused', message: known?.message ?? 'The media process refused the description.' } });
      },
    );
  });
  process.on('disconnect', () => process.exit(0));

  let ticks = 0;
  setInterval(() => {
    ticks += 1;
    for (const room of rooms.values()) {
      room.report();
      if (ticks % 2 === 0 && !room.empty) send({ event: room.measure() });
    }
  }, reportIntervalMs);
}

serve(JSON.parse(process.argv[2] ?? '{}') as MediaProcessSettings);
