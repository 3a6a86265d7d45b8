import { invalid } from '../../kernel/index.ts';
import type { Purpose } from '../../security/policy/index.ts';
import type { FhirTransaction } from './contract.ts';

/** A right to a patient's rows: to whom, which types (all when absent), for which case and purpose, until when. */
export interface PatientGrant {
  readonly patient: string;
  readonly grantee: string;
  readonly types?: readonly string[] | undefined;
  readonly caseId?: string | undefined;
  readonly purpose?: Purpose | undefined;
  readonly until?: Date | undefined;
}
export interface Grants {
  addParticipant(caseId: string, grantee: string, role: string, until?: Date): Promise<void>;
  /** Without a role: all roles of the grantee in the case. */
  revokeParticipant(caseId: string, grantee: string, role?: string): Promise<void>;
  /** @param item `Type/id` of a row that the case's participants may see. */
  addMaterial(caseId: string, item: string): Promise<void>;
  removeMaterial(caseId: string, item: string): Promise<void>;
  grantPatient(grant: PatientGrant): Promise<void>;
  /** Without a case: all grants of the patient to the grantee. */
  revokePatientGrant(patient: string, grantee: string, caseId?: string): Promise<void>;
}

const grantee = (text: string): string => {
  if (!/^(Practitioner|PractitionerRole|Patient|Organization)\/[A-Za-z0-9.-]{1,64}$/.test(text)) throw invalid('grantee', 'A grantee is Practitioner/id, PractitionerRole/id, Patient/id or Organization/id.');
  return text;
};
const item = (text: string): [string, string] => {
  const m = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})$/.exec(text);
  if (!m) throw invalid('material', 'A material is Type/id.');
  return [m[1]!, m[2]!];
};

/** Changes who may see what, inside a transaction; takes effect with its commit. */
export function grants(fhir: FhirTransaction): Grants {
  const { tx } = fhir;
  const now = (): Date => fhir.ctx.clock.now();
  return {
    addParticipant: async (caseId, to, role, until) => {
      await tx.query(`insert into access.participant (case_id, grantee, role, since, until) values ($1, $2, $3, $4, $5)
        on conflict (case_id, grantee, role) do update set revoked_at = null, until = excluded.until`, [caseId, grantee(to), role, now(), until ?? null]);
    },
    revokeParticipant: async (caseId, to, role) => {
      await tx.query('update access.participant set revoked_at = $3 where case_id = $1 and grantee = $2 and revoked_at is null and ($4::text is null or role = $4)', [caseId, grantee(to), now(), role ?? null]);
    },
    addMaterial: async (caseId, what) => {
      await tx.query('insert into access.case_material (case_id, type, id, added_at) values ($1, $2, $3, $4) on conflict (case_id, type, id) do update set removed_at = null', [caseId, ...item(what), now()]);
    },
    removeMaterial: async (caseId, what) => {
      await tx.query('update access.case_material set removed_at = $4 where case_id = $1 and type = $2 and id = $3 and removed_at is null', [caseId, ...item(what), now()]);
    },
    grantPatient: async (g) => {
      await tx.query('insert into access.patient_grant (patient, grantee, types, case_id, purpose, since, until) values ($1, $2, $3, $4, $5, $6, $7)',
        [g.patient.replace(/^Patient\//, ''), grantee(g.grantee), g.types ?? null, g.caseId ?? null, g.purpose ?? 'TREAT', now(), g.until ?? null]);
    },
    revokePatientGrant: async (patient, to, caseId) => {
      await tx.query('update access.patient_grant set revoked_at = $4 where patient = $1 and grantee = $2 and ($3::text is null or case_id = $3) and revoked_at is null',
        [patient.replace(/^Patient\//, ''), grantee(to), caseId ?? null, now()]);
    },
  };
}
