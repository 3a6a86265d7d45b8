/** Every route that is not FHIR, with a request that is right in itself, and who gets in. */
import type { Person } from '../support/people.ts';
import type { AccessWorld } from './world.ts';

export interface Door {
  /** As fastify names it. */
  readonly route: string;
  readonly name?: string;
  /** Classes of everybody: abcd doctors, AB coordinators, administrator, network, patients pq, system, guest, nobody. */
  readonly expected: string;
  /** Tried in the opposite order: what the first one stores, others of his house then have. */
  readonly lastFirst?: true;
  readonly call: (person: Person, world: AccessWorld, at: DoorState) => ReturnType<Person['ask']>;
}
/** What earlier doors leave for later ones. */
export interface DoorState { series: string; instance: string; upload: string; instanceBytes: Uint8Array<ArrayBuffer> }

const get = (path: (world: AccessWorld, at: DoorState) => string, accept?: string) => (person: Person, world: AccessWorld, at: DoorState) => person.ask('GET', path(world, at), accept === undefined ? {} : { headers: { accept } });
const study = (world: AccessWorld): string => `/dicomweb/studies/${world.studyUid}`;
const series = (world: AccessWorld, at: DoorState): string => `${study(world)}/series/${at.series}`;
const instance = (world: AccessWorld, at: DoorState): string => `${series(world, at)}/instances/${at.instance}`;
const metadata = (values: Record<string, string>): string => Object.entries(values).map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`).join(',');
const text = 'A letter of few words.';
const tus = (world: { patient: string }, size: number): Record<string, string> => ({ 'tus-resumable': '1.0.0', 'upload-length': String(size), 'upload-metadata': metadata({ title: 'Letter', filetype: 'text/plain', category: 'document', patient: world.patient }) });

//                      abcdABanpqsgN
const everybodyMay =   '+++++++++++++';
const sharedStudy =    '++00++00+0+0-';
const uploaderOnly =   '+00000000000-';
const noSuchThing =    '0000000000000';
const keyNeeded =      '-------------';

export const doors: readonly Door[] = [
  ...['/healthz', '/readyz', '/certificates', '/certificates/root.pem', '/certificates/root.crt', '/certificates/root.crl', '/.well-known/openid-configuration', '/.well-known/oauth-authorization-server',
    '/.well-known/oauth-authorization-server/oauth', '/.well-known/smart-configuration', '/fhir/.well-known/smart-configuration', '/verify'].map((path): Door => ({ route: `GET ${path}`, expected: everybodyMay, call: get(() => path) })),
  { route: 'GET /verify/:code', name: 'of no document', expected: noSuchThing, call: get(() => '/verify/AAAA-BBBB-CCCC-DDDD', 'application/json') },
  { route: 'GET /*', name: 'an asset that is not there', expected: noSuchThing, call: get(() => '/assets/nothing.js') },

  // Sign-in knows people by its own cookie: a bearer token opens none of its pages.
  { route: 'GET /oauth/account', expected: keyNeeded, call: get(() => '/oauth/account') },
  { route: 'POST /oauth/account', expected: keyNeeded, call: (p) => p.ask('POST', '/oauth/account', { body: 'step=password', headers: { 'content-type': 'application/x-www-form-urlencoded' } }) },
  { route: 'GET /oauth/link/:token', expected: noSuchThing, call: get(() => `/oauth/link/${'x'.repeat(43)}`) },
  { route: 'POST /oauth/link/:token', expected: noSuchThing, call: (p, w) => p.ask('POST', `/oauth/link/${'x'.repeat(43)}`, { body: '', headers: { 'content-type': 'application/x-www-form-urlencoded', 'origin': w.server.url } }) },
  { route: 'GET /oauth/sign-in/:uid', name: 'of nobody', expected: 'eeeeeeeeeeeee', call: get(() => '/oauth/sign-in/nothing') },
  { route: 'POST /oauth/sign-in/:uid', name: 'of nobody', expected: 'eeeeeeeeeeeee', call: (p) => p.ask('POST', '/oauth/sign-in/nothing', { body: 'step=password', headers: { 'content-type': 'application/x-www-form-urlencoded' } }) },
  { route: 'GET /oauth/*', name: 'jwks', expected: everybodyMay, call: get(() => '/oauth/jwks') },
  { route: 'POST /oauth/*', name: 'token without a grant', expected: 'eeeeeeeeeeeee', call: (p) => p.ask('POST', '/oauth/token', { body: 'grant_type=authorization_code&client_id=bedside-web&code=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } }) },

  { route: 'GET /dicomweb/studies', name: 'those one may see', expected: '+++++++++++--', call: get(() => '/dicomweb/studies') },
  { route: 'GET /dicomweb/studies/:study/series', expected: sharedStudy, call: get((w) => `${study(w)}/series`) },
  { route: 'GET /dicomweb/studies/:study/instances', expected: sharedStudy, call: get((w) => `${study(w)}/instances`) },
  { route: 'GET /dicomweb/studies/:study/series/:series/instances', expected: sharedStudy, call: get((w, at) => `${series(w, at)}/instances`) },
  { route: 'GET /dicomweb/studies/:study', expected: sharedStudy, call: get((w) => study(w)) },
  { route: 'GET /dicomweb/studies/:study/metadata', expected: sharedStudy, call: get((w) => `${study(w)}/metadata`) },
  { route: 'GET /dicomweb/studies/:study/series/:series', expected: sharedStudy, call: get(series) },
  { route: 'GET /dicomweb/studies/:study/series/:series/metadata', expected: sharedStudy, call: get((w, at) => `${series(w, at)}/metadata`) },
  { route: 'GET /dicomweb/studies/:study/series/:series/instances/:instance', expected: sharedStudy, call: get(instance) },
  { route: 'GET /dicomweb/studies/:study/series/:series/instances/:instance/metadata', expected: sharedStudy, call: get((w, at) => `${instance(w, at)}/metadata`) },
  { route: 'GET /dicomweb/studies/:study/series/:series/instances/:instance/frames/:frames', expected: sharedStudy, call: get((w, at) => `${instance(w, at)}/frames/1`) },
  { route: 'GET /dicomweb/studies/:study/series/:series/instances/:instance/bulkdata/:range', name: 'bytes 0 to 3', expected: sharedStudy, call: get((w, at) => `${instance(w, at)}/bulkdata/1000-4`) },
  // By the second address dr-c has it too: dr-b has just stored it for their house.
  ...['', '/:study'].map((end): Door => ({
    route: `POST /dicomweb/studies${end}`, name: 'of a patient of the district hospital, by those who may see them last', lastFirst: true, expected: end === '' ? '++ee------e--' : '+++e------e--', call: (p, w, at) => p.ask('POST', `${end === '' ? '/dicomweb/studies' : study(w)}?patient=Patient/demo-patient-01`, stow(at.instanceBytes)),
  })),

  { route: 'POST /upload', name: 'a document of a patient of the district hospital', expected: '++00------+--', call: (p) => p.ask('POST', '/upload', { headers: tus({ patient: 'demo-patient-01' }, text.length) }) },
  { route: 'HEAD /upload/*', name: 'of another account', expected: uploaderOnly, call: (p, _w, at) => p.ask('HEAD', at.upload, { headers: { 'tus-resumable': '1.0.0' } }) },
  { route: 'PATCH /upload/*', name: 'of another account', expected: uploaderOnly, call: (p, _w, at) => p.ask('PATCH', at.upload, { body: Buffer.from(''), headers: { 'tus-resumable': '1.0.0', 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' } }) },
  { route: 'DELETE /upload/*', name: 'of another account', expected: uploaderOnly, call: (p, _w, at) => p.ask('DELETE', at.upload, { headers: { 'tus-resumable': '1.0.0' } }) },
  { route: 'POST /upload/*', name: 'as without a name', expected: '++00------+--', call: (p, _w, at) => p.ask('POST', at.upload, { headers: tus({ patient: 'demo-patient-01' }, text.length) }) },
  { route: 'OPTIONS /upload', expected: everybodyMay, call: (p) => p.ask('OPTIONS', '/upload') },
  { route: 'OPTIONS /upload/*', expected: everybodyMay, call: (p, _w, at) => p.ask('OPTIONS', at.upload) },
  { route: 'OPTIONS /oauth/*', expected: noSuchThing, call: (p) => p.ask('OPTIONS', '/oauth/token') },

  // The whiteboard's images go by a key that only an open seat at the board has.
  { route: 'POST /whiteboard/images', expected: keyNeeded, call: (p) => p.ask('POST', '/whiteboard/images', { body: Buffer.from('x'), headers: { 'content-type': 'image/png' } }) },
  { route: 'GET /whiteboard/images/:id', expected: keyNeeded, call: get((w) => `/whiteboard/images/${w.publishedPdfs[0]!.slice('Binary/'.length)}`) },
  { route: 'POST /whiteboard/keep', expected: keyNeeded, call: (p) => p.ask('POST', '/whiteboard/keep', { body: Buffer.from('x'), headers: { 'content-type': 'image/png' } }) },
];

/** A part 10 file as STOW-RS sends it. */
export function stow(bytes: Uint8Array<ArrayBuffer>): { body: Uint8Array; headers: Record<string, string> } {
  const head = Buffer.from('--part\r\nContent-Type: application/dicom\r\n\r\n');
  return { body: Buffer.concat([head, bytes, Buffer.from('\r\n--part--\r\n')]), headers: { 'content-type': 'multipart/related; type="application/dicom"; boundary=part', 'accept': 'application/dicom+json' } };
}

/** Doors that speak WebSocket or FHIR: their tables are in other files of this folder. */
export const elsewhere: readonly string[] = [
  'GET /room', 'GET /whiteboard', 'GET /fhir/ws',
  'GET /fhir', 'POST /fhir', 'GET /fhir/*', 'POST /fhir/*', 'PUT /fhir/*', 'DELETE /fhir/*',
];
