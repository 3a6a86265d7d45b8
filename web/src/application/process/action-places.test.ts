import { expect, it } from 'vitest';
import type { OfferedAction } from './actions.ts';
import { barOf, placeOf } from './action-places.ts';

const action = (code: string, more: Partial<OfferedAction> = {}): OfferedAction => ({ code, primary: false, blocked: undefined, inputs: [], ...more });

it('takes the first marked action that is not blocked as the next step', () => {
  const bar = barOf([action('submit', { primary: true, blocked: 'form-incomplete' }), action('save-form', { primary: true }), action('withdraw')]);
  expect(bar.primary?.code).toBe('save-form');
  expect(bar.others.map((one) => one.code)).toEqual(['withdraw']);
});
it('shows a blocked next step when there is no other, so that its reason can be read', () => {
  expect(barOf([action('agree-time', { primary: true, blocked: 'other-side-must-agree' })]).primary?.blocked).toBe('other-side-must-agree');
});
it('leaves what has a panel of its own out of the bar', () => {
  expect(barOf([action('send-message'), action('accept'), action('refuse')]).others.map((one) => one.code)).toEqual(['accept', 'refuse']);
});
it('asks with a dialog for an action it has never heard of', () => {
  expect(placeOf(action('something-new'))).toEqual({ kind: 'dialog' });
});
