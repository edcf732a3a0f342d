import type { Cursor } from 'golden-thread/kit';
import { isFailure } from '../failure.js';
import { demand, onFreshSystem, promise, type Promised } from './case.js';
import { answering, changed, from, gzipBomb, signOnPage, spoiled } from './disturbances.js';
import { countingRequests, demandFailure, operationsOf, wireOf } from './operations.js';
import { openStream, readPage, readRun } from './reading.js';
import type { StreamDriver, Subject } from './subject.js';
import type { Told, Trouble } from './wire.js';

const html = { 'content-type': 'text/html' } as const;

/** What may happen to any request, and what the failure that it causes may be called. */
const troubles: readonly (readonly [string, Trouble, readonly string[]])[] = [
  ['an HTML page and 200', answering(200, signOnPage, html), ['transient']],
  ['an HTML page and 429', answering(429, signOnPage, html), ['transient']],
  ['502', answering(502, signOnPage, html), ['transient']],
  ['a cut connection', { do: 'refuse' }, ['transient']],
  ['half of an answer', { do: 'cut', part: 0.5 }, ['transient']],
  ['401', answering(401, '{}'), ['auth']],
];

/** Survives the wire: what goes wrong on the way is never taken for data, whichever request it strikes. */
export function survivesTheWire(subject: Subject): readonly Promised[] {
  const [driver] = subject.streams;
  const needs = { wire: subject.wire !== undefined };
  const populated = (run: () => Promise<void>) => (): Promise<void> =>
    onFreshSystem(subject, async () => {
      await driver.create(7);
      await subject.advance(subject.settleMs + 120_000);
      await run();
    });
  return [
    promise(
      'trouble at any request of anything that is asked is named, and never taken for an answer (F07, F09)',
      populated(() => anyRequest(subject, driver)),
      needs,
    ),
    promise(
      'an error on any page of a run leaves the cursor behind the last whole page, and the next run catches up (F07)',
      populated(() => anyPage(subject, driver)),
      needs,
    ),
    promise(
      'an answer cut at any tenth is no data, announced longer or not (F10)',
      populated(() => anyTenth(subject, driver)),
      needs,
    ),
    promise(
      'an error beside the result is no data (F10)',
      populated(() => {
        const beside = (told: Told): Told => changed(told, (body) => ({ ...(body as object), ...subject.errorBeside }));
        return lastAnswer(subject, driver, [['an error beside the result', beside]]);
      }),
      { ...needs, errorBeside: subject.errorBeside !== undefined },
    ),
    promise(
      'an answer in another charset, of another type or without a body is no data (F14)',
      populated(() => lastAnswer(subject, driver, Object.entries(spoiled))),
      needs,
    ),
    promise(
      'an answer that unpacks to more than there is room for is cut off (F14)',
      populated(() => lastAnswer(subject, driver, [['a bomb', gzipBomb]])),
      needs,
    ),
    promise(
      'a page that repeats itself ends as a named failure, the cursor unmoved (F05)',
      populated(() => repeating(subject, driver)),
      needs,
    ),
  ];
}

async function anyRequest(subject: Subject, driver: StreamDriver): Promise<void> {
  const wire = wireOf(subject);
  const { host } = new URL(wire.url);
  for (const { name, run } of await operationsOf(subject, driver)) {
    const { made, outcome } = await countingRequests(wire, async () => run(await openStream(subject, driver)));
    for (let request = 0; request < made; request += 1) {
      for (const [what, trouble, kinds] of troubles) {
        const under = `${name}, ${what} from request ${request + 1} of ${made} on`;
        const stream = await openStream(subject, driver);
        wire.disturb(from(request, trouble));
        const told = await run(stream).catch((error: unknown) => error);
        wire.heal();
        // What is asked for besides, and can be done without, need not fail.
        if (told === outcome) continue;
        const said = await demandFailure(
          subject,
          typeof told === 'string' ? Promise.resolve() : Promise.reject(told as Error),
          kinds,
          under,
        );
        demand(kinds.includes('auth') || said.includes(host), `${under}: the failure does not say where: ${said}`);
      }
    }
    demand((await run(await openStream(subject, driver))) === outcome, `${name} answers otherwise after the trouble`);
  }
}

