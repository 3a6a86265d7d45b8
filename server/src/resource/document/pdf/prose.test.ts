import { expect, test } from 'vitest';
import { readProse } from './prose.ts';

test('empty lines part paragraphs, marked lines are items, indented lines go on with their item', () => {
  expect(readProse('One\ntwo\n\n- a\n  more\n• b\nafter\n1. x\n2) y')).toEqual([
    { kind: 'paragraph', text: 'One\ntwo' },
    { kind: 'list', items: [{ mark: '•', text: 'a more' }, { mark: '•', text: 'b' }] },
    { kind: 'paragraph', text: 'after' },
    { kind: 'list', items: [{ mark: '1.', text: 'x' }, { mark: '2)', text: 'y' }] },
  ]);
});

test('a number at the beginning of a sentence and a minus sign are not list marks', () => {
  expect(readProse('84 mg/L\n-5 degrees')).toEqual([{ kind: 'paragraph', text: '84 mg/L\n-5 degrees' }]);
});
