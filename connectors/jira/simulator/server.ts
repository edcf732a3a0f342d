import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer } from './answer.js';
import { type Incoming, type Outcome, answerCall } from './answer-call.js';
import { createClock } from './clock.js';
import { type ControlScope, answerControl } from './control/answer-control.js';
import { dataCenterHeaders } from './data-center/headers.js';
import { usernameOf } from './data-center/user.js';
import { dataCenterWorld } from './data-center/world.js';
import { type Fault, answerOf, createFaults } from './faults.js';
import { createJournal } from './journal.js';
import { createOAuth } from './oauth.js';
import { createRandom, hex } from './random.js';
import type { Sim } from './sim.js';
import { createSearchIndex } from './store/search-index.js';
import { createShelf } from './store/shelf.js';
import { defaultSwitches } from './switches.js';
import { defaultWorld } from './world/default-world.js';
import type { Person } from './world/types.js';

export interface JiraSimulatorOptions {
  /** Loopback port; 0 or none = any free one. */
  readonly port?: number;
  /** Of everything random. Default 1. */
  readonly seed?: number;
  /** ISO 8601. Given: the clock starts there, frozen. Not given: it is the machine's time, running. */
  readonly now?: string;
  /** Default cloud. */
  readonly deployment?: 'cloud' | 'data-center';
}

