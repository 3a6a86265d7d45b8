import type { Basic, Bundle, DocumentReference, ImagingStudy, Resource } from '@medplum/fhirtypes';
import { BedsideError } from '../kernel/index.ts';
import type { BlobStore } from '../resource/blob/index.ts';
import { receiveDocument } from '../resource/document/receive/index.ts';
import type { FhirRepository } from '../resource/fhir/index.ts';
import type { ImageRepository } from '../resource/image/index.ts';
import type { RequestContext } from '../security/policy/index.ts';
import { buildDemonstration, type DemoImaging, type Demonstration } from './build.ts';
import type { DemoAccount } from './accounts.ts';
import { dayIn } from './days.ts';
import type { DemoDocument } from './media/documents.ts';
import { transactionOf } from './record/history.ts';
import { coded, concept, demonstrationMeta, loinc } from './vocabulary.ts';

/** What the loader writes through; compose gives the real parts. */
export interface DemonstrationDeps {
  /** The system's own context; its clock says what today is. */
  readonly ctx: RequestContext;
  readonly repository: FhirRepository;
  readonly accounts: {
    find(ctx: RequestContext, by: { login: string }): Promise<unknown>;
    create(ctx: RequestContext, account: DemoAccount): Promise<unknown>;
  };
  readonly blobs: BlobStore;
  readonly images: Pick<ImageRepository, 'openSession'>;
  /** Told in plain words how far it is. */
  readonly progress?: (line: string) => void;
}

const stageSystem = 'urn:bedside:demo-stage';

/** Work of the system in the name of an institution, which then owns what is written. */
const inNameOf = (ctx: RequestContext, institution: string): RequestContext => ({ ...ctx, actor: { ...ctx.actor, institution, organizations: [institution] } });

async function stored<T extends Resource>(repository: FhirRepository, ctx: RequestContext, type: T['resourceType'], id: string): Promise<T | undefined> {
  try {
    return JSON.parse((await repository.read(ctx, type, id)).text) as T;
  } catch (error) {
    if (error instanceof BedsideError && (error.kind === 'not-found' || error.kind === 'gone')) return undefined;
    throw error;
  }
}

/**
 * Writes the demonstration network. Each step is durable when it is done and is not done twice: after a crash the next start goes on, and a start with
 * everything there only adds the times of new days. Nothing that users changed is touched.
 */
export async function loadDemonstration(deps: DemonstrationDeps): Promise<void> {
  const { ctx, repository } = deps;
  const today = dayIn(ctx.clock.now(), 'UTC');
  const progress = deps.progress ?? (() => undefined);
  const stage = async (name: string, work: () => Promise<void>): Promise<void> => {
    if (await stored(repository, ctx, 'Basic', `demo-stage-${name}`)) return;
    await work();
    await mark(name);
  };
  const mark = async (name: string): Promise<void> => {
    const done: Basic = { resourceType: 'Basic', id: `demo-stage-${name}`, meta: demonstrationMeta(), code: coded(stageSystem, name), created: today };
    await repository.update(ctx, done);
  };
  const whole = await stored<Basic>(repository, ctx, 'Basic', 'demo-stage-whole');
  const slotsUpTo = (await stored<Basic>(repository, ctx, 'Basic', 'demo-stage-slots'))?.created;
  if (whole && slotsUpTo === today) return;
  const demo = buildDemonstration({ today });

  await stage('network', async () => {
    progress('Demonstration network: institutions and people');
    await write(deps, [...demo.organizations, ...demo.locations, ...demo.healthcareServices, ...demo.practitioners, ...demo.practitionerRoles, ...demo.schedules]);
  });
  if (slotsUpTo !== today) {
    await addSlots(deps, demo, today);
    await mark('slots');
  }
  if (whole) return;
  await stage('accounts', async () => {
    for (const account of demo.accounts) if (!await deps.accounts.find(ctx, { login: account.login })) await deps.accounts.create(ctx, account);
  });
  for (const [n, { patient, resources }] of demo.records.entries()) {
    if (n % 10 === 0) progress(`Demonstration network: ${n} of ${demo.records.length} patients`);
    const context = inNameOf(ctx, patient.institution);
    if (!await stored(repository, context, 'Patient', patient.id)) expectDone(await repository.bundle(context, transactionOf(resources)));
  }
  progress('Demonstration network: documents');
  for (const document of demo.documents) await stage(document.id, () => receive(deps, document));
  for (const study of demo.imaging) {
    await stage(`images-${study.id}`, async () => {
      progress(`Demonstration network: ${study.title}`);
      await store(deps, study);
    });
  }
  await mark('whole');
  progress('Demonstration network: ready');
}

const mostAtOnce = 200;

/** Each institution's own rows in its name; what belongs to none in the system's. */
async function write(deps: DemonstrationDeps, resources: readonly Resource[]): Promise<void> {
  for (let at = 0; at < resources.length; at += mostAtOnce) expectDone(await deps.repository.bundle(deps.ctx, transactionOf(resources.slice(at, at + mostAtOnce))));
}

/** @throws what the repository answered, when an entry was refused: the network must not be half there unnoticed. */
function expectDone(answer: Bundle): void {
  const refused = answer.entry?.find((entry) => !(entry.response?.status ?? '').startsWith('2'));
  if (refused) throw new Error(`The demonstration network was refused: ${JSON.stringify(refused.response).slice(0, 400)}`);
}

/** Adds the times that are not there yet; booked ones stay as they are. */
async function addSlots(deps: DemonstrationDeps, demo: Demonstration, today: string): Promise<void> {
  const missing: Resource[] = [];
  for (const schedule of demo.schedules) {
    const found = JSON.parse(await deps.repository.search(deps.ctx, 'Slot', `schedule=Schedule/${schedule.id}&start=ge${today}&_count=1000`)) as Bundle;
    const known = new Set(found.entry?.map((entry) => entry.resource?.id));
    missing.push(...demo.slots.filter((slot) => slot.schedule.reference === `Schedule/${schedule.id}` && !known.has(slot.id)));
  }
  await write(deps, missing);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Stores a study through the door that every image comes through, and marks what it became. */
async function store(deps: DemonstrationDeps, study: DemoImaging): Promise<void> {
  const ctx = inNameOf(deps.ctx, study.institution);
  const session = deps.images.openSession(ctx, { patient: `Patient/${study.patient}`, owner: study.institution });
  for (const file of study.files()) await session.add(once(file));
  const { stored: kept, refused } = await session.finish();
  if (refused[0]) throw refused[0].error;
  for (const id of new Set(kept.map((k) => k.imagingStudyId))) {
    const row = await stored<ImagingStudy>(deps.repository, ctx, 'ImagingStudy', id);
    if (row) await deps.repository.update(ctx, { ...row, meta: { ...row.meta, ...demonstrationMeta() } });
  }
}

async function receive(deps: DemonstrationDeps, document: DemoDocument): Promise<void> {
  const ctx = inNameOf(deps.ctx, document.institution);
  if (!await stored(deps.repository, ctx, 'DocumentReference', document.id)) {
    await receiveDocument({ blobs: deps.blobs, fhir: deps.repository }, ctx, once(await document.bytes()), { id: document.id, patient: document.patient, category: document.category, title: document.title, claimedType: document.contentType });
  }
  const row = await stored<DocumentReference>(deps.repository, ctx, 'DocumentReference', document.id);
  if (!row) throw new Error(`The document ${document.id} was received but is not there.`);
  await deps.repository.update(ctx, { ...row, meta: { ...row.meta, ...demonstrationMeta() }, type: concept(loinc, ...document.type), date: new Date(document.at).toISOString() });
}
