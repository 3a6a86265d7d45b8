import type { Appointment, Composition, Parameters, QuestionnaireResponse, Slot } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BedsideError } from '../../kernel/index.ts';
import { attempt, clinician, exampleCase, invited } from '../process/testing.ts';
import { offers, regions, type RegionStates } from '../process/index.ts';
import { teleconsultation } from './definition.ts';

const initial = teleconsultation.initial;
const dra = clinician('a', 'district');
const drb = clinician('b', 'university');
const drc = clinician('c', 'university');
const coordinator = { ...clinician('x', 'university'), role: 'coordinator' as const, practitionerRoles: [] };
const at = (states: Partial<RegionStates>): RegionStates => ({ ...initial, ...states });
const filled: QuestionnaireResponse = {
  resourceType: 'QuestionnaireResponse', id: 'form', status: 'in-progress',
  item: [
    { linkId: 'reason', answer: [{ valueString: 'Chest pain' }] },
    { linkId: 'urgency', answer: [{ valueCoding: { system: 'http://hl7.org/fhir/request-priority', code: 'urgent' } }] },
    { linkId: 'question', answer: [{ valueString: 'Operate?' }] },
    { linkId: 'specialty', answer: [{ valueCoding: { system: 'urn:bedside:specialty', code: 'cardiology' } }] },
  ],
};
const parameters = (...parameter: NonNullable<Parameters['parameter']>): Parameters => ({ resourceType: 'Parameters', parameter });
const reason = parameters({ name: 'reason', valueString: 'because' });
const code = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof BedsideError) return `${error.kind}:${error.code}`;
    throw error;
  }
  return 'done';
};

describe('an application', () => {
  test('cannot be submitted before the form is complete and an expert is invited', () => {
    expect(code(() => attempt(teleconsultation, exampleCase(initial), 'submit', dra))).toBe('conflict:form-incomplete');
    expect(code(() => attempt(teleconsultation, exampleCase(initial, { form: filled }), 'submit', dra))).toBe('conflict:no-expert-invited');
    const { states, effects } = attempt(teleconsultation, exampleCase(initial, { form: filled, invitations: [invited('b', 'university')] }), 'submit', dra);
    expect(states.request).toBe('applied');
    expect(effects.grants).toContainEqual({ kind: 'participant', grantee: 'PractitionerRole/b', role: 'invitee' });
  });

  test('is submitted by its inviter only', () => {
    const c = exampleCase(initial, { form: filled, invitations: [invited('b', 'university')] });
    expect(code(() => attempt(teleconsultation, c, 'submit', drb))).toBe('forbidden:not-your-action');
    expect(code(() => attempt(teleconsultation, c, 'submit', clinician('z', 'district')))).toBe('forbidden:not-your-action');
  });

  test('saves a half-filled draft but refuses an answer that is not one of the options', () => {
    const save = (form: QuestionnaireResponse) => attempt(teleconsultation, exampleCase(initial), 'save-form', dra, { input: parameters({ name: 'form', resource: form }) });
    expect(save({ ...filled, item: filled.item!.slice(0, 1) }).states.request).toBe('draft');
    const wrong = { ...filled, item: [{ linkId: 'urgency', answer: [{ valueCoding: { system: 'x', code: 'soon' } }] }] };
    expect(code(() => save(wrong))).toBe('unprocessable:wrong-answer');
    expect(code(() => save({ ...filled, item: [{ linkId: 'hidden', answer: [{ valueString: 'x' }] }] }))).toBe('unprocessable:wrong-answer');
  });

  test('carries urgency, reason, specialty and wished time into the ServiceRequest', () => {
    const { effects } = attempt(teleconsultation, exampleCase(initial), 'save-form', dra, { input: parameters({ name: 'form', resource: filled }) });
    expect(effects.update?.find((r) => r.resourceType === 'ServiceRequest')).toMatchObject({ priority: 'urgent', reasonCode: [{ text: 'Chest pain' }] });
  });
});

describe('an answer', () => {
  const applied = exampleCase(at({ request: 'applied' }), { form: filled, invitations: [invited('b', 'university'), invited('c', 'university')] });

  test('that refuses leaves the case open while another expert is invited, and ends it when nobody is left', () => {
    const first = attempt(teleconsultation, applied, 'refuse', drb, { input: reason });
    expect(first.states.request).toBe('applied');
    const alone = { ...applied, invitations: [invited('b', 'university')] };
    expect(attempt(teleconsultation, alone, 'refuse', drb, { input: reason }).states.request).toBe('refused');
    expect(code(() => attempt(teleconsultation, alone, 'refuse', drb))).toBe('unprocessable:wrong-input');
  });

  test('that accepts makes the expert the owner of the case; a second one comes too late', () => {
    const { effects, states } = attempt(teleconsultation, applied, 'accept', drb);
    expect(effects.task?.owner?.reference).toBe('PractitionerRole/b');
    expect(code(() => attempt(teleconsultation, { ...applied, states }, 'accept', drc))).toBe('conflict:action-not-allowed');
  });

  test('by a coordinator must name the expert when several are asked', () => {
    expect(code(() => attempt(teleconsultation, applied, 'accept', coordinator))).toBe('conflict:which-expert');
    const named = attempt(teleconsultation, applied, 'accept', coordinator, { input: parameters({ name: 'expert', valueReference: { reference: 'PractitionerRole/c' } }) });
    expect(named.effects.task?.owner?.reference).toBe('PractitionerRole/c');
  });
});

