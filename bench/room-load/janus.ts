/** Debian's Janus as the reference: its video room over WebSocket, two event loops. */
import { spawn } from 'node:child_process';
import { access, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';

const janusBinary = '/usr/bin/janus';
export const janusInstalled = (): Promise<boolean> => access(janusBinary).then(() => true, () => false);

async function pluginsFolder(): Promise<string> {
  for (const name of await readdir('/usr/lib')) {
    const folder = `/usr/lib/${name}/janus`;
    if (await access(folder).then(() => true, () => false)) return folder;
  }
  throw new Error('The plugins of Janus were not found.');
}

const freePort = (): Promise<number> => new Promise((resolve) => {
  const server = createServer();
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as { port: number };
    server.close(() => resolve(port));
  });
});

interface Reply { janus: string; transaction?: string; data?: { id: number }; plugindata?: { data: Record<string, unknown> }; jsep?: { sdp: string } }

class Handle {
  #connection: JanusConnection;
  #id: number;
  constructor(connection: JanusConnection, id: number) { this.#connection = connection; this.#id = id; }
  message(body: Record<string, unknown>, jsep?: { type: string; sdp: string }): Promise<Reply> {
    return this.#connection.ask({ janus: 'message', handle_id: this.#id, body, ...(jsep === undefined ? {} : { jsep }) });
  }
}

class JanusConnection {
  #socket: WebSocket;
  #waiting = new Map<string, (reply: Reply) => void>();
  #session = 0;
  #next = 0;
  #keepAlive: NodeJS.Timeout;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      const reply = JSON.parse(String(data)) as Reply;
      if (reply.janus === 'ack' || reply.transaction === undefined) return;
      this.#waiting.get(reply.transaction)?.(reply);
      this.#waiting.delete(reply.transaction);
    });
    this.#keepAlive = setInterval(() => { void this.ask({ janus: 'keepalive' }); }, 20_000);
  }

  ask(message: Record<string, unknown>): Promise<Reply> {
    this.#next += 1;
    const transaction = `t${this.#next}`;
    return new Promise((resolve, reject) => {
      this.#waiting.set(transaction, (reply) => { if (reply.janus === 'error') reject(new Error(JSON.stringify(reply))); else resolve(reply); });
      this.#socket.send(JSON.stringify({ transaction, ...(this.#session === 0 ? {} : { session_id: this.#session }), ...message }));
    });
  }

  async open(): Promise<void> { this.#session = (await this.ask({ janus: 'create' })).data!.id; }
  async attach(): Promise<Handle> { return new Handle(this, (await this.ask({ janus: 'attach', plugin: 'janus.plugin.videoroom' })).data!.id); }
  close(): void { clearInterval(this.#keepAlive); this.#socket.close(); }
}

const connect = (port: number): Promise<WebSocket> => new Promise((resolve, reject) => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, 'janus-protocol');
  socket.once('open', () => resolve(socket));
  socket.once('error', reject);
});

/** Everything but the video room and the WebSocket is left out: other plugins open ports and take seconds to start. */
async function onlyNeeded(folder: string): Promise<string> {
  const disable = async (kind: string, keep: string): Promise<string> => {
    const found = await readdir(join(folder, kind)).catch(() => []);
    return `${kind}: { disable = "${found.filter((name) => name.endsWith('.so') && name !== keep).join(',')}" }\n`;
  };
  return await disable('plugins', 'libjanus_videoroom.so') + await disable('transports', 'libjanus_websockets.so') + await disable('loggers', '');
}

export interface JanusServer {
  readonly pid: number;
  publish(offer: string): Promise<string>;
  /** The offer of a new subscription and how to answer it. */
  subscribe(): Promise<{ offer: string; answer(sdp: string): Promise<void> }>;
  close(): Promise<void>;
}

export async function startJanus(): Promise<JanusServer> {
  const folder = await mkdtemp(join(tmpdir(), 'bedside-bench-janus-'));
  const plugins = await pluginsFolder();
  const port = await freePort();
  await writeFile(join(folder, 'janus.jcfg'), `general: { configs_folder = "${folder}"\n plugins_folder = "${plugins}/plugins"\n transports_folder = "${plugins}/transports"\n event_loops = 2\n debug_level = 2 }\nmedia: { }\nnat: { }\n${await onlyNeeded(plugins)}`);
  await writeFile(join(folder, 'janus.transport.websockets.jcfg'), `general: { ws = true\n ws_port = ${port}\n ws_ip = "127.0.0.1" }\nadmin: { }\n`);
  await writeFile(join(folder, 'janus.plugin.videoroom.jcfg'), 'general: { }\n');
  const child = spawn(janusBinary, ['-F', folder, '-N'], { stdio: 'ignore' });
  let socket: WebSocket | undefined;
  for (let attempt = 0; socket === undefined; attempt += 1) {
    if (attempt > 200 || child.exitCode !== null) throw new Error('Janus did not start.');
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    socket = await connect(port).catch(() => undefined);
  }
  const connection = new JanusConnection(socket);
  await connection.open();
  const publisher = await connection.attach();
  const room = 4711;
  await publisher.message({ request: 'create', room, publishers: 2, bitrate: 0, videocodec: 'vp8' });
  const joined = await publisher.message({ request: 'join', ptype: 'publisher', room });
  const feed = joined.plugindata!.data['id'] as number;
  return {
    pid: child.pid!,
    publish: async (offer) => (await publisher.message({ request: 'publish' }, { type: 'offer', sdp: offer })).jsep!.sdp,
    async subscribe() {
      const handle = await connection.attach();
      const attached = await handle.message({ request: 'join', ptype: 'subscriber', room, streams: [{ feed }] });
      if (attached.jsep === undefined) throw new Error(`Janus offered nothing: ${JSON.stringify(attached.plugindata?.data)}`);
      return { offer: attached.jsep.sdp, answer: async (sdp) => { await handle.message({ request: 'start' }, { type: 'answer', sdp }); } };
    },
    async close() {
      connection.close();
      const exited = new Promise<void>((resolve) => { child.once('exit', () => resolve()); });
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), 3_000);
      await exited;
      clearTimeout(force);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
