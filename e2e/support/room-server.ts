/** A small server of real parts for tests of the room: registerRoom on fastify, a media pool, and tickets that the test hands out. */
import fastifyStatic from '@fastify/static';
import Fastify from 'fastify';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '../../server/src/kernel/clock.ts';
import { unauthenticated } from '../../server/src/kernel/errors.ts';
import type { LossyLink } from './lossy-proxy.ts';
import { MediaPool, registerRoom, type Admission, type RoomAdmission } from '../../server/src/media/index.ts';

const pages = join(import.meta.dirname, 'room-page');
const vite = join(import.meta.dirname, '../../node_modules/vite/bin/vite.js');

/** Builds the test pages with the same bundler as the product, in a process that knows nothing of the test runner; returns the folder. */
export async function buildPages(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'bedside-room-page-'));
  await promisify(execFile)(process.execPath, [vite, 'build', '--config', join(pages, 'vite.config.ts'), '--outDir', outDir], { env: { ...process.env, NODE_ENV: 'production' } });
  return outDir;
}

export interface RoomServer {
  readonly url: string;
  readonly media: MediaPool;
  /** What the room has told the process engine, in order. */
  readonly told: string[];
  issue(admission: Partial<Admission> & { participantId: string }): string;
  /** While set, consent waits to be recorded until the test lets it. */
  holdConsent: Promise<void> | undefined;
  close(): Promise<void>;
}

export async function startRoomServer(options: { pagesFolder?: string; address?: string; processes?: number; videoOrder?: readonly ('VP8' | 'H264')[]; link?: LossyLink } = {}): Promise<RoomServer> {
  const app = Fastify();
  const tickets = new Map<string, Admission>();
  const told: string[] = [];
  const media = new MediaPool({ processes: options.processes ?? 1, address: options.address ?? '127.0.0.1', ...(options.videoOrder === undefined ? {} : { videoOrder: options.videoOrder }) });
  const server: RoomServer = {
    url: '', media, told, holdConsent: undefined,
    issue(admission) {
      const ticket = `ticket-${tickets.size}-${Math.random().toString(36).slice(2)}`;
      tickets.set(ticket, { roomId: 'room-1', displayName: admission.participantId, role: 'clinician', caseId: 'case-1', canAdmit: admission.role === 'host', ...admission });
      return ticket;
    },
    async close() {
      await app.close();
      options.link?.close();
      if (options.pagesFolder !== undefined) await rm(options.pagesFolder, { recursive: true, force: true });
    },
  };
  const admission: RoomAdmission = {
    admit: async (ticket) => {
      const found = tickets.get(ticket);
      if (found === undefined) throw unauthenticated('room.ticket', 'The ticket is not valid or has been used.');
      tickets.delete(ticket);
      return found;
    },
    onJoined: async (one) => { told.push(`joined ${one.participantId}`); },
    onLeft: async (one, reason) => { told.push(`left ${one.participantId} ${reason}`); },
    onEnded: async (roomId, reason) => { told.push(`ended ${roomId} ${reason}`); },
    onConsent: async (one, granted) => { await server.holdConsent; told.push(`consent ${one.participantId} ${granted}`); },
    onChat: async (one, line) => { told.push(`chat ${one.participantId} ${line.text}`); },
    onFault: (error) => { told.push(`fault ${String(error)}`); },
  };
  await registerRoom(app, { admission, media: options.link?.around(media) ?? media, clock: systemClock });
  if (options.pagesFolder !== undefined) await app.register(fastifyStatic, { root: options.pagesFolder });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return Object.assign(server, { url });
}
