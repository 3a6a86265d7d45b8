import type { Bundle, Organization, Practitioner, PractitionerRole } from '@medplum/fhirtypes';
import { conceptText, matches, ofType, resolve } from '../fhir/index.ts';
import { formatName } from '../format/index.ts';
import { zoneOf } from '../application/process/index.ts';

/** An expert as the directory shows one: the role, with its person and institution. */
export interface Expert {
  readonly id: string;
  readonly name: string;
  readonly role: PractitionerRole;
  readonly practitioner: Practitioner | undefined;
  readonly organization: Organization | undefined;
  readonly institution: string;
  readonly specialtyCode: string | undefined;
  readonly specialty: string;
  /** BCP 47 codes. */
  readonly languages: readonly string[];
  readonly zone: string | undefined;
  readonly profile: string | undefined;
  readonly titles: readonly string[];
}
const PROFILE = 'urn:bedside:profile';

export function expertsOf(bundle: Bundle | undefined): Expert[] {
  const practitioners = ofType(bundle, 'Practitioner');
  const organizations = ofType(bundle, 'Organization');
  return matches(bundle, 'PractitionerRole').map((role) => expertOf(role, resolve(practitioners, 'Practitioner', role.practitioner), resolve(organizations, 'Organization', role.organization)));
}

export function expertOf(role: PractitionerRole, practitioner: Practitioner | undefined, organization: Organization | undefined): Expert {
  const profile = [...practitioner?.extension ?? [], ...role.extension ?? []].find((one) => one.url === PROFILE);
  return {
    id: role.id ?? '', role, practitioner, organization, name: formatName(practitioner?.name) || role.practitioner?.display || '–',
    institution: organization?.name ?? role.organization?.display ?? '', specialtyCode: role.specialty?.[0]?.coding?.[0]?.code, specialty: conceptText(role.specialty?.[0]) ?? '',
    languages: (practitioner?.communication ?? []).flatMap((one) => one.coding?.[0]?.code ?? []), zone: zoneOf(practitioner, role, organization),
    profile: profile?.valueMarkdown ?? profile?.valueString, titles: (practitioner?.qualification ?? []).flatMap((one) => conceptText(one.code) ?? []),
  };
}

export interface ExpertFilter { readonly name?: string | undefined; readonly specialty?: string | undefined; readonly institution?: string | undefined; readonly language?: string | undefined; readonly day?: string | undefined; readonly case?: string | undefined }

/** The FHIR search behind the filter. Language and free day are looked at afterwards: they are not parameters of PractitionerRole. */
export const expertQuery = (filter: ExpertFilter): Readonly<Record<string, string | readonly string[] | undefined>> => ({
  'role': 'urn:bedside:role|expert', 'active': 'true', 'specialty': filter.specialty, 'organization': filter.institution ? `Organization/${filter.institution}` : undefined,
  'practitioner.name': filter.name?.trim() || undefined, '_include': ['PractitionerRole:practitioner', 'PractitionerRole:organization'], '_count': '100',
});

export const speaks = (expert: Expert, language: string | undefined): boolean => !language || expert.languages.some((one) => one.split('-')[0] === language);
export const languageName = (code: string, language: string): string => {
  try {
    return new Intl.DisplayNames([language], { type: 'language' }).of(code) ?? code;
  } catch {
    return code;
  }
};
