import { EventEmitter, once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { page, type Answer } from './api/answers.ts';
import { Cache } from './api/cache.ts';
import { Cursors } from './api/cursors.ts';
import { readRequest, readText, type AisRequest } from './api/request.ts';
import { answerCall, tableOf } from './api/router.ts';
import { answerInstead, spoilAnswer } from './api/spoil.ts';
import { forgetCalls, noteCall } from './calls.ts';
import { serverCertificate } from './certificates.ts';
import { actionsOf, type Actions } from './actions.ts';
import { answerControl, type ControlParts } from './control.ts';
import { Database, StateFile } from './data/index.ts';
import { FaultBox, type Fault } from './faults.ts';
import { JdeClock } from './jde-clock.ts';
import { Person } from './person.ts';
import { restart, restartWith } from './restart.ts';
import type { CallCounter, LoggedCall, SimParts } from './parts.ts';
import { seedTables, type SeedSizes } from './seed/index.ts';
import { Sessions, type Session } from './sessions.ts';
import { defaultSite, type Site } from './site.ts';

export interface JdeSimOptions {
  /** 0 takes a free one. */
  port?: number;
  /** Plain HTTP, as some sites have it inside; default HTTPS by a private authority. */
  isPlainHttp?: boolean;
  /** Default: 2,000 suppliers, 300 orders, 800 accounts. */
  seed?: SeedSizes;
  /** Keeps certificate and authority from start to start, so that callers can go on trusting it. */
  certificateFile?: string;
  /** What differs from an ordinary site; can be changed in `site` later. */
  site?: Partial<Site>;
  /** Changes are kept here from start to start; sizes and seed have to be the same then. */
  stateFile?: string;
  /** Time of the server; default the machine's clock, at UTC-05:00. */
  clock?: { now?: () => number; zoneMinutes?: number };
}

/** A running simulated AIS server on loopback; disposing cuts all connections. */
export interface JdeSim extends AsyncDisposable {
  readonly port: number;
  /** `https://localhost:<port>` */
  readonly origin: string;
  /** With `/jderest`, without a slash at the end. */
  readonly baseUrl: string;
  /** The authority to trust; '' for plain HTTP. */
  readonly caPem: string;
  readonly credentials: { user: string; password: string; environment: string; role: string };
  /** Switches of the site; changes take effect at once. */
  readonly site: Site;
  readonly clock: JdeClock;
  readonly database: Database;
  readonly faults: FaultBox;
  /** Changes rows as somebody with a screen does. */
  readonly person: Person;
  /** What happens in a company in one word: an order added, a line cancelled, a supplier purged. */
  readonly actions: Actions;
  /** Answers so far, by `POST /v2/dataservice 200`. */
  calls(): CallCounter;
  /** The last 1,000 calls with their bodies. */
  log(): readonly LoggedCall[];
  forgetCalls(): void;
  /** Tokens that are open now. */
  sessions(): Session[];
  /** Good and refused logons, and tokens given back, since the start. */
  logons(): { logons: number; refused: number; logouts: number };
  expireTokens(): void;
  /** The HTML server forgets its sessions; tokens stay valid, but data requests answer `site.deadHtmlSessionStatus` until a new logon. */
  expireHtmlSessions(): void;
  expireCursors(): void;
  lockUser(): void;
  unlockUser(): void;
  /** All tokens, cursors and cached answers die. With `downMs` everything answers 503 for that long. */
  restart(options?: { downMs?: number }): void;
  /** Everything answers 503 until `bringUp`; tokens, cursors and cached answers die. */
  takeDown(): void;
  bringUp(): void;
  /** Resolves as soon as the condition holds; it is looked at after every call. */
  until(condition: () => boolean): Promise<void>;
}

export async function startJde(options: JdeSimOptions = {}): Promise<JdeSim> {
  const site: Site = structuredClone({ ...defaultSite, ...options.site });
  const { now, zoneMinutes } = options.clock ?? {};
  const clock = new JdeClock({ ...(now ? { base: now } : {}), ...(zoneMinutes === undefined ? {} : { zoneMinutes }) });
  const stateFile = options.stateFile === undefined ? undefined : new StateFile(options.stateFile, clock.today());
  const parts: SimParts = {
    site,
    clock,
    database: new Database(seedTables({ ...options.seed, today: stateFile?.seededOn ?? clock.today() }), stateFile),
    sessions: new Sessions(site, clock),
    cursors: new Cursors(site, clock),
    cache: new Cache(site, clock),
    faults: new FaultBox(),
    calls: {},
    log: [],
    isDown: false,
  };
  const person = new Person(parts);
  const actions = actionsOf(person);
  const events = new EventEmitter();
  events.setMaxListeners(0);
  const onRequest = (message: IncomingMessage, response: ServerResponse): void => {
    void handle({ parts, person, actions }, message, response).finally(() => events.emit('call'));
  };
  const certificate = options.isPlainHttp ? undefined : serverCertificate(options.certificateFile);
  const server = certificate ? createHttpsServer(certificate, onRequest) : createHttpServer(onRequest);
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const origin = certificate ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
  return {
    port,
    origin,
    baseUrl: `${origin}/jderest`,
    caPem: certificate?.caPem ?? '',
    credentials: { user: site.user.name, password: site.user.password, environment: site.environment, role: site.role },
    site,
    clock,
    database: parts.database,
    faults: parts.faults,
    person,
    actions,
    calls: () => ({ ...parts.calls }),
    log: () => parts.log,
    forgetCalls: () => forgetCalls(parts),
    sessions: () => parts.sessions.open(),
    logons: () => ({ ...parts.sessions.counts }),
    expireTokens: () => parts.sessions.expireAll(),
    expireHtmlSessions: () => parts.sessions.expireHtmlSessions(),
    expireCursors: () => parts.cursors.expireAll(),
    lockUser: () => parts.sessions.lock(site.user.name),
    unlockUser: () => parts.sessions.unlock(site.user.name),
    restart: ({ downMs } = {}) => restart(parts, downMs),
    takeDown: () => restartWith(parts, { isDown: true }),
    bringUp: () => void (parts.isDown = false),
    until: async (condition) => {
      while (!condition()) await once(events, 'call');
    },
    [Symbol.asyncDispose]: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function handle(control: ControlParts, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const { parts } = control;
  const url = new URL(message.url ?? '/', 'http://sim');
  try {
    const text = await readText(message);
    if (url.pathname.startsWith('/__control'))
      return send(response, answerControl(control, { method: message.method ?? 'GET', path: url.pathname, text }));
    if (!url.pathname.startsWith('/jderest')) return send(response, page(404, 'Not Found'));
    await answerAis(parts, readRequest(message, url, text), response);
  } catch {
    response.destroy(); // the caller went away while it was sending
  }
}

async function answerAis(parts: SimParts, request: AisRequest, response: ServerResponse): Promise<void> {
  const { faults, site } = parts;
  const fault = faults.take({ method: request.method, path: request.path, table: tableOf(request) });
  const waitMs = site.latencyMs + (fault?.kind === 'slow' ? (fault.ms ?? 1000) : 0);
  if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  const answer = answerWith(parts, request, fault);
  noteCall(parts, request, fault?.kind === 'cutMidBody' ? 'lost' : (answer?.status ?? 'lost'));
  if (!answer) response.destroy();
  else if (fault?.kind === 'cutMidBody') cutMidBody(response, answer);
  else send(response, answer);
}

/** Undefined means the connection is dropped instead. */
function answerWith(parts: SimParts, request: AisRequest, fault: Fault | undefined): Answer | undefined {
  if (parts.isDown) return page(503, 'Service Unavailable');
  if (fault?.kind === 'dropConnection') return undefined;
  const instead = fault && answerInstead(fault, parts.clock);
  if (instead) return instead;
  const answer = answerCall(parts, request);
  return fault ? spoilAnswer(fault, answer) : answer;
}

function send(response: ServerResponse, { status, body, contentType = 'application/json' }: Answer): void {
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

/** The header promises all of it, then the line breaks. */
function cutMidBody(response: ServerResponse, { status, body, contentType = 'application/json' }: Answer): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': bytes.length });
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
}
