import type { Answer } from './answer.js';
import type { Random } from './random.js';

export const faultKinds = [
  'status-500',
  'status-502-html',
  'status-503',
  'status-429',
  'commit-then-drop',
  'commit-then-500',
  'commit-then-hang',
  'drop',
  'html-200',
  'truncated-json',
  'hang',
  'unauthorized',
  'anonymous',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Which of Jira's limits a 429 speaks of. */
export type LimitReason = 'burst' | 'quota-global' | 'quota-tenant' | 'per-issue';

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
  /** Seconds, sent as Retry-After. Without it there is no such header, as some sites answer. */
  readonly retryAfter?: number;
  /** `status-429` only. Default burst. */
  readonly reason?: LimitReason;
  /** `status-429` only: an HTML page instead of JSON. */
  readonly html?: boolean;
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
  /** The fault that strikes this request, if any. `target` is path and query as sent. */
  pick(method: string, path: string, target: string): Fault | undefined;
}

export function createFaults(random: Random): Faults {
  let faults: FaultCount[] = [];
  return {
    add: (more) => void faults.push(...more.map((fault) => ({ ...fault, seen: 0, struck: 0 }))),
    clear: () => void (faults = []),
    all: () => faults,
    pick: (method, path, target) => {
      let chosen: Fault | undefined;
      faults = faults.map((fault) => {
        if (chosen !== undefined || !fits(fault, method, path, target)) return fault;
        const seen = fault.seen + 1;
        const due = seen > (fault.after ?? 0) && fault.struck < (fault.times ?? Infinity);
        if (!due || random() >= (fault.probability ?? 1)) return { ...fault, seen };
        chosen = fault;
        return { ...fault, seen, struck: fault.struck + 1 };
      });
      return chosen;
    },
  };
}

function fits({ match }: Fault, method: string, path: string, target: string): boolean {
  if (match?.method !== undefined && match.method.toUpperCase() !== method) return false;
  if (match?.path === undefined) return true;
  const pattern = new RegExp(match.path);
  return pattern.test(path) || pattern.test(target);
}

/** What is wrong with a fault from outside, or undefined. */
export function faultProblem(fault: Fault): string | undefined {
  if (!faultKinds.includes(fault.kind)) return `no fault is called '${String(fault.kind)}'; there are: ${faultKinds.join(', ')}`;
  try {
    if (fault.match?.path !== undefined) new RegExp(fault.match.path);
  } catch {
    return `match.path '${fault.match?.path ?? ''}' is no regular expression`;
  }
  return undefined;
}

const html = 'text/html;charset=UTF-8';
const page = (title: string): string => `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;

/** The answer of a fault that has one; `answered` is what the request was really answered, for those that carry it out first. */
export function answerOf(fault: Fault, now: number, answered: Answer | undefined): Answer {
  const committed = answered?.committed === undefined ? {} : { committed: answered.committed };
  const retry: Readonly<Record<string, string>> = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
  switch (fault.kind) {
    case 'status-502-html':
      return { status: fault.status ?? 502, body: page('502 Bad Gateway'), headers: { 'content-type': html } };
    case 'status-503':
      return { status: fault.status ?? 503, body: { errorMessages: ['Service Unavailable'], errors: {} }, headers: retry };
    case 'status-429':
      return limited(fault.reason ?? 'burst', now, fault);
    case 'html-200':
      return { status: fault.status ?? 200, body: page('Log in with Atlassian account'), headers: { 'content-type': html } };
    default:
      return { status: fault.status ?? 500, body: { errorMessages: ['Internal server error'], errors: {} }, headers: retry, ...committed };
  }
}

const limits = {
  burst: { header: 'jira-burst-based', limit: 100 },
  'quota-global': { header: 'jira-quota-global-based', limit: 65_000 },
  'quota-tenant': { header: 'jira-quota-tenant-based', limit: 100_000 },
  'per-issue': { header: 'jira-per-issue-on-write', limit: 20 },
} as const;

/** A 429 with the headers that Atlassian documents. The body's wording is unverified. `retryAfter` in seconds. */
export function limited(reason: LimitReason, now: number, ask: { readonly retryAfter?: number; readonly html?: boolean } = {}): Answer {
  const { header, limit } = limits[reason];
  const isQuota = reason.startsWith('quota');
  const topOfHour = (Math.floor(now / 3_600_000) + 1) * 3_600_000;
  const reset = isQuota ? topOfHour : now + (ask.retryAfter ?? 1) * 1000;
  return {
    status: 429,
    body: ask.html === true ? page('429 Too Many Requests') : { errorMessages: ['Rate limit exceeded'], errors: {} },
    headers: {
      ...(ask.html === true && { 'content-type': html }),
      ...(ask.retryAfter !== undefined && { 'retry-after': String(ask.retryAfter) }),
      'ratelimit-reason': header,
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': new Date(reset).toISOString(),
      ...(isQuota && { 'x-ratelimit-nearlimit': 'true' }),
    },
  };
}
