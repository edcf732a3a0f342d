import { type Answer, isRefusal, refusePayload, refuseWith } from './answer.js';
import { refuseUnauthorized } from './access.js';
import { readForm } from './form.js';
import { findDataCenterRoute } from './data-center/routes.js';
import { limited } from './faults.js';
import { behindGateway } from './oauth.js';
import { findRoute } from './routes.js';
import type { Call, Sim } from './sim.js';
import { signIn } from './sign-in.js';
import { findFile } from './store/shelf.js';
import type { Json } from './json.js';
import type { Person } from './world/types.js';

/** A request as it came in. */
export interface Incoming {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly text: string;
  /** The body as it came. */
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
  /** Credentials are taken for wrong, whatever they are and whatever the switches say. */
  readonly refused?: boolean;
}

export interface Outcome {
  readonly answer: Answer;
  readonly caller: Person | undefined;
  readonly body: Json | undefined;
}

const writes = new Set(['POST', 'PUT', 'DELETE']);

/** Answers one request of the REST API. Never throws: a refusal is an answer, a defect of the simulator is a 500 that says so. */
export function answerCall(sim: Sim, arrived: Incoming): Outcome {
  if (arrived.method === 'POST' && arrived.path === '/oauth/token')
    return { answer: sim.oauth.token(arrived.text, sim.clock.now()), caller: undefined, body: undefined };
  const below = behindGateway(arrived.path);
  const incoming = below === undefined ? arrived : { ...arrived, path: below };
  let caller: Person | undefined;
  let body: Json | undefined;
  try {
    if (incoming.refused === true) refuseUnauthorized(sim);
    const { path } = incoming;
    caller = signIn(sim, incoming.authorization, below !== undefined);
    const { handle, params } =
      sim.deployment === 'cloud' ? findRoute(incoming.method, incoming.path) : findDataCenterRoute(sim, incoming.method, incoming.path);
    const form = path.endsWith('/attachments') ? readForm(incoming.contentType, incoming.bytes) : undefined;
    body = form === undefined ? readJson(incoming) : undefined;
    const { method, query, contentType, headers } = incoming;
    const call: Call = { sim, method, path, params, query, body, contentType, headers, form, caller };
    const limit = burstLimit(call) ?? perIssueLimit(call);
    return { answer: limit ?? handle(call), caller, body };
  } catch (thrown) {
    if (isRefusal(thrown)) return { answer: thrown.answer, caller, body };
    const defect = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    return { answer: { status: 500, body: { errorMessages: [`simulator defect: ${defect}`], errors: {} } }, caller, body };
  }
}

function readJson(incoming: Incoming): Json | undefined {
  const hasBody = incoming.method === 'POST' || incoming.method === 'PUT';
  if (hasBody && incoming.contentType?.includes('json') !== true)
    refuseWith({ status: 415, body: { errorMessages: ['Unsupported Media Type'], errors: {} } });
  if (incoming.text === '') return undefined;
  try {
    return JSON.parse(incoming.text) as Json;
  } catch {
    return hasBody ? refusePayload() : undefined;
  }
}

/** The switch `requestsPerSecond`: fixed windows of one second; what is refused does not count. */
function burstLimit({ sim, method, path }: Call): Answer | undefined {
  const { requestsPerSecond } = sim.switches;
  if (requestsPerSecond === 0) return undefined;
  const now = sim.clock.now();
  const known = sim.windows.get(`${method} ${path}`);
  const window = known !== undefined && now - known.from < 1000 ? known : { from: now, count: 0 };
  if (window.count >= requestsPerSecond) return limited('burst', now, { retryAfter: 1 });
  sim.windows.set(`${method} ${path}`, { from: window.from, count: window.count + 1 });
  return undefined;
}

/** 20 writes in 2 s and 100 in 30 s on one issue, in virtual time; only where the switch is on. */
function perIssueLimit(call: Call): Answer | undefined {
  const { sim, method, path } = call;
  if (!sim.switches.perIssueWriteLimit || !writes.has(method) || !/^\/rest\/api\/[23]\/issue\//.test(path)) return undefined;
  const file = findFile(sim.shelf, call.params[0] ?? '');
  if (file === undefined) return undefined;
  const now = sim.clock.now();
  file.writes = file.writes.filter((at) => now - at < 30_000);
  const inTwoSeconds = file.writes.filter((at) => now - at < 2000).length;
  if (inTwoSeconds >= 20 || file.writes.length >= 100) return limited('per-issue', now, { retryAfter: inTwoSeconds >= 20 ? 2 : 30 });
  file.writes.push(now);
  return undefined;
}
