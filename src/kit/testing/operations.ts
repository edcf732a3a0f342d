import type { Cursor, Stream } from 'golden-thread/kit';
import { isFailure } from '../failure.js';
import { demand } from './case.js';
import { contentOf, openStream, readPage } from './reading.js';
import { demandNoCredentials } from './credentials.js';
import type { StreamDriver, Subject } from './subject.js';
import type { Wire } from './wire.js';

/** One thing that core asks of a stream, and what it learns from it, as text: equal texts are equal answers. */
export interface Operation {
  readonly name: string;
  readonly run: (stream: Stream) => Promise<string>;
}

/** Everything that a stream can be asked, with these records in its system. Each makes a few requests. */
export async function operationsOf(subject: Subject, driver: StreamDriver): Promise<readonly Operation[]> {
  const keys = [...(await driver.visible()).keys()].slice(0, 3);
  const offered = await openStream(subject, driver);
  const all: readonly Operation[] = [
    { name: 'fields', run: async (stream) => JSON.stringify(await stream.fields()) },
    {
      name: 'read',
      run: async (stream) => {
        const page = await readPage(subject, stream, undefined, 5);
        return JSON.stringify([page.records.map((one) => contentOf(stream, one)), page.rejected.length, page.done]);
      },
    },
    {
      name: 'get',
      run: async (stream) => JSON.stringify((await stream.get?.(keys))?.map((one) => contentOf(stream, one)).toSorted()),
    },
    { name: 'keys', run: async (stream) => JSON.stringify((await censusOf(stream, 5)).toSorted()) },
    {
      name: 'whereabouts',
      run: async (stream) =>
        JSON.stringify([...((await stream.whereabouts?.(keys)) ?? [])].map(([key, place]) => `${key} ${place}`).toSorted()),
    },
  ];
  return all.filter(({ name }) => name in offered);
}

/** A whole census: every key that it lists, as often as it lists it. A page that fails as transient is asked for again, up to `tries` times in all. */
export async function censusOf(
  stream: Stream,
  pageSize: number,
  between: () => Promise<void> = () => Promise.resolve(),
  tries = 1,
): Promise<readonly string[]> {
  const listed: string[] = [];
  let cursor: Cursor | undefined;
  let failed = 0;
  for (let pages = 0; pages < 300; pages += 1) {
    const page = await stream.keys?.(cursor, { pageSize }).catch((error: unknown) => {
      if (isFailure(error) && error.kind === 'transient' && (failed += 1) < tries) return 'again' as const;
      throw error;
    });
    if (page === 'again') {
      await between();
      continue;
    }
    demand(page !== undefined, 'the stream has no keys()');
    listed.push(...page.keys);
    if (page.done) return listed;
    cursor = JSON.parse(JSON.stringify(page.cursor)) as Cursor;
    await between();
  }
  throw new Error(`a census of ${stream.name} with pages of ${pageSize} does not come to an end`);
}

/** The wire that a case needs; the case says so in `needs`. */
export function wireOf(subject: Subject): Wire {
  demand(subject.wire !== undefined, 'no wire');
  return subject.wire;
}

/** How many requests something makes, and what came of it. */
export async function countingRequests<T>(wire: Wire, run: () => Promise<T>): Promise<{ readonly made: number; readonly outcome: T }> {
  const before = wire.asked().length;
  const outcome = await run();
  return { made: wire.asked().length - before, outcome };
}

/** Fails unless it ended as a Failure of one of these kinds that holds no credential, and answers what it said. */
export async function demandFailure(subject: Subject, run: Promise<unknown>, kinds: readonly string[], under: string): Promise<string> {
  const outcome = await run.then(
    () => undefined,
    (error: unknown) => error ?? 'nothing',
  );
  demand(outcome !== undefined, `${under}: it succeeded where it had to fail`);
  demand(
    isFailure(outcome),
    `${under}: threw something that is no Failure: ${outcome instanceof Error ? outcome.message : typeof outcome}`,
  );
  demand(kinds.includes(outcome.kind), `${under}: failed as ${outcome.kind}, not ${kinds.join(' or ')}: ${outcome.message}`);
  demandNoCredentials(subject, outcome);
  return outcome.message;
}
