import { setImmediate } from 'node:timers/promises';
import pRetry from 'p-retry';
import { asFailure, Failure, type FailureDetails, isFailure } from '../failure.js';
import { addressWithin, parseBase } from './address.js';
import type { HttpAnswer, HttpClient, HttpOptions, HttpRequest } from './client.js';
import { type Deadline, orAborted, startDeadline, wait } from './deadline.js';
import { createGate, type Gate } from './gate.js';
import { refuseUnverifiedTls } from './environment.js';
import { createNamedRests } from './named-rests.js';
import { limitsOneRecord } from './pause.js';
import { redactor } from './redact.js';
import { backoffMs, retryAfterMs } from './retry-after.js';
import { createRest, type Rest } from './rest.js';
import { createRetryBudget, type RetryBudget } from './retry-budget.js';
import { safeText } from './safe-text.js';
import { createTransport, type WireAnswer } from './transport.js';
import { transportFailure } from './transport-failure.js';
import { requestId, understand } from './understand.js';
import type { HttpWiring } from './wiring.js';

/** One call of `request`, from its first attempt to its last. */
interface Call {
  readonly request: HttpRequest;
  readonly url: string;
  readonly readOnly: boolean;
  readonly idempotent: boolean;
  /** `GET host/route`: what messages call it. */
  readonly where: string;
  readonly deadline: Deadline;
  attempts: number;
  /** The credentials were renewed after a 401; that is done once. */
  renewed: boolean;
  /** Ends the time in which others wait for what a 401 means. */
  judged: () => void;
  /** Some attempt may have been carried out: what later ones prove does not undo that. */
  inDoubt: boolean;
  /** Takes out what `authorize` has brought. */
  redact: (text: string) => string;
}

/**
 * The clients of one system. They share the retry budget and the gate: a remote that is down is not stormed, however many streams read it.
 * Every request ends within its deadline, as an answer that is data or as a Failure that says what happens next, and holds no credential.
 * Fails with `config` in an environment that switches the verification of certificates off.
 */
export function createHttp(wiring: HttpWiring): (options: HttpOptions) => HttpClient {
  const gate = createGate();
  const budget = createRetryBudget();
  const rests = new Map<string, Rest>();
  refuseUnverifiedTls();
  return (options) => {
    const rest = (options.account === undefined ? undefined : rests.get(options.account)) ?? createRest(() => (wiring.clock ?? Date).now());
    if (options.account !== undefined) rests.set(options.account, rest);
    return createClient(wiring, options, { gate, budget, rest });
  };
}

/** What clients share: gate and budget those of a system, the rest those of an account. */
interface Shared {
  readonly gate: Gate;
  readonly budget: RetryBudget;
  readonly rest: Rest;
}

