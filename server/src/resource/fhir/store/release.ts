type Json = Readonly<Record<string, unknown>>;
const unreleased: Readonly<Record<string, ReadonlySet<string>>> = {
  DiagnosticReport: new Set(['registered', 'partial', 'preliminary']),
  Composition: new Set(['preliminary']),
  QuestionnaireResponse: new Set(['in-progress']),
  Task: new Set(['draft']),
  ServiceRequest: new Set(['draft']),
};

/** Whether people outside the owning institution may see it at all: drafts are not for them. A pure function of the content. */
export const isReleased = (resource: Json): boolean => !(unreleased[String(resource['resourceType'])]?.has(String(resource['status'])) ?? false);

const levels: Readonly<Record<string, number>> = { R: 1, V: 2 };
/** 0 normal, 1 restricted, 2 very restricted, from meta.security. @see v3-Confidentiality */
export function confidentiality(resource: Json): number {
  const labels = (resource['meta'] as { security?: readonly { code?: string }[] } | undefined)?.security ?? [];
  return Math.max(0, ...labels.map((l) => levels[l.code ?? ''] ?? 0));
}

/** Row whose owner a new row inherits when the writer belongs to no institution. */
export function ownerHint(resource: Json): { type: 'Organization' | 'PractitionerRole' | 'Schedule'; id: string } | undefined {
  const fields: Readonly<Record<string, string>> = { Organization: 'partOf', Patient: 'managingOrganization', PractitionerRole: 'organization', Location: 'managingOrganization', HealthcareService: 'providedBy', Device: 'owner', Slot: 'schedule', Encounter: 'serviceProvider' };
  const type = String(resource['resourceType']);
  const candidates = type === 'Schedule' && Array.isArray(resource['actor']) ? (resource['actor'] as unknown[]) : [resource[fields[type] ?? '']];
  for (const c of candidates) {
    const m = /^(Organization|PractitionerRole|Schedule)\/([A-Za-z0-9.-]{1,64})$/.exec(String((c as { reference?: unknown } | undefined)?.reference ?? ''));
    if (m) return { type: m[1] as 'Organization', id: m[2]! };
  }
  return type === 'Organization' && typeof resource['id'] === 'string' ? { type: 'Organization', id: resource['id'] } : undefined;
}
