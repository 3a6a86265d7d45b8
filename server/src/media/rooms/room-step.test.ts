import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyRoom, openRoles, type Admission, type RoomEffect, type RoomEvent, type RoomState } from './room-state.ts';
import { roomStep } from './room-step.ts';

const person = (participantId: string, role: Admission['role'] = 'clinician'): Admission => ({ roomId: 'r', participantId, displayName: participantId, role, caseId: 'c', canAdmit: role === 'host' });
function run(events: readonly RoomEvent[], from: RoomState = emptyRoom('r')): { state: RoomState; effects: RoomEffect[] } {
  return events.reduce<{ state: RoomState; effects: RoomEffect[] }>(({ state, effects }, event) => {
    const step = roomStep(state, event);
    return { state: step.state, effects: [...effects, ...step.effects] };
  }, { state: from, effects: [] });
}
const enter = (participantId: string, role: Admission['role'] = 'clinician'): RoomEvent[] => [{ type: 'arrive', admission: person(participantId, role) }, { type: 'joined-recorded', participantId }];
const patientInside: RoomEvent[] = [...enter('h', 'host'), { type: 'arrive', admission: person('p', 'patient') }, { type: 'admit', byId: 'h', participantId: 'p', accept: true }, { type: 'joined-recorded', participantId: 'p' }, { type: 'media-state', participantId: 'p', audio: true, video: true }];

