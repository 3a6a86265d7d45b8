import { expect, test } from 'vitest';
import { nameFor } from './name-for.ts';

const chen = { name: [{ use: 'official' as const, family: '陈', given: ['立文'] }, { use: 'usual' as const, family: 'Chen', given: ['Liwen'], prefix: ['Prof.'] }] };

test('a name stands in the script that the reader reads', () => {
  expect(nameFor(chen, 'zh')).toBe('陈立文');
  expect(nameFor(chen, 'en')).toBe('Prof. Liwen Chen');
  expect(nameFor(chen, 'ar')).toBe('Prof. Liwen Chen');
});
test('a name that is there in one script only stands as it is', () => {
  expect(nameFor({ name: [{ family: 'حسن', given: ['فاطمة'] }] }, 'en')).toBe('فاطمة حسن');
  expect(nameFor({ name: [{ text: 'Amina' }] }, 'zh')).toBe('Amina');
  expect(nameFor({}, 'en')).toBe('');
});
