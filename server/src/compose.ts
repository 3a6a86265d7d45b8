import { join } from 'node:path';
import Fastify, { LogController, type FastifyInstance } from 'fastify';
import websocket from '@fastify/websocket';
import { newId, type Settings } from './kernel/index.ts';
import { processMigrations, processOperations, type ProcessEngine } from './application/process/index.ts';
import { caseBoards, caseRooms, ticketMigrations } from './application/process/session/index.ts';
import { mailMigrations } from './application/process/notification/index.ts';
import { statisticsOperation } from './application/process/statistics/index.ts';
import { registerDicomweb } from './exchange/dicomweb/index.ts';
import { bindingTokenOperation, registerFhir, registerSubscriptions } from './exchange/fhir/index.ts';
import { drainRefused, problemErrors, securityHeaders, serverLimits } from './exchange/http/index.ts';
import { registerUpload, uploadMigrations } from './exchange/upload/index.ts';
import { MediaPool, registerRoom } from './media/index.ts';
import { registerWhiteboard, whiteboardMigrations } from './media/whiteboard/index.ts';
import { serveBinary } from './resource/document/receive/index.ts';
import { createFhirRepository, fhirMigrations, type OpenFhirRepository } from './resource/fhir/index.ts';
import { createImageRepository, imageMigrations, type ImageRepository } from './resource/image/index.ts';
import { registerAuthentication, securityMigrations, type Authentication } from './security/authentication/index.ts';
import { registerCertificates } from './security/certificates/index.ts';
import { registerVerification, signatureMigrations } from './security/signature/index.ts';
import { accountOperations } from './security/authorization/index.ts';
import { keepTls } from './security/tls/index.ts';
import { definitions, openProcess } from './compose/case-services.ts';
import { jobHandlers } from './compose/notifications.ts';
import { publicUrl } from './compose/address.ts';
import { demonstrationAccounts, isDemonstration, settleDemonstration } from './compose/demonstration.ts';
import { openFoundation, type Foundation, type Log } from './compose/foundation.ts';
import { registerHealth } from './compose/health.ts';
import { reportServices } from './compose/report-services.ts';
import { ownerOf } from './compose/owner.ts';
import { expelSuspended, seatHolders } from './compose/seats.ts';
import { measureIdOf, seedDefinitions } from './compose/seed.ts';
import { isRevoked, startUpkeep } from './compose/upkeep.ts';
import { securityAudit } from './compose/security-audit.ts';
import { serveWeb } from './compose/web.ts';

export interface Bedside {
  readonly url: string;
  readonly demonstration: boolean;
  readonly foundation: Foundation;
  readonly repository: OpenFhirRepository;
  readonly images: ImageRepository;
  readonly authentication: Authentication;
  readonly engine: ProcessEngine;
  readonly app: FastifyInstance;
  close(): Promise<void>;
}

export interface ComposeOptions {
  readonly settings: Settings;
  readonly log: Log;
  readonly version: string;
  /** Built front end; none for a server of interfaces only. */
  readonly web: string;
  /** True when BEDSIDE_DATA was given and not its default. */
  readonly chosenFolder: boolean;
  /** Told of every route that will be served, before listening. */
  readonly onRoute?: (route: { readonly method: string | readonly string[]; readonly url: string }) => void;
}

const migrations = [...fhirMigrations, ...securityMigrations, ...imageMigrations, ...uploadMigrations, ...signatureMigrations, ...whiteboardMigrations, ...processMigrations, ...ticketMigrations, ...mailMigrations];

