import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BedsideError } from '../../kernel/index.ts';
import { joined, nothing, refused, took, type FileKind, type ImportDeps, type Outcome, type Progress } from './contract.ts';
import { importCda } from './documents.ts';
import { openJournal, sha256Of, type Journal } from './journal.ts';
import { parseLossless } from './lossless.ts';
import { batchSize, resourcesOf, writeResources, type Incoming } from './resources.ts';
import { sniffFile } from './sniff.ts';

const mostJsonBytes = 256 << 20;
const mostLineBytes = 32 << 20;
const deliverySize = 100;

interface Found { readonly path: string; readonly kind: FileKind }

/** All files under the paths, with what they are; people and places before what refers to them, each folder in order of name. */
export async function findFiles(paths: readonly string[]): Promise<Found[]> {
  const files: string[] = [];
  const walk = async (path: string): Promise<void> => {
    const info = await stat(path);
    if (info.isFile()) files.push(path);
    else if (info.isDirectory()) for (const name of (await readdir(path)).sort()) if (!name.startsWith('.')) await walk(join(path, name));
  };
  for (const path of paths) await walk(path);
  const found: Found[] = [];
  for (const path of files) found.push({ path, kind: await sniffFile(path) });
  const first = (f: Found): number => (/(?:hospital|practitioner)Information|Organization|Practitioner|Location/.test(f.path) ? 0 : f.kind === 'dicom' ? 2 : f.kind === 'cda' ? 3 : 1);
  return found.sort((a, b) => first(a) - first(b));
}

/** Raised by a signal: what is begun is finished, the rest waits for the next run. */
export interface Stop { readonly aborted: boolean }

/**
 * Takes all files in. Safe to run again at any time: what is in stays, the rest is done.
 * @throws unavailable when the database or a disk cannot take more; what was taken until then is in.
 */
export async function importFiles(deps: ImportDeps, files: readonly Found[], onProgress: (p: Progress) => void, stop: Stop = { aborted: false }): Promise<{ outcome: Outcome; skipped: number; left: number }> {
  const journal = openJournal(deps.db, deps.ctx.actor.institution ?? '');
  const outcomes: Outcome[] = [];
  let filesDone = 0;
  let skipped = 0;
  let taken = 0;
  let inFile = 0;
  let bad = 0;
  const tell = (current: string): void => onProgress({ filesDone, files: files.length, taken: taken + inFile, refused: bad, current });
  const note = (outcome: Outcome): void => {
    outcomes.push(outcome);
    inFile = 0;
    for (const n of outcome.taken.values()) taken += n;
    bad += outcome.refused.length;
  };
  let images: { path: string; sha256: string }[] = [];
  const deliver = async (): Promise<void> => {
    if (images.length === 0) return;
    note(await importImages(deps, journal, images));
    filesDone += images.length;
    images = [];
  };
  for (const { path, kind } of files) {
    if (stop.aborted) break;
    tell(path);
    const sha256 = await sha256Of(path);
    if (await journal.isDone(sha256)) {
      skipped += 1;
      filesDone += 1;
      continue;
    }
    if (kind === 'dicom') {
      images.push({ path, sha256 });
      if (images.length >= deliverySize) await deliver();
      continue;
    }
    await deliver();
    const { outcome, whole } = await importOne(deps, journal, path, kind, sha256, (n) => { inFile += n; tell(path); }, stop);
    note(outcome);
    if (whole && outcome.refused.length === 0) await journal.done(sha256, kind);
    filesDone += 1;
  }
  await deliver();
  tell('');
  return { outcome: joined(...outcomes), skipped, left: files.length - filesDone };
}

async function importOne(deps: ImportDeps, journal: Journal, path: string, kind: FileKind, sha256: string, onWritten: (n: number) => void, stop: Stop): Promise<{ outcome: Outcome; whole: boolean }> {
  const whole = (outcome: Outcome) => ({ outcome, whole: true });
  switch (kind) {
    case 'fhir-json': return whole(await importJson(deps, path, onWritten));
    case 'fhir-ndjson': return importLines(deps, journal, path, sha256, stop);
    case 'cda': return whole(await importCda(deps, path, sha256));
    case 'dicomdir': return whole(nothing); // an index of the files beside it, which are taken themselves
    default: return whole(refused(path, 'file', 'It is none of FHIR JSON, NDJSON, DICOM or C-CDA.'));
  }
}

async function importJson(deps: ImportDeps, path: string, onWritten: (n: number) => void): Promise<Outcome> {
  if ((await stat(path)).size > mostJsonBytes) return refused(path, 'file', `It is larger than ${mostJsonBytes >> 20} MiB; NDJSON has no such limit.`);
  try {
    const { incoming, outcome } = resourcesOf(parseLossless(await readFile(path, 'utf8')), path);
    return joined(outcome, await writeResources(deps, incoming, onWritten));
  } catch (error) {
    if (error instanceof BedsideError && error.code === 'json') return refused(path, 'file', error.message);
    throw error;
  }
}

/** A line a resource; goes on after the last line that is known to be in. */
async function importLines(deps: ImportDeps, journal: Journal, path: string, sha256: string, stop: Stop): Promise<{ outcome: Outcome; whole: boolean }> {
  const done = await journal.linesDone(sha256);
  const outcomes: Outcome[] = [];
  let waiting: Incoming[] = [];
  let line = 0;
  const write = async (): Promise<void> => {
    outcomes.push(await writeResources(deps, waiting));
    waiting = [];
    await journal.linesAre(sha256, 'fhir-ndjson', line);
  };
  for await (const text of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    line += 1;
    if (line <= done || text.trim() === '') continue;
    if (stop.aborted) {
      line -= 1;
      break;
    }
    const where = `${path}:${line}`;
    if (text.length > mostLineBytes) outcomes.push(refused(where, 'line', `It is longer than ${mostLineBytes >> 20} MiB.`));
    else {
      try {
        const { incoming, outcome } = resourcesOf(parseLossless(text), where);
        waiting.push(...incoming);
        outcomes.push(outcome);
      } catch (error) {
        if (!(error instanceof BedsideError) || error.code !== 'json') throw error;
        outcomes.push(refused(where, 'line', error.message));
      }
    }
    if (waiting.length >= batchSize) await write();
  }
  await write();
  return { outcome: joined(...outcomes), whole: !stop.aborted };
}

/** One delivery to the image repository: its files are shown, and journalled, together. */
async function importImages(deps: ImportDeps, journal: Journal, files: readonly { path: string; sha256: string }[]): Promise<Outcome> {
  const session = deps.images.openSession(deps.ctx, deps.ctx.actor.institution === undefined ? {} : { owner: deps.ctx.actor.institution });
  const outcomes: Outcome[] = [];
  const given: { path: string; sha256: string }[] = [];
  for (const file of files) {
    const refusal = await session.add(createReadStream(file.path));
    if (refusal) outcomes.push(refused(file.path, 'DICOM', refusal.error.message));
    else given.push(file);
  }
  const known = outcomes.length;
  const { stored, refused: all } = await session.finish();
  const late = all.slice(known);
  outcomes.push(...stored.map(() => took('DICOM object')), ...late.map((r) => refused(r.ids ? `object ${r.ids.sop}` : 'a DICOM object', 'DICOM', r.error.message)));
  if (late.length === 0) for (const { sha256 } of given) await journal.done(sha256, 'dicom');
  return joined(...outcomes);
}
