import { expect, it } from 'vitest';
import { expertQuery, expertsOf, speaks } from './expert.ts';

const bundle = {
  resourceType: 'Bundle' as const, type: 'searchset' as const, entry: [
    { search: { mode: 'match' as const }, resource: { resourceType: 'PractitionerRole' as const, id: 'r', practitioner: { reference: 'Practitioner/p' }, organization: { reference: 'Organization/o' }, specialty: [{ coding: [{ code: 'cardiology', display: 'Cardiology' }] }] } },
    { search: { mode: 'include' as const }, resource: { resourceType: 'Practitioner' as const, id: 'p', name: [{ family: 'Okafor', given: ['Ada'], prefix: ['Dr'] }], communication: [{ coding: [{ code: 'fr-CM' }] }] } },
    { search: { mode: 'include' as const }, resource: { resourceType: 'Organization' as const, id: 'o', name: 'University Hospital', extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/timezone', valueCode: 'Africa/Lagos' }] } },
  ],
};

it('joins the role of an expert with its person and institution', () => {
  const [expert] = expertsOf(bundle);
  expect(expert).toMatchObject({ id: 'r', name: 'Dr Ada Okafor', institution: 'University Hospital', specialty: 'Cardiology', zone: 'Africa/Lagos' });
});
it('finds who speaks a language whatever the country', () => {
  const [expert] = expertsOf(bundle);
  expect(expert && speaks(expert, 'fr')).toBe(true);
  expect(expert && speaks(expert, 'es')).toBe(false);
});
it('leaves out what is not asked for', () => {
  expect(expertQuery({ name: '  ' })['practitioner.name']).toBeUndefined();
  expect(expertQuery({ institution: 'o' })['organization']).toBe('Organization/o');
});