/** The one place where the parts meet. Opens everything, listens, and hands back what ends it again, in reverse order. */
export async function composeBedside(options: ComposeOptions): Promise<Bedside> {
  const { settings, log } = options;
  const foundation = await openFoundation(settings, log, migrations, options.chosenFolder);
  const { db, clock, blobs, wrapper } = foundation;
  const ends: (() => Promise<unknown> | void)[] = [() => foundation.close()];
  const close = async (): Promise<void> => {
    for (const end of ends.splice(0).toReversed()) await end();
  };
  try {
    const demonstration = await isDemonstration(foundation);
    const tls = await keepTls({ settings, folder: join(settings.BEDSIDE_DATA, 'certificates', 'tls'), authority: foundation.authority, keys: wrapper, clock, onFault: (error) => { log.error({ err: error }, 'certificate'); } });
    const url = publicUrl(settings, tls !== undefined);
    const repository = createFhirRepository({ db, clock, baseUrl: () => `${url}/fhir` });
    ends.push(() => repository.close());
    await repository.upkeep();
    const images = createImageRepository({ db, blobs, fhir: repository, clock });

    const app = Fastify({ ...serverLimits, loggerInstance: log as never, logController: new LogController({ disableRequestLogging: true }), ...(tls ? { https: { cert: tls.material.cert, key: tls.material.key } } : {}) } as never) as unknown as FastifyInstance;
    ends.push(() => app.close());
    if (options.onRoute) app.addHook('onRoute', options.onRoute as never);
    if (tls) tls.serve(app.server as never);
    securityHeaders(app, { tls: tls !== undefined });
    problemErrors(app);
    drainRefused(app);
    await app.register(websocket, { options: { maxPayload: 1_048_576 } });
    let isOpen = false;
    registerHealth(app, db, () => isOpen);

    const authentication = await registerAuthentication(app, { db, clock, url, wrapper, audit: securityAudit(repository, clock), demonstration, demonstrationAccounts, ownerOf: (reference) => ownerOf(db, reference) });
    ends.push(() => authentication.close());
    ends.push(startUpkeep(foundation, { repository, images, authentication }));
    app.addHook('onRequest', authentication.authenticate);

    const reports = reportServices(foundation, { proofs: authentication.proofs, url, isDemonstration: () => demonstration });
    ends.push(() => reports.close());
    const engine = openProcess(foundation, { repository, links: authentication.links, report: reports.preparations });
    await settleDemonstration(foundation, { repository, images, authentication, demonstration });
    await seedDefinitions(repository, definitions, clock);
    await registerSubscriptions(app, { repository, isRevoked: ({ actor }) => isRevoked(foundation, actor), onFault: (error) => { log.error({ err: error }, 'subscriptions'); } });
    await registerFhir(app, {
      repository, version: options.version, demonstration, baseUrl: () => `${url}/fhir`,
      operations: [bindingTokenOperation(repository, () => `${url.replace(/^http/, 'ws')}/fhir/ws`), ...processOperations(engine), ...accountOperations(authentication.accounts, authentication.institutions), statisticsOperation(db, (id) => definitions.find((d) => measureIdOf(d.code) === id)?.code)],
      serveBinary: (ctx, id, request) => serveBinary({ blobs, fhir: repository }, ctx, id, request),
      oauth: () => ({ authorize: `${url}/oauth/auth`, token: `${url}/oauth/token` }),
    });
    await registerDicomweb(app, { images, maxInstanceBytes: settings.UPLOAD_LIMIT_MB * 1_048_576, root: `${url}/dicomweb` });
    await registerUpload(app, { db, fhir: repository, blobs, wrapper, folder: join(settings.BEDSIDE_DATA, 'uploads'), limitBytes: settings.UPLOAD_LIMIT_MB * 1_048_576, onFault: (error) => { log.error({ err: error }, 'uploads'); } });

    const media = new MediaPool({ processes: settings.MEDIA_PROCESSES, address: settings.MEDIA_ADDRESS || settings.HOST });
    ends.push(() => media.close());
    const mayCome = seatHolders(db);
    const admission = caseRooms({ db, repository, engine, clock, newId, mayCome, onFault: (error, caseId) => { log.error({ err: error, caseId }, 'room'); } });
    const rooms = await registerRoom(app, { media, clock, admission });
    ends.push(() => rooms.close());
    const boards = caseBoards({ db, blobs, repository, engine, clock, newId, mayCome });
    const whiteboard = await registerWhiteboard(app, { db, ...boards, onFault: (error) => { log.error({ err: error }, 'whiteboard'); } });
    ends.push(() => whiteboard.close());
    ends.push(expelSuspended({ authentication, holds: mayCome, places: [{ expel: rooms.expel, seated: admission.seated }, { expel: whiteboard.expel, seated: boards.seated }], onFault: (error) => { log.error({ err: error }, 'suspension'); } }));
    registerVerification(app, { db });
    registerCertificates(app, { authority: foundation.authority });
    await serveWeb(app, options.web);

    await foundation.jobs.start(jobHandlers(foundation, { repository, engine, url }));
    await app.listen({ port: settings.PORT, host: settings.HOST });
    isOpen = true;
    return { url, demonstration, foundation, repository, images, authentication, engine, app, close };
  } catch (error) {
    await close();
    throw error;
  }
}
