import type { Observation } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { flagOf, trendsOf } from './observations.ts';

const potassium = (value: number, at: string, more: Partial<Observation> = {}): Observation => ({
  resourceType: 'Observation', status: 'final', code: { coding: [{ system: 'http://loinc.org', code: '2823-3' }], text: 'Potassium' },
  effectiveDateTime: at, valueQuantity: { value, unit: 'mmol/L' }, referenceRange: [{ low: { value: 3.5 }, high: { value: 5.1 } }], ...more,
});

describe('trends of observations', () => {
  it('puts the values of one code in order of time', () => {
    const [trend] = trendsOf([potassium(4.4, '2025-03-01'), potassium(6.1, '2025-05-01'), potassium(3.9, '2025-01-01')]);
    expect(trend?.series[0]?.values).toEqual([3.9, 4.4, 6.1]);
    expect(trend?.band).toEqual({ low: 3.5, high: 5.1 });
    expect(trend?.latest.valueQuantity?.value).toBe(6.1);
  });
  it('never draws two units as one line', () => {
    expect(trendsOf([potassium(4.4, '2025-03-01'), potassium(17.2, '2025-05-01', { valueQuantity: { value: 17.2, unit: 'mg/dL' } })])).toHaveLength(2);
  });
  it('leaves out what was entered in error', () => {
    expect(trendsOf([potassium(4.4, '2025-03-01', { status: 'entered-in-error' })])).toEqual([]);
  });
  it('draws blood pressure as two lines', () => {
    const pressure: Observation = {
      resourceType: 'Observation', status: 'final', code: { text: 'Blood pressure' }, effectiveDateTime: '2025-03-01',
      component: [{ code: { text: 'Systolic' }, valueQuantity: { value: 120, unit: 'mmHg' } }, { code: { text: 'Diastolic' }, valueQuantity: { value: 80, unit: 'mmHg' } }],
    };
    expect(trendsOf([pressure])[0]?.series.map((line) => line.label)).toEqual(['Systolic', 'Diastolic']);
  });
});

describe('flags', () => {
  it('compares with the reference range when the laboratory gave no flag', () => {
    expect(flagOf(potassium(6.1, '2025-03-01'))).toBe('high');
    expect(flagOf(potassium(3.1, '2025-03-01'))).toBe('low');
    expect(flagOf(potassium(4, '2025-03-01'))).toBeUndefined();
  });
  it('believes the laboratory before the range', () => {
    expect(flagOf(potassium(6.1, '2025-03-01', { interpretation: [{ coding: [{ code: 'N' }] }] }))).toBeUndefined();
    expect(flagOf(potassium(4, '2025-03-01', { interpretation: [{ coding: [{ code: 'HH' }] }] }))).toBe('critical');
  });
});
