import type { HealthcareService, Location, Organization } from '@medplum/fhirtypes';
import { coded, concept, demonstrationMeta, hl7, ref } from '../vocabulary.ts';

export interface Department { readonly id: string; readonly name: string; readonly native: string; readonly specialty: string }
export interface Institution {
  readonly id: string;
  readonly name: string;
  readonly native: string;
  readonly type: 'university' | 'district' | 'township';
  readonly zone: string;
  readonly city: string;
  readonly country: string;
  readonly phone: string;
  readonly departments: readonly Department[];
}

const department = (institution: string, specialty: string, name: string, native: string): Department => ({ id: `${institution}-${specialty}`, specialty, name, native });

export const universityId = 'demo-university';
export const districtId = 'demo-district';
export const townshipId = 'demo-township';

/** Three invented institutions, five hours apart. */
export const institutions: readonly Institution[] = [
  {
    id: universityId, type: 'university', zone: 'Asia/Shanghai', city: 'Demonstration City', country: 'CN', phone: '+86 10 5550 0100',
    name: 'Lakeside University Hospital (Demonstration)', native: '湖畔大学附属医院（演示）',
    departments: [
      department(universityId, 'pulmonology', 'Respiratory Medicine', '呼吸内科'), department(universityId, 'cardiology', 'Cardiology', '心血管内科'),
      department(universityId, 'radiology', 'Radiology', '放射科'), department(universityId, 'neurology', 'Neurology', '神经内科'),
      department(universityId, 'endocrinology', 'Endocrinology', '内分泌科'), department(universityId, 'oncology', 'Oncology', '肿瘤科'),
      department(universityId, 'nephrology', 'Nephrology', '肾内科'), department(universityId, 'paediatrics', 'Paediatrics', '儿科'),
    ],
  },
  {
    id: districtId, type: 'district', zone: 'Africa/Nairobi', city: 'Riverbend', country: 'KE', phone: '+254 20 555 0200',
    name: 'Riverbend District Hospital (Demonstration)', native: 'Hospitali ya Wilaya ya Riverbend (Maonyesho)',
    departments: [
      department(districtId, 'general-practice', 'Internal Medicine', 'Tiba ya Ndani'), department(districtId, 'surgery', 'Surgery', 'Upasuaji'),
      department(districtId, 'obstetrics', 'Maternity', 'Uzazi'), department(districtId, 'infectious-disease', 'Infectious Disease', 'Magonjwa ya Kuambukiza'),
    ],
  },
  {
    id: townshipId, type: 'township', zone: 'Africa/Nairobi', city: 'Saltmarsh', country: 'KE', phone: '+254 20 555 0300',
    name: 'Saltmarsh Township Health Centre (Demonstration)', native: 'Kituo cha Afya cha Saltmarsh (Maonyesho)',
    departments: [department(townshipId, 'general-practice', 'Family Medicine', 'Tiba ya Familia')],
  },
];

export const institutionOf = (id: string): Institution => institutions.find((i) => i.id === id)!;
/** Seeds of names in house numbers and the like are fixed: institutions do not depend on chance. */
const timeZone = (zone: string) => ({ url: 'http://hl7.org/fhir/StructureDefinition/timezone', valueCode: zone });

/** An institution with its departments, site and services. */
export function institutionResources(i: Institution): { organizations: Organization[]; locations: Location[]; services: HealthcareService[] } {
  const organizations: Organization[] = [{
    resourceType: 'Organization', id: i.id, meta: demonstrationMeta(), active: true, name: i.name, alias: [i.native], extension: [timeZone(i.zone)],
    identifier: [{ system: 'urn:bedside:institution', value: i.id.toUpperCase() }],
    type: [concept(hl7('organization-type'), 'prov', { university: 'University hospital', district: 'District hospital', township: 'Township health centre' }[i.type])],
    telecom: [{ system: 'phone', value: i.phone }, { system: 'email', value: `contact@${i.id}.bedside.invalid` }],
    address: [{ city: i.city, country: i.country, text: `1 Example Road, ${i.city}` }],
  }, ...i.departments.map((d): Organization => ({
    resourceType: 'Organization', id: d.id, meta: demonstrationMeta(), active: true, name: d.name, alias: [d.native], partOf: ref(`Organization/${i.id}`, i.name),
    type: [concept(hl7('organization-type'), 'dept', 'Hospital department')],
  }))];
  const locations: Location[] = [{
    resourceType: 'Location', id: `${i.id}-site`, meta: demonstrationMeta(), status: 'active', mode: 'instance', name: i.name, managingOrganization: ref(`Organization/${i.id}`),
    extension: [timeZone(i.zone)], address: { city: i.city, country: i.country },
  }, {
    resourceType: 'Location', id: `${i.id}-tele-room`, meta: demonstrationMeta(), status: 'active', mode: 'instance', name: 'Teleconsultation room', partOf: ref(`Location/${i.id}-site`),
    managingOrganization: ref(`Organization/${i.id}`), physicalType: coded(hl7('location-physical-type'), 'ro'),
  }];
  const services = i.departments.map((d): HealthcareService => ({
    resourceType: 'HealthcareService', id: `${d.id}-service`, meta: demonstrationMeta(), active: true, name: `${d.name}, teleconsultation`, providedBy: ref(`Organization/${i.id}`, i.name),
    specialty: [concept('urn:bedside:specialty', d.specialty, d.name)], location: [ref(`Location/${i.id}-tele-room`)],
  }));
  return { organizations, locations, services };
}
