import type { Random } from './random.js';
import { type HttpReply, type Reply, failure, json, rateLimited, text, unauthenticated } from './replies.js';

export const faultKinds = [
  'status-500',
  'status-502-html',
  'status-503',
  'status-429-rule',
  'status-429-semaphore',
  'commit-then-drop',
  'drop',
  'commit-then-500',
  'html-200',
  'truncated-json',
  'malformed-200',
  'error-beside-result',
  'empty-202',
  'hang',
  'unauthorized',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  /** Both must fit; without them every request does. `path` is a regular expression over the path, or path and query as sent. */
  readonly match?: { readonly method?: string; readonly path?: string };
  readonly kind: FaultKind;
  /** How often it strikes; without it, always. */
  readonly times?: number;
  /** How many matching requests pass before the first strike. */
  readonly after?: number;
  /** 0 to 1, by the simulator's seed. */
  readonly probability?: number;
  /** Another HTTP status for the kinds that answer with one. */
  readonly status?: number;
  /** Seconds, sent as Retry-After. */
  readonly retryAfter?: number;
  /** `truncated-json`: after how many bytes the body ends (default: half of it). */
  readonly bytes?: number;
}

export interface FaultCount extends Fault {
  readonly seen: number;
  readonly struck: number;
}

export interface Faults {
  add(faults: readonly Fault[]): void;
  clear(): void;
  all(): readonly FaultCount[];
  /** The fault that strikes this request, if any. */
  pick(method: string, path: string, search: string): Fault | undefined;
}

export function createFaults(random: Random): Faults {
  let faults: FaultCount[] = [];
  return {
    add: (more) => void faults.push(...more.map((fault) => ({ ...fault, seen: 0, struck: 0 }))),
    clear: () => void (faults = []),
    all: () => faults,
    pick(method, path, search) {
      let chosen: Fault | undefined;
      faults = faults.map((fault) => {
        if (chosen || !fits(fault, method, path, search)) return fault;
        const seen = fault.seen + 1;
        const due = seen > (fault.after ?? 0) && fault.struck < (fault.times ?? Infinity);
        if (!due || random.next() >= (fault.probability ?? 1)) return { ...fault, seen };
        chosen = fault;
        return { ...fault, seen, struck: fault.struck + 1 };
      });
      return chosen;
    },
  };
}

function fits({ match }: Fault, method: string, path: string, search: string): boolean {
  if (match?.method !== undefined && match.method.toUpperCase() !== method) return false;
  if (match?.path === undefined) return true;
  const pattern = new RegExp(match.path);
  return pattern.test(path) || pattern.test(path + search);
}

const cancelled = 'Transaction cancelled: maximum execution time exceeded';
const debugHint = `${cancelled} Check logs for error trace or enable glide.rest.debug property to verify REST request processing`;
const html = { 'Content-Type': 'text/html' } as const;

/** What the fault answers with. `carryOut` does what was asked; the kinds that fail before it never call it. */
export function applyFault(fault: Fault, nowMs: number, ruleId: string, carryOut: () => Reply): Reply {
  const retryAfter: Record<string, string> = fault.retryAfter === undefined ? {} : { 'Retry-After': String(fault.retryAfter) };
  switch (fault.kind) {
    case 'status-500':
      return failure(fault.status ?? 500, cancelled, debugHint, retryAfter);
    case 'status-502-html':
      return text(fault.status ?? 502, badGateway, { ...html, ...retryAfter });
    case 'status-503':
      return text(fault.status ?? 503, '<html><head><title>503 Service Unavailable</title></head><body></body></html>', {
        ...html,
        ...retryAfter,
      });
    case 'status-429-rule': {
      const retryAfterSeconds = fault.retryAfter ?? 3600;
      return rateLimited({
        limit: 10,
        per: 'hour',
        retryAfterSeconds,
        resetUnixSeconds: Math.floor(nowMs / 1000) + retryAfterSeconds,
        ruleId,
      });
    }
    case 'status-429-semaphore':
      return text(429, '', { 'Content-Type': 'text/html' });
    case 'drop':
      return { kind: 'drop' };
    case 'hang':
      return { kind: 'hang' };
    case 'empty-202':
      return text(202, '');
    case 'html-200':
      return text(fault.status ?? 200, hibernation, { 'Content-Type': 'text/html;charset=UTF-8' });
    case 'unauthorized':
      return unauthenticated();
    case 'commit-then-drop':
      carryOut();
      return { kind: 'drop' };
    case 'commit-then-500':
      carryOut();
      return failure(fault.status ?? 500, cancelled, debugHint, retryAfter);
    case 'truncated-json':
    case 'malformed-200':
    case 'error-beside-result': {
      const reply = carryOut();
      return reply.kind === 'http' ? spoil(fault, reply) : reply;
    }
  }
}

function spoil(fault: Fault, reply: HttpReply): HttpReply {
  if (fault.kind === 'truncated-json') return { ...reply, body: reply.body.slice(0, fault.bytes ?? Math.floor(reply.body.length / 2)) };
  const result = (JSON.parse(reply.body || '{"result":[]}') as { result?: unknown }).result ?? [];
  const kept = Array.isArray(result) ? result.slice(0, Math.floor(result.length / 2)) : result;
  if (fault.kind === 'error-beside-result')
    return json(200, { result: kept, error: { detail: debugHint, message: cancelled }, status: 'failure' }, reply.headers);
  const rows = JSON.stringify(kept).replace(/]$/, '""]');
  const error = JSON.stringify({ detail: `${cancelled}. Check logs for error trace.`, message: cancelled });
  const broken = rows.endsWith('""]') ? rows : `${rows}""`;
  return { ...reply, status: 200, body: `{"result":${broken},"error":${error},"status":"failure"}` };
}

const badGateway =
  '<html>\n<head><title>502 Bad Gateway</title></head>\n<body>\n<center><h1>502 Bad Gateway</h1></center>\n<hr><center>nginx/1.18.0 (Ubuntu)</center>\n</body>\n</html>';
const hibernation =
  '<html><head><title>Instance Hibernating page</title></head><body><div class="instance-hibernating-page"><div class="resting-image"></div>' +
  '<h1>Your instance is hibernating</h1></div></body></html>';
