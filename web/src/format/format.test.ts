import { describe, expect, it } from 'vitest';
import { ageOf, formatAge, formatBytes, formatDate, formatDateTime, formatMinutes, formatName, formatObservationValue, formatQuantity, initials, preferredName } from './index.ts';

describe('dates', () => {
  it('keep the precision of FHIR', () => {
    expect(formatDate('1962', 'en')).toBe('1962');
    expect(formatDate('1962-03', 'fr')).toBe('mars 1962');
  });
  it('never move a day by a time zone', () => {
    expect(formatDate('1962-03-01', 'en', { zone: 'America/Los_Angeles' })).toBe('1 Mar 1962');
  });
  it('show an instant in the zone asked for, with its name', () => {
    const shown = formatDateTime('2026-03-02T23:30:00Z', 'en', { zone: 'Asia/Shanghai' });
    expect(shown).toContain('3 Mar 2026');
    expect(shown).toContain('07:30');
    expect(shown).toMatch(/GMT\+8|CST/);
  });
  it('show both sides of a change of the clock', () => {
    expect(formatDateTime('2026-03-29T00:30:00Z', 'en', { zone: 'Europe/Paris' })).toContain('01:30');
    expect(formatDateTime('2026-03-29T01:30:00Z', 'en', { zone: 'Europe/Paris' })).toContain('03:30');
  });
});

describe('ages', () => {
  it('are whole years, months below two years', () => {
    expect(ageOf('1962-03-15', new Date('2026-03-14T00:00:00Z'))).toEqual({ years: 63, months: 11 });
    expect(formatAge('2025-01-10', 'en', new Date('2026-03-14T00:00:00Z'))).toBe('14 months');
  });
  it('of somebody not yet born are none', () => {
    expect(formatAge('2030-01-01', 'en', new Date('2026-01-01T00:00:00Z'))).toBe('');
  });
});

describe('names', () => {
  it('stand in the order of their script', () => {
    expect(formatName({ family: '陈', given: ['立文'] })).toBe('陈立文');
    expect(formatName({ family: 'Chen', given: ['Liwen'], prefix: ['Prof.'] })).toBe('Prof. Liwen Chen');
  });
  it('are chosen in a script that the reader knows', () => {
    const names = [{ use: 'official' as const, family: '陈', given: ['立文'] }, { use: 'usual' as const, family: 'Chen', given: ['Liwen'] }];
    expect(formatName(preferredName(names, 'fr'))).toBe('Liwen Chen');
    expect(formatName(preferredName(names, 'zh'))).toBe('陈立文');
  });
  it('give initials', () => {
    expect([initials('Dr Amina Odhiambo'), initials('陈立文')]).toEqual(['AO', '陈']);
  });
});

describe('quantities', () => {
  const bare = (text: string): string => text.replaceAll(/[\u2066\u2069]/gu, '').replaceAll('\u00A0', ' ');
  it('keep their digits and read left to right everywhere', () => {
    expect(bare(formatQuantity({ value: 5.4, unit: 'mmol/L' }, 'fr'))).toBe('5,4 mmol/L');
    expect(bare(formatQuantity({ value: 93, unit: '%', comparator: '<' }, 'en'))).toBe('<93%');
    expect(formatQuantity({ value: 5.4, unit: 'mmol/L' }, 'ar')).toMatch(/^\u2066.*\u2069$/u);
    expect(formatQuantity({ value: 5.4, unit: 'mmol/L' }, 'ar')).toMatch(/[0-9]/u);
  });
  it('join blood pressure with a stroke', () => {
    expect(bare(formatObservationValue({ resourceType: 'Observation', status: 'final', code: {}, component: [{ code: {}, valueQuantity: { value: 120, unit: 'mmHg' } }, { code: {}, valueQuantity: { value: 80, unit: 'mmHg' } }] }, 'en'))).toBe('120/80 mmHg');
  });
  it('have sizes and durations in units of the language', () => {
    expect(formatBytes(1_500_000, 'en')).toBe('1.5 MB');
    expect(formatMinutes(65, 'en')).toBe('1 hr 5 mins');
  });
});