function createClient(wiring: HttpWiring, options: HttpOptions, { gate, budget, rest }: Shared): HttpClient {
  const { system, log, random = Math.random, clock = Date, retries = { most: 4, firstMs: 500 } } = wiring;
  const { concurrency = 2, deadlineMs = 120_000, attemptMs = 75_000, maxBytes = 64 * 1024 * 1024 } = options;
  const base = parseBase(options.baseUrl);
  const parts = createNamedRests(() => clock.now());
  const restsOf = (call: Call): readonly Rest[] => [rest, ...parts.of(call.request.limits ?? [])];
  const remainingMs = (call: Call): number => Math.max(...restsOf(call).map((one) => one.remainingMs()));
  const transport = createTransport(base, maxBytes, options);

  async function request(request: HttpRequest): Promise<HttpAnswer> {
    const readOnly = request.readOnly ?? (request.method === 'GET' || request.method === 'HEAD');
    const call: Call = {
      request,
      url: addressWithin(base, request.path, request.query),
      readOnly,
      idempotent: request.idempotent ?? (readOnly || request.method === 'PUT' || request.method === 'DELETE'),
      where: `${request.method} ${base.host}${request.route}`,
      deadline: startDeadline(deadlineMs, [wiring.signal, request.signal]),
      attempts: 0,
      renewed: false,
      judged: () => {},
      inDoubt: false,
      redact: wiring.redact,
    };
    budget.earn();
    try {
      const answer = await pRetry(() => attempt(call), {
        retries: retries.most,
        minTimeout: 0,
        shouldRetry: ({ error, retriesConsumed }) => comesBack(call, error, retriesConsumed + 1),
      });
      // To parse an answer may have taken as long as health may wait; what the caller does with it comes in a turn of its own.
      await setImmediate();
      return answer;
    } catch (error) {
      throw conclude(call, error);
    } finally {
      call.deadline.end();
    }
  }

  async function attempt(call: Call): Promise<HttpAnswer> {
    await respectRest(call);
    const headers = await authorize(call, false);
    call.attempts += 1;
    const first = await exchange(call, headers);
    if (first.wire.status !== 401 || call.renewed) return settle(call, first);
    call.renewed = true;
    try {
      const renewed = await authorize(call, true, headers);
      // The same credentials once more would be refused once more, and count towards locking the account.
      if (sameHeaders(headers, renewed)) return settle(call, first);
      report(call, first.ms, 401, first.wire);
      call.attempts += 1;
      return settle(call, await exchange(call, renewed));
    } finally {
      call.judged();
    }
  }

  /** One exchange within its own deadline and its place in the gate. */
  async function exchange(
    call: Call,
    headers: Readonly<Record<string, string>>,
  ): Promise<{ readonly wire: WireAnswer; readonly ms: number }> {
    await enter(call);
    const limit = startDeadline(attemptMs, [call.deadline.signal]);
    const startedAt = performance.now();
    try {
      const { method, body, bytes } = call.request;
      const wire = await transport({
        method,
        url: call.url,
        headers: { ...standardHeaders(call.request), ...headers },
        body: bytes ?? (body === undefined || typeof body === 'string' ? body : JSON.stringify(body)),
        alone: !call.idempotent,
        digestUpTo: call.request.digestUpTo,
        items: call.request.items,
        signal: limit.signal,
      });
      // Before the place is given to the next one.
      noteLimit(call, wire);
      if (wire.status === 401 && !call.renewed) call.judged = rest.judge();
      return { wire, ms: performance.now() - startedAt };
    } catch (error) {
      const failure = limit.signal.aborted
        ? interrupted(call, 'maybe')
        : isFailure(error)
          ? error
          : transportFailure(error, call.where, { system });
      report(call, performance.now() - startedAt, failure.kind, undefined);
      throw failure;
    } finally {
      limit.end();
      gate.leave();
    }
  }

  /** Lets whom the answer concerns rest when the remote asks for it: a part of the requests, or all clients of the account. */
  function noteLimit(call: Call, wire: WireAnswer): void {
    if (wire.status !== 429 && wire.status !== 503) return;
    const concerned = options.limited?.(wire, call.request);
    const ms = retryAfterMs(wire.headers, clock.now()) ?? concerned?.ms;
    if (ms === undefined) return;
    if (concerned?.limit !== undefined) parts.pause(concerned.limit, ms);
    else if (concerned !== undefined || !limitsOneRecord(wire.headers)) rest.pause(ms);
  }

  /** Makes data or a Failure of an answer. */
  function settle(call: Call, { wire, ms }: { readonly wire: WireAnswer; readonly ms: number }): HttpAnswer {
    const { request, readOnly, where, redact } = call;
    try {
      const answer = understand({ request, readOnly, system, where, classify: options.classify, redact, now: () => clock.now() }, wire, ms);
      report(call, ms, wire.status, wire);
      return answer;
    } catch (error) {
      const failure = asFailure(error);
      if (failure.kind === 'auth' && wire.status === 401) rest.refuse(failure, options.restAfterRefusalMs ?? 0);
      report(call, ms, failure.kind, wire);
      throw error;
    }
  }

  /** A place in the gate at a time when the remote may be asked: what it said to others while this call was waiting counts as well. */
  async function enter(call: Call): Promise<void> {
    for (;;) {
      await respectRest(call);
      if (!(await gate.enter(() => (restsOf(call).some((one) => one.isCareful()) ? 1 : concurrency), call.deadline.signal)))
        throw interrupted(call, 'no');
      if (remainingMs(call) === 0 && rest.refusal() === undefined && (call.renewed || rest.verdict() === undefined)) return;
      gate.leave();
    }
  }

  async function respectRest(call: Call): Promise<void> {
    const verdict = call.renewed ? undefined : rest.verdict();
    if (verdict !== undefined && (await orAborted(verdict, call.deadline.signal)) === undefined) throw interrupted(call, 'no');
    const refusal = rest.refusal();
    if (refusal !== undefined) throw refusal;
    const ms = remainingMs(call);
    if (ms === 0) return;
    if (ms >= call.deadline.remainingMs())
      throw new Failure('transient', `${call.where}: the remote asked to be left alone for another ${Math.ceil(ms / 1000)} s`, {
        system,
        committed: 'no',
        retryAfterMs: Math.ceil(ms),
      });
    if (!(await wait(ms, call.deadline.signal))) throw interrupted(call, 'no');
  }

  async function authorize(
    call: Call,
    rejected: boolean,
    sent?: Readonly<Record<string, string>>,
  ): Promise<Readonly<Record<string, string>>> {
    const { signal } = call.deadline;
    const outcome = await orAborted(options.authorize({ rejected, signal, ...(sent && { sent }) }), signal).catch((error: unknown) => {
      const failure = asFailure(error);
      throw new Failure(failure.kind, wiring.redact(failure.message), { system, ...withoutCause(failure.details), committed: 'no' });
    });
    if (outcome === undefined) throw interrupted(call, 'no');
    // axios would drop the line break and send what is left, which nobody meant.
    if (Object.values(outcome.value).some((value) => !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)))
      throw new Failure('config', `${call.where}: a credential holds a line break or a character that HTTP does not allow`, {
        system,
        committed: 'no',
        hint: 'look for a line break in the middle of the credential file',
      });
    const brought = Object.values(outcome.value).flatMap((value) => [value, value.replace(/^\w+ /, '')]);
    const own = redactor(brought.filter((value) => value.length >= 8));
    call.redact = (text) => own(wiring.redact(text));
    return outcome.value;
  }

  /** Whether the call is tried once more; waits first. */
  async function comesBack(call: Call, error: Error, retry: number): Promise<boolean> {
    if (!isFailure(error) || error.kind !== 'transient' || call.deadline.signal.aborted) return false;
    if (error.details.committed === 'maybe') call.inDoubt = true;
    if (!call.idempotent && error.details.committed !== 'no') return false;
    const told = error.details.retryAfterMs;
    const ms = told === undefined ? backoffMs(retry, retries.firstMs, random) : told + random() * Math.min(1000, told / 10);
    if (ms >= call.deadline.remainingMs() || !budget.spend()) return false;
    log.warn('request will be repeated', { system, where: call.where, because: call.redact(error.message), afterMs: Math.round(ms) });
    return wait(ms, call.deadline.signal);
  }

  function conclude(call: Call, error: unknown): Failure {
    const failure = asFailure(error, { system });
    const committed = call.inDoubt && !call.readOnly ? 'maybe' : failure.details.committed;
    const often = call.attempts > 1 ? ` (after ${call.attempts} attempts)` : '';
    const { committed: _committed, ...details } = isFailure(error) ? failure.details : withoutCause(failure.details);
    return new Failure(failure.kind, call.redact(failure.message) + often, {
      ...details,
      ...(committed !== undefined && !call.readOnly && { committed }),
    });
  }

  function interrupted(call: Call, delivered: 'no' | 'maybe'): Failure {
    const shutdown = call.deadline.signal.aborted && !call.deadline.expired();
    const what = shutdown ? 'was cancelled' : `had no complete answer in ${call.deadline.expired() ? deadlineMs : attemptMs} ms`;
    return new Failure('transient', `${call.where} ${what}`, { system, committed: delivered });
  }

  function report(
    call: Call,
    ms: number,
    outcome: Parameters<NonNullable<HttpWiring['observe']>>[0]['outcome'],
    wire: WireAnswer | undefined,
  ): void {
    const { method, route } = call.request;
    const id = wire && requestId(wire.headers);
    wiring.observe?.({ system, route, method, outcome, ms });
    log.debug('http', {
      system,
      method,
      host: base.host,
      route,
      outcome,
      ms: Math.round(ms),
      ...(wire && { status: wire.status }),
      ...(id !== undefined && { requestId: safeText(id, 64, call.redact) }),
    });
  }

  return { request };
}

function standardHeaders(request: HttpRequest): Readonly<Record<string, string>> {
  const type = typeof request.body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  const own = Object.fromEntries(Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    accept: request.digestUpTo === undefined ? 'application/json' : '*/*',
    'user-agent': 'golden-thread',
    ...(request.body !== undefined && { 'content-type': type }),
    ...own,
  };
}

function sameHeaders(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

function withoutCause({ cause: _cause, ...details }: FailureDetails): FailureDetails {
  return details;
}
