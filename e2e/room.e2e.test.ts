/** The conference room with real browsers and real media: what is decoded counts, not what is signalled. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { enter, flows, measureCall, received, until } from './support/room-calls.ts';
import { buildPages, startRoomServer, type RoomServer } from './support/room-server.ts';
import { lossyLink } from './support/lossy-proxy.ts';

let browser: Browser;
let server: RoomServer;
let rooms = 0;
const newRoom = (): string => { rooms += 1; return `room-${rooms}`; };
const leaveAll = async (...pages: Page[]): Promise<void> => {
  for (const page of pages) { await page.evaluate(() => window.bare.client.leave()); await page.context().close(); }
};

beforeAll(async () => {
  browser = await startBrowser();
  server = await startRoomServer({ pagesFolder: await buildPages() });
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

describe('a meeting', () => {
  test('two browsers see and hear each other, and the first frame comes within seconds', async () => {
    const roomId = newRoom();
    const a = await enter(browser, server, { roomId, participantId: 'a', role: 'host' });
    const b = await enter(browser, server, { roomId, participantId: 'b' });
    await Promise.all([flows(a, 'frames and sound of b at a'), flows(b, 'frames and sound of a at b')]);
    const firstFrameMs = await b.evaluate(() => window.bare.times.firstFrameMs);
    expect(firstFrameMs).toBeGreaterThan(0);
    expect(server.told.slice(0, 2)).toEqual(['joined a', 'joined b']);
    await leaveAll(a, b);
    await until('the end is told', async () => server.told.includes(`ended ${roomId} empty`));
  });

  test('five take part: seats grow by negotiating anew, and all decode all', async () => {
    const roomId = newRoom();
    const pages: Page[] = [];
    for (const id of ['p1', 'p2', 'p3', 'p4', 'p5']) pages.push(await enter(browser, server, { roomId, participantId: id, role: id === 'p1' ? 'host' : 'clinician' }));
    const streams = () => Promise.all(pages.map((page) => page.evaluate(async () => (await window.bare.inbound()).filter((one) => one.kind === 'video' && one.framesDecoded > 5).length)));
    await until('each has four streams with frames', async () => (await streams()).every((count) => count === 4), 40_000);
    expect(await streams()).toEqual([4, 4, 4, 4, 4]);
    await leaveAll(...pages);
  });

  test('a shared screen is a second stream, and only one holds the floor', async () => {
    const roomId = newRoom();
    const a = await enter(browser, server, { roomId, participantId: 'a', role: 'host' });
    const b = await enter(browser, server, { roomId, participantId: 'b' });
    await flows(b, 'the camera of a');
    await a.evaluate(() => window.bare.shareDrawing());
    await until('the screen is decoded beside the camera', async () => {
      const videos = await b.evaluate(async () => (await window.bare.inbound()).filter((one) => one.kind === 'video' && one.framesDecoded > 5).map((one) => one.frameWidth));
      return videos.length === 2 && videos.includes(1280);
    }, 20_000);
    expect(await b.evaluate(() => window.bare.client.snapshot.floorHolderId)).toBe('a');
    await b.evaluate(() => window.bare.shareDrawing());
    await until('b is refused the floor', async () => await b.evaluate(() => window.bare.client.snapshot.floorHolderId === 'a' && !window.bare.client.snapshot.sharing));
    await a.evaluate(() => window.bare.client.stopSharing());
    await until('the floor is free', async () => await b.evaluate(() => window.bare.client.snapshot.auxiliary === undefined));
    await leaveAll(a, b);
  });

  test('nothing of a patient passes before consent is recorded, and nothing after it is withdrawn', async () => {
    const roomId = newRoom();
    let record = (): void => undefined;
    server.holdConsent = new Promise((resolve) => { record = resolve; });
    const host = await enter(browser, server, { roomId, participantId: 'host', role: 'host' });
    const patient = await enter(browser, server, { roomId, participantId: 'patient', role: 'patient' });
    await until('the patient waits', async () => await patient.evaluate(() => window.bare.client.snapshot.phase === 'waiting'));
    await host.evaluate(() => window.bare.client.admit('patient', true));
    await flows(patient, 'the patient sees the host');
    expect(await patient.evaluate(() => window.bare.client.snapshot.consentNeeded)).toBe(true);
    await patient.evaluate(() => window.bare.client.answerConsent(true));
    await new Promise((resolve) => { setTimeout(resolve, 1_500); });
    expect(await received(host)).toMatchObject({ frames: 0, audioPackets: 0 });
    expect(server.told).not.toContain('consent patient true');
    record();
    await flows(host, 'the host sees the patient after consent');
    await patient.evaluate(() => window.bare.client.answerConsent(false));
    await until('withdrawal is recorded', async () => server.told.includes('consent patient false'));
    // What was under way when consent ended may still be played.
    await new Promise((resolve) => { setTimeout(resolve, 700); });
    const stopped = await received(host);
    await new Promise((resolve) => { setTimeout(resolve, 1_500); });
    expect(await received(host)).toMatchObject({ frames: stopped.frames, audioPackets: stopped.audioPackets });
    await leaveAll(patient, host);
  });

  test('a host mutes, removes and ends; a ticket is good once; chat reaches everybody and the case', async () => {
    const roomId = newRoom();
    const host = await enter(browser, server, { roomId, participantId: 'host', role: 'host' });
    const b = await enter(browser, server, { roomId, participantId: 'b' });
    const c = await enter(browser, server, { roomId, participantId: 'c' });
    await flows(host, 'media of the others');
    await host.evaluate(() => window.bare.client.mute('b'));
    await until('b is muted', async () => await b.evaluate(() => !window.bare.client.snapshot.microphoneOn));
    await c.evaluate(() => window.bare.client.mute('host'));
    await c.evaluate(() => window.bare.client.endForAll());
    await b.evaluate(() => { window.bare.client.chat('Saturation 97 %'); });
    await until('the line reaches the host', async () => await host.evaluate(() => window.bare.client.snapshot.chat.some((line) => line.text === 'Saturation 97 %')));
    expect(server.told).toContain('chat b Saturation 97 %');
    expect(await host.evaluate(() => window.bare.client.snapshot.microphoneOn)).toBe(true);
    await host.evaluate(() => window.bare.client.remove('c'));
    await until('c is out', async () => await c.evaluate(() => window.bare.client.snapshot.ending === 'removed'));
    const used = await browser.newPage();
    await used.goto(b.url());
    await used.evaluate(() => window.bare.join({}));
    await until('the used ticket is refused', async () => await used.evaluate(() => window.bare.client.snapshot.ending === 'not-admitted'));
    await host.evaluate(() => window.bare.client.endForAll());
    await until('b is told of the end', async () => await b.evaluate(() => window.bare.client.snapshot.ending === 'ended-by-host'));
    expect(server.told).toContain(`ended ${roomId} ended-by-host`);
    await Promise.all([host, b, c, used].map((page) => page.context().close()));
  });
});

describe('bad moments', () => {
  test('a media process that is killed is started again, and its participants reconnect by themselves', async () => {
    const roomId = newRoom();
    const a = await enter(browser, server, { roomId, participantId: 'a', role: 'host' });
    const b = await enter(browser, server, { roomId, participantId: 'b' });
    await Promise.all([flows(a, 'media at a'), flows(b, 'media at b')]);
    const [before] = server.media.processIds;
    process.kill(before!, 'SIGKILL');
    const killedAt = Date.now();
    await until('a new process serves', async () => server.media.processIds[0] !== before);
    await Promise.all([flows(a, 'media at a again'), flows(b, 'media at b again')]);
    expect(Date.now() - killedAt).toBeLessThan(15_000);
    await leaveAll(a, b);
  });

  test('a browser whose network breaks keeps its seat and comes back with it; the others are told', async () => {
    const roomId = newRoom();
    const a = await enter(browser, server, { roomId, participantId: 'a', role: 'host' });
    const b = await enter(browser, server, { roomId, participantId: 'b' });
    await flows(a, 'media of b');
    const joined = server.told.filter((line) => line === 'joined b').length;
    await b.context().setOffline(true);
    await until('a sees b away', async () => await a.evaluate(() => window.bare.client.snapshot.participants.some((one) => one.participantId === 'b' && one.presence === 'away')), 20_000);
    await b.context().setOffline(false);
    await until('b is back in its seat', async () => await b.evaluate(() => window.bare.client.snapshot.phase === 'inside') && await a.evaluate(() => window.bare.client.snapshot.participants.some((one) => one.participantId === 'b' && one.presence === 'present')), 20_000);
    await Promise.all([flows(a, 'media at a again'), flows(b, 'media at b again')]);
    expect(server.told.filter((line) => line === 'joined b')).toHaveLength(joined);
    await leaveAll(a, b);
  });

  test('a browser that vanishes is seen to be gone within seconds', async () => {
    const roomId = newRoom();
    const a = await enter(browser, server, { roomId, participantId: 'a', role: 'host' });
    const b = await enter(browser, server, { roomId, participantId: 'b' });
    await flows(a, 'media of b');
    await b.context().close();
    expect(server.told).not.toContain(`ended ${roomId} empty`);
    await until('a sees b away', async () => await a.evaluate(() => window.bare.client.snapshot.participants.some((one) => one.presence === 'away')), 8_000);
    await leaveAll(a);
  });

  test('10 % loss in each direction of both links: no freeze, no audible gap, hardly any concealment', async () => {
    const link = lossyLink({ dropFraction: 0.1, delayMs: 25 }, 42);
    const lossy = await startRoomServer({ pagesFolder: await buildPages(), link });
    try {
      const a = await enter(browser, lossy, { participantId: 'a', role: 'host' }, { tone: true });
      const b = await enter(browser, lossy, { participantId: 'b' }, { tone: true });
      await Promise.all([flows(a, 'media at a'), flows(b, 'media at b')]);
      // The play-out delay follows the measured loss; it takes some seconds to be known.
      await new Promise((resolve) => { setTimeout(resolve, 8_000); });
      const figures = await Promise.all([a, b].map((page) => measureCall(page, 20_000)));
      console.log('call through 10 % loss, 20 s:', JSON.stringify(figures), JSON.stringify(link.counts));
      expect(link.counts.dropped / (link.counts.passed + link.counts.dropped)).toBeGreaterThan(0.08);
      for (const [index, one] of figures.entries()) {
        // Pauses of a busy machine are not the link's doing.
        expect(one.freezes).toBeLessThanOrEqual(one.machineStalls + figures[1 - index]!.senderStalls);
        expect(one.longestConcealedMs).toBeLessThan(60);
        expect(one.concealedFraction).toBeLessThan(0.01);
      }
      await leaveAll(a, b);
    } finally {
      await lossy.close();
    }
  });
});