describe('a meeting', () => {
  test('a patient waits until a host admits, and nobody else can', () => {
    const { state } = run([...enter('h', 'host'), ...enter('d'), { type: 'arrive', admission: person('p', 'patient') }]);
    expect(state.participants.get('p')?.presence).toBe('waiting');
    const denied = run([{ type: 'admit', byId: 'd', participantId: 'p', accept: true }], state);
    expect(denied.state.participants.get('p')?.presence).toBe('waiting');
    expect(denied.effects).toMatchObject([{ to: 'd', message: { code: 'room.forbidden' } }]);
    const admitted = run([{ type: 'admit', byId: 'h', participantId: 'p', accept: true }, { type: 'joined-recorded', participantId: 'p' }], state);
    expect(admitted.state.participants.get('p')?.presence).toBe('present');
    expect(admitted.effects).toContainEqual({ do: 'send', to: 'p', message: { type: 'consent-needed' } });
  });

  test('a patient passes on nothing until consent is recorded; a withdrawal counts before it is recorded', () => {
    const asked = run([...patientInside, { type: 'consent', participantId: 'p', granted: true }]);
    expect(openRoles(asked.state, asked.state.participants.get('p')!)).toEqual([]);
    const granted = run([{ type: 'consent-recorded', participantId: 'p', granted: true }], asked.state);
    expect(granted.effects).toContainEqual({ do: 'open-tracks', participantId: 'p', roles: ['audio', 'main'] });
    const withdrawn = run([{ type: 'consent', participantId: 'p', granted: false }], granted.state);
    expect(withdrawn.effects).toContainEqual({ do: 'open-tracks', participantId: 'p', roles: [] });
  });

  test('the thirteenth is refused', () => {
    const full = run(Array.from({ length: 12 }, (_, index) => enter(`d${index}`)).flat());
    const more = run([{ type: 'arrive', admission: person('late') }], full.state);
    expect(more.state.participants.has('late')).toBe(false);
    expect(more.effects).toMatchObject([{ message: { code: 'room.full' } }, { do: 'disconnect', reason: 'refused' }]);
  });

  test('the seat of somebody who vanished is kept for thirty seconds, with everything about it', () => {
    const gone = run([...enter('h', 'host'), ...enter('d'), { type: 'hand', participantId: 'd', raised: true }, { type: 'vanished', participantId: 'd', nowMs: 1_000 }]);
    expect(run([{ type: 'tick', nowMs: 30_999 }], gone.state).state.participants.has('d')).toBe(true);
    const back = run([{ type: 'returned', participantId: 'd' }], gone.state);
    expect(back.state.participants.get('d')).toMatchObject({ presence: 'present', hand: true });
    const late = run([{ type: 'tick', nowMs: 31_000 }], gone.state);
    expect(late.effects).toContainEqual(expect.objectContaining({ do: 'record-left', reason: 'vanished' }));
  });

  test('one floor, one token: it is taken, refused to others, and falls free with its holder', () => {
    const held = run([...enter('h', 'host'), ...enter('d'), { type: 'floor', participantId: 'd', action: 'take' }, { type: 'floor', participantId: 'h', action: 'take' }]);
    expect(held.state.floorHolderId).toBe('d');
    expect(held.effects).toContainEqual(expect.objectContaining({ to: 'h', message: expect.objectContaining({ code: 'room.floor-taken' }) }));
    expect(run([{ type: 'leave', participantId: 'd' }], held.state).state.floorHolderId).toBeUndefined();
  });

  test('whatever arrives in whatever order: the rules hold', () => {
    const id = fc.constantFrom('h', 'd', 'p', 'o');
    const role = { h: 'host', d: 'clinician', p: 'patient', o: 'observer' } as const;
    const event: fc.Arbitrary<RoomEvent> = fc.oneof(
      id.map((one): RoomEvent => ({ type: 'arrive', admission: person(one, role[one]) })),
      fc.tuple(fc.constantFrom('returned', 'joined-recorded', 'joined-failed', 'leave', 'consent-failed'), id).map(([type, participantId]) => ({ type, participantId }) as RoomEvent),
      fc.tuple(id, id, fc.boolean()).map(([byId, participantId, accept]): RoomEvent => ({ type: 'admit', byId, participantId, accept })),
      fc.tuple(fc.constantFrom('mute', 'remove'), id, id).map(([type, byId, participantId]) => ({ type, byId, participantId }) as RoomEvent),
      fc.tuple(id, fc.boolean(), fc.boolean()).map(([participantId, audio, video]): RoomEvent => ({ type: 'media-state', participantId, audio, video })),
      fc.tuple(fc.constantFrom('consent', 'consent-recorded'), id, fc.boolean()).map(([type, participantId, granted]) => ({ type, participantId, granted }) as RoomEvent),
      fc.tuple(id, fc.constantFrom('take' as const, 'release' as const)).map(([participantId, action]): RoomEvent => ({ type: 'floor', participantId, action })),
      fc.tuple(id, fc.nat(100_000)).map(([participantId, nowMs]): RoomEvent => ({ type: 'vanished', participantId, nowMs })),
      fc.nat(200_000).map((nowMs): RoomEvent => ({ type: 'tick', nowMs })), id.map((byId): RoomEvent => ({ type: 'end', byId })),
    );
    fc.assert(fc.property(fc.array(event, { maxLength: 80 }), (events) => {
      let state = emptyRoom('r');
      let joined = 0;
      let left = 0;
      for (const one of events) {
        const step = roomStep(state, one);
        state = step.state;
        joined += one.type === 'joined-recorded' && step.effects.some((effect) => effect.do === 'welcome' && !effect.resumed) ? 1 : 0;
        left += step.effects.filter((effect) => effect.do === 'record-left').length;
        for (const participant of state.participants.values()) {
          if (participant.role === 'patient' && participant.consent !== 'granted') expect(openRoles(state, participant)).toEqual([]);
        }
        if (state.floorHolderId !== undefined) expect(state.participants.has(state.floorHolderId)).toBe(true);
        for (const effect of step.effects) if (effect.do === 'open-tracks') expect(effect.roles).toEqual(openRoles(state, state.participants.get(effect.participantId)!));
      }
      expect(left).toBeLessThanOrEqual(events.filter((one) => one.type === 'joined-recorded').length);
      expect(joined).toBeGreaterThanOrEqual(0);
    }), { numRuns: 1_500 });
  });
});