export interface JiraSimulator {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a Jira Cloud site on loopback. It holds the default world and no issues; see README.md for accounts and controls. */
export async function startJiraSimulator(options: JiraSimulatorOptions = {}): Promise<JiraSimulator> {
  const scope = createScope(options);
  const server = createServer((request, response) => {
    serve(scope, request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  scope.sim.baseUrl = url;
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function createScope(options: JiraSimulatorOptions): ControlScope {
  const seed = options.seed ?? 1;
  const machine = (): number => Date.now();
  const start = options.now === undefined ? machine() : Date.parse(options.now);
  if (Number.isNaN(start)) throw new Error(`now '${options.now ?? ''}' is no ISO 8601 instant`);
  const { deployment = 'cloud' } = options;
  const sim: Sim = {
    deployment,
    world: deployment === 'cloud' ? defaultWorld() : dataCenterWorld(),
    shelf: createShelf(),
    index: createSearchIndex(),
    clock: createClock(start, options.now === undefined ? 1 : 0, machine),
    switches: defaultSwitches(),
    random: { lag: createRandom(seed, 'lag'), search: createRandom(seed, 'search'), trace: createRandom(seed, 'trace') },
    oauth: createOAuth(() => sim.world.people),
    snapshots: new Map(),
    windows: new Map(),
    baseUrl: '',
  };
  return { sim, journal: createJournal(), faults: createFaults(createRandom(seed, 'faults')) };
}

async function serve(scope: ControlScope, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const target = request.url ?? '/';
  const body = await readBytes(request);
  const { pathname, searchParams } = new URL(target, 'http://simulator');
  const incoming: Incoming = {
    method: request.method ?? 'GET',
    path: pathname,
    query: searchParams,
    text: body.toString(),
    bytes: body,
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
    contentType: request.headers['content-type'],
    authorization: request.headers.authorization,
  };
  if (pathname.startsWith('/_sim/')) return send(scope.sim, response, answerControl(scope, incoming), {});
  const fault = scope.faults.pick(incoming.method, pathname, target);
  const outcome = carryOut(scope.sim, incoming, fault);
  const silent = fault !== undefined && isSilent(fault);
  const replaced = fault !== undefined && isReplaced(fault);
  const answer = replaced ? answerOf(fault, scope.sim.clock.now(), outcome?.answer) : outcome?.answer;
  note(scope, incoming, outcome, silent || answer === undefined ? 0 : answer.status, fault);
  if (fault?.kind === 'hang' || fault?.kind === 'commit-then-hang') return;
  if (silent || answer === undefined) return void request.socket.destroy();
  send(scope.sim, response, answer, {
    ...(fault?.kind === 'truncated-json' && { cut: fault }),
    ...(outcome?.caller !== undefined && { account: outcome.caller }),
  });
}

const before: readonly string[] = ['drop', 'hang', 'status-500', 'status-502-html', 'status-503', 'status-429', 'html-200'];
const replacing: readonly string[] = ['status-500', 'status-502-html', 'status-503', 'status-429', 'html-200', 'commit-then-500'];

/** What the request does; undefined where the fault strikes before it does anything. */
function carryOut(sim: Sim, incoming: Incoming, fault: Fault | undefined): Outcome | undefined {
  if (fault !== undefined && before.includes(fault.kind)) return undefined;
  if (fault?.kind === 'unauthorized') return answerCall(sim, { ...incoming, refused: true });
  if (fault?.kind === 'anonymous') return answerCall(sim, { ...incoming, authorization: undefined });
  return answerCall(sim, incoming);
}

function isSilent(fault: Fault): boolean {
  return ['drop', 'hang', 'commit-then-drop', 'commit-then-hang'].includes(fault.kind);
}

function isReplaced(fault: Fault): boolean {
  return replacing.includes(fault.kind);
}

function note(scope: ControlScope, incoming: Incoming, outcome: Outcome | undefined, status: number, fault: Fault | undefined): void {
  const committed = outcome?.answer.committed;
  scope.journal.add({
    at: new Date(scope.sim.clock.now()).toISOString(),
    method: incoming.method,
    path: incoming.path,
    query: incoming.query.toString(),
    body: outcome === undefined ? parseQuietly(incoming.text) : outcome.body,
    account: outcome?.caller?.accountId ?? 'anonymous',
    status,
    ...(fault !== undefined && { fault: fault.kind }),
    ...(committed !== undefined && { committed }),
  });
}

function parseQuietly(text: string): Outcome['body'] {
  try {
    return text === '' ? undefined : (JSON.parse(text) as Outcome['body']);
  } catch {
    return undefined;
  }
}

/** How an answer leaves the site. */
interface Manner {
  /** Cut off in its middle. */
  readonly cut?: Fault;
  /** For whom it was made; nobody for an anonymous caller. */
  readonly account?: Person;
}

/** Writes an answer with the headers that every recorded one has. */
function send(sim: Sim, response: ServerResponse, answer: Answer, { cut, account }: Manner): void {
  const trace = hex(sim.random.trace, 32);
  const bytes =
    answer.bytes ??
    (answer.body === undefined ? undefined : Buffer.from(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)));
  response.sendDate = false;
  const cloud: Record<string, string> = {
    'content-type': 'application/json;charset=UTF-8',
    date: new Date(sim.clock.now() + sim.switches.dateSkewMs).toUTCString(),
    server: 'AtlassianEdge',
    'cache-control': 'no-cache, no-store, no-transform',
    'x-arequestid': hex(sim.random.trace, 32),
    'atl-traceid': trace,
    'atl-request-id': trace.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    'x-ratelimit-limit': '100',
    'x-ratelimit-remaining': '99',
    ...(sim.switches.accountHeader && accountHeader(sim, account)),
    ...answer.headers,
  };
  const headers = sim.deployment === 'cloud' ? cloud : dataCenterHeaders(cloud, sim.switches.rateIntervalSeconds);
  if (bytes === undefined) delete headers['content-type'];
  response.writeHead(answer.status, { ...headers, ...(answer.status !== 204 && { 'content-length': String(bytes?.length ?? 0) }) });
  if (cut === undefined || bytes === undefined) return void response.end(bytes);
  response.write(bytes.subarray(0, cut.bytes ?? Math.floor(bytes.length / 2)), () => response.destroy());
}

/** Cloud names the account, and nobody; Data Center the user, or `anonymous`. */
function accountHeader(sim: Sim, account: Person | undefined): Readonly<Record<string, string>> {
  if (sim.deployment === 'data-center')
    return { 'x-ausername': account === undefined ? 'anonymous' : encodeURIComponent(usernameOf(account)) };
  return account === undefined ? {} : { 'x-aaccountid': encodeURIComponent(account.accountId) };
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