describe('a time', () => {
  const accepted = exampleCase(at({ request: 'accepted' }), { form: filled, invitations: [{ ...invited('b', 'university'), task: { ...invited('b', 'university').task, status: 'accepted' } }] });
  const slot: Slot = { resourceType: 'Slot', id: 's', status: 'free', schedule: { reference: 'Schedule/x' }, start: '2026-03-03T09:00:00+08:00', end: '2026-03-03T09:30:00+08:00' };
  const propose = (s: Slot) => attempt(teleconsultation, accepted, 'propose-time', drb, { input: parameters({ name: 'slot', valueReference: { reference: 'Slot/s' } }), resources: { 'Slot/s': s } });

  test('is held for both when proposed, and agreed by the other side only', () => {
    const { effects } = propose(slot);
    expect(effects.bookings?.filter((b) => b.kind === 'hold').map((b) => b.actor)).toEqual(['PractitionerRole/a', 'PractitionerRole/b']);
    const appointment = effects.create![0] as Appointment;
    const proposed = { ...accepted, states: at({ request: 'accepted', time: 'proposed' }), appointment };
    expect(code(() => attempt(teleconsultation, proposed, 'agree-time', drb))).toBe('conflict:other-side-must-agree');
    const agreed = attempt(teleconsultation, proposed, 'agree-time', dra);
    expect(agreed.states.time).toBe('agreed');
    expect(agreed.effects.jobs?.map((j) => j.at.toISOString())).toEqual(['2026-03-03T00:00:00.000Z', '2026-03-03T00:50:00.000Z']);
  });

  test('that was just taken, or is over, is refused', () => {
    expect(code(() => propose({ ...slot, status: 'busy' }))).toBe('conflict:slot-taken');
    expect(code(() => propose({ ...slot, start: '2026-03-01T09:00:00Z', end: '2026-03-01T09:30:00Z' }))).toBe('unprocessable:time-past');
  });

  test('cannot be joined long before it', () => {
    const appointment = { ...(propose(slot).effects.create![0] as Appointment), status: 'booked' as const };
    const agreed = { ...accepted, states: at({ request: 'accepted', time: 'agreed' }), appointment };
    const blocked = (now: string) => offers(teleconsultation, agreed, dra, new Date(now)).find((o) => o.action.code === 'join-session')?.blocked;
    expect(blocked('2026-03-03T00:00:00Z')).toBe('too-early');
    expect(blocked('2026-03-03T00:31:00Z')).toBeUndefined();
  });
});

describe('a report', () => {
  const composition = (text: string): Composition => ({
    resourceType: 'Composition', status: 'preliminary', type: {}, date: '2026-03-02', author: [], title: 'Report',
    section: ['findings', 'opinion', 'recommendations', 'plain-language'].map((s) => ({ code: { coding: [{ code: s }] }, text: { status: 'additional', div: `<div>${text}</div>` } })),
  });
  const held = exampleCase(at({ request: 'accepted', session: 'ended' }), { invitations: [{ ...invited('b', 'university'), task: { ...invited('b', 'university').task, status: 'accepted' } }] });

  test('keeps text only: markup in a section becomes text', () => {
    const { effects } = attempt(teleconsultation, held, 'write-report', drb, { input: parameters({ name: 'composition', resource: composition('a<script>x</script> b') }) });
    expect(JSON.stringify(effects.create)).not.toContain('<script');
  });

  test('cannot be signed while a section is empty', () => {
    const draft = { ...held, states: at({ request: 'accepted', session: 'ended', report: 'draft' }), composition: composition('') };
    expect(code(() => attempt(teleconsultation, draft, 'sign-report', drb, { input: parameters({ name: 'code', valueString: '1' }) }))).toBe('conflict:report-incomplete');
  });
});

test('no sequence of actions by anybody leaves the declared states or fails with anything but a typed refusal', () => {
  const known = Object.fromEntries(regions.map((r) => [r, new Set([initial[r], ...teleconsultation.actions.flatMap((a) => a.when[r] ?? []), 'withdrawn', 'refused', 'cancelled', 'given'])]));
  fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom(...teleconsultation.actions.map((a) => a.code)), fc.constantFrom(dra, drb, coordinator)), { maxLength: 12 }), (steps) => {
    let c = exampleCase(initial, { form: filled, invitations: [invited('b', 'university')] });
    for (const [action, actor] of steps) {
      try {
        c = { ...c, states: attempt(teleconsultation, c, action, actor, { input: reason }).states };
      } catch (error) {
        if (!(error instanceof BedsideError)) throw error;
      }
      for (const r of regions) expect(known[r]!.has(c.states[r]), `${r}=${c.states[r]}`).toBe(true);
    }
  }));
});