async function anyPage(subject: Subject, driver: StreamDriver): Promise<void> {
  const wire = wireOf(subject);
  const expected = await driver.visible();
  const { made } = await countingRequests(wire, async () => readRun(subject, await openStream(subject, driver), undefined, 2));
  for (let request = 0; request < made; request += 1) {
    const [what, trouble] = troubles[request % troubles.length] ?? ['nothing', { do: 'refuse' }];
    const under = `${what} from request ${request + 1} of ${made} on`;
    const stream = await openStream(subject, driver);
    const arrived = new Set<string>();
    let saved: Cursor | undefined;
    wire.disturb(from(request, trouble));
    for (;;) {
      const page = await readPage(subject, stream, saved, 2).catch((error: unknown) => error);
      if (page instanceof Error) {
        demand(isFailure(page), `${under}: threw something that is no Failure: ${page.message}`);
        break;
      }
      const { records, cursor, done } = page as Awaited<ReturnType<typeof readPage>>;
      for (const { ref } of records) arrived.add(ref.key);
      saved = cursor;
      if (!done) continue;
      // It struck what can be done without: then nothing may be missing.
      demand(
        [...expected.keys()].every((key) => arrived.has(key)),
        `${under}: the run says that it is complete, and it is not`,
      );
      break;
    }
    wire.heal();
    for (const page of await readRun(subject, await openStream(subject, driver), saved, 2))
      for (const { ref } of page.records) arrived.add(ref.key);
    const lost = [...expected.keys()].filter((key) => !arrived.has(key));
    demand(lost.length === 0, `${under}: ${lost.join(', ')} did not arrive with the next run`);
  }
}

async function anyTenth(subject: Subject, driver: StreamDriver): Promise<void> {
  const wire = wireOf(subject);
  const read = async (): Promise<unknown> => readPage(subject, await openStream(subject, driver), undefined, 5);
  const { made } = await countingRequests(wire, read);
  for (let tenth = 0; tenth < 10; tenth += 1) {
    const shorter = (told: Told): Told => ({ ...told, body: told.body.subarray(0, Math.floor((told.body.length * tenth) / 10)) });
    for (const trouble of [
      { do: 'cut', part: tenth / 10 },
      { do: 'change', change: shorter },
    ] as const) {
      wire.disturb(from(made - 1, trouble));
      await demandFailure(subject, read(), ['transient'], `${tenth} tenths of the last answer, ${trouble.do}`);
      wire.heal();
    }
  }
}

/** Changes the last answer that one page needs, in each of these ways. */
async function lastAnswer(
  subject: Subject,
  driver: StreamDriver,
  changes: readonly (readonly [string, (told: Told) => Told])[],
): Promise<void> {
  const wire = wireOf(subject);
  const read = async (): Promise<unknown> => readPage(subject, await openStream(subject, driver), undefined, 5);
  const { made } = await countingRequests(wire, read);
  for (const [what, change] of changes) {
    wire.disturb(from(made - 1, { do: 'change', change }));
    await demandFailure(subject, read(), ['transient', 'contract'], what);
    wire.heal();
  }
}

/** Every address answers for ever what it answered first. */
async function repeating(subject: Subject, driver: StreamDriver): Promise<void> {
  const wire = wireOf(subject);
  const expected = await driver.visible();
  const first = new Map<string, Told>();
  const stream = await openStream(subject, driver);
  const arrived = new Set<string>();
  let saved: Cursor | undefined;
  let failed: unknown;
  wire.disturb(({ method, path }) => ({
    do: 'change',
    change: (told) => {
      const known = first.get(`${method} ${path}`);
      if (known === undefined) first.set(`${method} ${path}`, told);
      return known ?? told;
    },
  }));
  const { made } = await countingRequests(wire, async () => {
    for (let pages = 0; pages < 30 && failed === undefined; pages += 1) {
      const page = await readPage(subject, stream, saved, 2).catch((error: unknown) => void (failed = error ?? 'nothing'));
      if (page === undefined) break;
      demand(!page.done, 'one page again and again, and the run says that it is complete');
      for (const { ref } of page.records) arrived.add(ref.key);
      saved = page.cursor;
    }
  });
  demand(failed !== undefined, 'one page again and again is read for ever');
  await demandFailure(subject, Promise.reject(failed as Error), ['contract'], 'one page again and again');
  demand(made <= 60, `${made} requests until it was noticed that one page comes again and again`);
  wire.heal();
  for (const page of await readRun(subject, await openStream(subject, driver), saved, 2))
    for (const { ref } of page.records) arrived.add(ref.key);
  demand(
    [...expected.keys()].every((key) => arrived.has(key)),
    'what one page hid that came again and again did not arrive afterwards',
  );
}
