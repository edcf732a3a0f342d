import { asFailure, Failure, type FailureDetails } from '../failure.js';
import { beginning, readBody } from './body.js';
import type { HttpAnswer, HttpOptions, HttpRequest } from './client.js';
import { retryAfterMs } from './retry-after.js';
import { safeText } from './safe-text.js';
import { judgeStatus } from './status-failure.js';
import type { WireAnswer } from './transport.js';

/** What must be known of a request to understand its answer. */
export interface Question {
  readonly request: HttpRequest;
  readonly readOnly: boolean;
  readonly system: string;
  /** `GET host/route`, for messages. */
  readonly where: string;
  readonly classify: HttpOptions['classify'];
  readonly redact: (text: string) => string;
  readonly now: () => number;
}

/** An answer as data. Throws the Failure that it means otherwise. `ms`: how long the exchange took. */
export function understand(question: Question, wire: WireAnswer, ms: number): HttpAnswer {
  const { request, redact } = question;
  const success = wire.status >= 200 && wire.status < 300;
  const accepted = success || request.accept?.includes(wire.status) === true;
  const body = wire.digest === undefined ? readBody(wire, request.items) : ({ kind: 'empty' } as const);
  const where = `${question.where} answered ${wire.status}${nameOf(requestId(wire.headers), redact)}`;

  if (accepted && body.kind === 'unusable')
    throw unreadable(question, wire, `${where}, and the answer ${safeText(body.why, 80, redact)}: ${safeText(body.text, 80, redact)}`);
  if (success && wire.digest === undefined && body.kind === 'empty' && !emptyIsFine(request, wire.status))
    throw unreadable(question, wire, `${where} without a body`);

  const remoteNow = remoteClock(wire.headers, ms);
  const answer: HttpAnswer = {
    status: wire.status,
    headers: wire.headers,
    body: body.kind === 'json' ? body.value : undefined,
    ...(body.kind === 'json' && body.items && { items: body.items }),
    ...(wire.digest && { digest: wire.digest }),
    ...(remoteNow !== undefined && { remoteNow }),
  };
  const special = ask(question, answer);
  if (special !== undefined) throw mended(question, wire, special);
  if (accepted) return answer;

  const { kind, committed, hint } = judgeStatus(wire.status, question.readOnly);
  const said = wire.status < 400 ? redirectHost(wire.headers) : safeText(beginning(wire), body.kind === 'json' ? 300 : 80, redact);
  throw new Failure(kind, said === '' ? where : `${where}: ${said}`, {
    ...detailsOf(question, wire),
    ...(!question.readOnly && { committed }),
    ...(hint !== undefined && { hint }),
  });
}

/** The id under which the remote's own support finds the request: ServiceNow, Jira, then what others use. */
export function requestId(headers: Readonly<Record<string, string>>): string | undefined {
  const name = ['x-transaction-id', 'atl-traceid', 'x-arequestid', 'x-request-id'].find((one) => headers[one] !== undefined);
  return name === undefined ? undefined : headers[name];
}

function nameOf(id: string | undefined, redact: (text: string) => string): string {
  return id === undefined ? '' : ` (request ${safeText(id, 64, redact)})`;
}

function emptyIsFine(request: HttpRequest, status: number): boolean {
  if (request.method === 'HEAD' || status === 204 || status === 205) return true;
  return request.mayBeEmpty === true && status !== 202; // ServiceNow drops a request with 202 and no body when its queue is full
}

function unreadable(question: Question, wire: WireAnswer, message: string): Failure {
  return new Failure('transient', message, {
    ...detailsOf(question, wire),
    ...(!question.readOnly && { committed: 'maybe' }),
    hint: 'the instance may be asleep, overloaded or behind a sign-on page; open its address in a browser',
  });
}

/** What the connector makes of an answer; its defect, when it throws. */
function ask(question: Question, answer: HttpAnswer): Failure | undefined {
  try {
    return question.classify?.(answer);
  } catch (error) {
    return asFailure(error);
  }
}

/** The connector's failure with what it left open, and without anything that it should not hold. */
function mended(question: Question, wire: WireAnswer, failure: Failure): Failure {
  const { cause: _cause, hint, ...details } = failure.details;
  const own = judgeStatus(wire.status, question.readOnly);
  const committed = wire.status < 400 ? 'maybe' : own.committed;
  return new Failure(failure.kind, question.redact(failure.message), {
    ...detailsOf(question, wire),
    ...(!question.readOnly && { committed }),
    ...details,
    ...(hint !== undefined && { hint: question.redact(hint) }),
  });
}

function detailsOf(question: Question, wire: WireAnswer): FailureDetails {
  const wait = retryAfterMs(wire.headers, question.now());
  return { system: question.system, status: wire.status, ...(wait !== undefined && { retryAfterMs: wait }) };
}

/** Only the host: the rest of a sign-on address carries tokens. */
function redirectHost(headers: Readonly<Record<string, string>>): string {
  const host = URL.parse(headers['location'] ?? '')?.host ?? '';
  return host === '' ? 'a redirect' : `a redirect to ${host}`;
}

/** The remote's clock when it received the request; the header has whole seconds, so this is never late. */
function remoteClock(headers: Readonly<Record<string, string>>, ms: number): string | undefined {
  const date = Date.parse(headers['date'] ?? '');
  return Number.isNaN(date) ? undefined : new Date(Math.floor((date - ms) / 1000) * 1000).toISOString();
}
