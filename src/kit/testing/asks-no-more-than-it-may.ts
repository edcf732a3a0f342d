import { isFailure } from '../failure.js';
import { demand, onFreshSystem, promise, type Promised } from './case.js';
import { answering, from } from './disturbances.js';
import { countingRequests, demandFailure, operationsOf, wireOf } from './operations.js';
import { openStream, readPage, streamOf } from './reading.js';
import type { StreamDriver, Subject } from './subject.js';

/** Asks no more than it may: limits are kept, what is down is not stormed, and credentials are renewed once or left alone. */
export function asksNoMoreThanItMay(subject: Subject): readonly Promised[] {
  const [driver] = subject.streams;
  const needs = { wire: subject.wire !== undefined };
  const populated = (run: () => Promise<void>) => (): Promise<void> =>
    onFreshSystem(subject, async () => {
      await driver.create(3);
      await subject.advance(subject.settleMs + 120_000);
      await run();
    });
  return [
    promise(
      'nothing is asked before a Retry-After in seconds or as a date is over (F32)',
      populated(() => keepsTheRest(subject, driver)),
      needs,
    ),
    promise(
      'a Retry-After of a second is waited for, one of nothing is no invitation (F32)',
      populated(() => waits(subject, driver)),
      needs,
    ),
    promise(
      'a system that is down is not asked more often because it is down (F33)',
      populated(() => noStorm(subject, driver)),
      needs,
    ),
    promise(
      'credentials that are refused are sent at most three times, however often it is asked (F35)',
      populated(() => noLockOut(subject, driver)),
      needs,
    ),
    promise(
      'a token that runs out before any request is renewed once, for all that wait, and nothing is read twice (F34)',
      populated(() => renews(subject, driver)),
      {
        ...needs,
        tokens: subject.tokens !== undefined,
      },
    ),
  ];
}

async function keepsTheRest(subject: Subject, driver: StreamDriver): Promise<void> {
  const wire = wireOf(subject);
  const date = await subject.now();
  const inAnHour = new Date(Date.parse(date) + 3_600_000).toUTCString();
  for (const retryAfter of ['3600', inAnHour]) {
    const stream = await openStream(subject, driver);
    const headers = { 'content-type': 'application/json', 'retry-after': retryAfter, date: new Date(date).toUTCString() };
    wire.disturb(from(0, answering(429, '{}', headers)));
    await demandFailure(subject, readPage(subject, stream, undefined, 5), ['transient'], `Retry-After: ${retryAfter}`);
    wire.heal();
    const { made } = await countingRequests(wire, async () => {
      for (let i = 0; i < 3; i += 1) {
        const told = await readPage(subject, stream, undefined, 5).catch((error: unknown) => error);
        demand(
          isFailure(told) && (told.details.retryAfterMs ?? 0) > 3_000_000,
          `Retry-After: ${retryAfter}, and the next read does not say how long to wait`,
        );
      }
    });
    demand(made === 0, `Retry-After: ${retryAfter}, and ${made} requests were made at once`);
  }
}

async function waits(subject: Subject, driver: StreamDriver): Promise<void> {
  const wire = wireOf(subject);
  for (const retryAfter of ['1', '0', 'soon', '-5', undefined]) {
    const headers = { 'content-type': 'application/json', ...(retryAfter !== undefined && { 'retry-after': retryAfter }) };
    const times: number[] = [];
    wire.disturb((asked) => {
      times.push(performance.now());
      return asked.index === 0 ? answering(429, '{}', headers) : undefined;
    });
    const told = await readPage(subject, await openStream(subject, driver), undefined, 5).catch((error: unknown) => error);
    wire.heal();
    if (told instanceof Error)
      demand(isFailure(told) && told.kind === 'transient', `Retry-After: ${retryAfter ?? 'none'}: ${told.message}`);
    const [first = 0, second = Infinity] = times;
    demand(retryAfter !== '1' || second - first >= 1000, `Retry-After: 1, and asked again after ${Math.round(second - first)} ms`);
    demand(times.length <= 6, `Retry-After: ${retryAfter ?? 'none'}, and ${times.length} requests for one page`);
  }
}

async function noStorm(subject: Subject, driver: StreamDriver): Promise<void> {
  const wire = wireOf(subject);
  const stream = await openStream(subject, driver);
  wire.disturb(from(0, answering(503, '{}')));
  const reads = 20;
  const { made } = await countingRequests(wire, async () => {
    for (let i = 0; i < reads; i += 1) await readPage(subject, stream, undefined, 5).catch(() => undefined);
  });
  // A tenth more than without any repetition, and the reserve of the kit's HTTP client.
  demand(made <= reads * 1.1 + 10, `${made} requests for ${reads} reads of a system that is down`);
}

async function noLockOut(subject: Subject, driver: StreamDriver): Promise<void> {
  const wire = wireOf(subject);
  const open = await subject.open({ credentials: 'wrong', wanted: { [driver.stream]: driver.wanted } });
  const { made } = await countingRequests(wire, async () => {
    for (let i = 0; i < 5; i += 1)
      for (const { name } of open.streams) await readPage(subject, streamOf(open, name), undefined, 5).catch(() => undefined);
    await Promise.all(open.streams.map(async (stream) => stream.fields().catch(() => undefined)));
  });
  demand(made <= 3, `${made} requests with credentials that were refused: the account gets locked`);
}

/** The token that the connector has at that moment is refused from the k-th request on, for every k. */
async function renews(subject: Subject, driver: StreamDriver): Promise<void> {
  const wire = wireOf(subject);
  const { tokens } = subject;
  demand(tokens !== undefined, 'no tokens');
  const wanted = { [driver.stream]: driver.wanted };
  const operations = await operationsOf(subject, driver);
  const run = async (): Promise<readonly string[]> => {
    const stream = streamOf(await tokens.open(wanted), driver.stream);
    return Promise.all(operations.map(async (one) => one.run(stream)));
  };
  const { made, outcome } = await countingRequests(wire, run);
  for (let request = 0; request < made; request += 1) {
    const refused = new Set<string>();
    wire.disturb((asked) => {
      const { authorization = '' } = asked.headers;
      if (tokens.isFor(asked)) return undefined;
      if (asked.index === request) refused.add(authorization);
      return refused.has(authorization) ? answering(401, '{}') : undefined;
    });
    const before = wire.asked().length;
    const told = await run().catch((error: unknown) => error);
    wire.heal();
    const renewals = wire.asked().slice(before).filter(tokens.isFor).length;
    demand(
      !(told instanceof Error),
      `the token ran out before request ${request + 1} of ${made}: ${told instanceof Error ? told.message : ''}`,
    );
    demand(
      JSON.stringify(told) === JSON.stringify(outcome),
      `the token ran out before request ${request + 1} of ${made}, and the answers are others`,
    );
    demand(renewals <= 2, `one token ran out, and ${renewals} were asked for`);
  }
}
