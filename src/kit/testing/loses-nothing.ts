import fc from 'fast-check';
import { demand, type HistoryEffort, onFreshSystem, promise, type Promised } from './case.js';
import { historiesOf, type Ingredients, lostAfter } from './history.js';
import { nothingSaved, openStream, readPage, readRun, type Saved, save } from './reading.js';
import type { StreamDriver, Subject } from './subject.js';

/** Loses nothing: random histories against the real reader and the real (or simulated) remote, over HTTP. */
export function losesNothing(subject: Subject, driver: StreamDriver, effort: HistoryEffort): readonly Promised[] {
  const name = (text: string): string => `${driver.stream}: ${text}`;
  const canHide = driver.hide !== undefined && driver.show !== undefined;
  const history = (ingredients: Ingredients) => (): Promise<void> =>
    onFreshSystem(subject, () => play(subject, driver, ingredients, effort));

  return [
    promise(name('edits between two pages lose nothing'), history({ changes: ['create', 'touch'], crashes: false })),
    promise(
      name('records that share a second with the page border are not lost'),
      history({ changes: ['create', 'touch'], crashes: true, ties: true }),
    ),
    promise(name('a crash before or after any page loses nothing'), history({ changes: ['create', 'touch'], crashes: true })),
    promise(
      name('what becomes readable late, within the settle time, is not lost'),
      history({ changes: ['createLate', 'createLate', 'touch'], crashes: false }),
      { createLate: driver.createLate !== undefined },
    ),
    promise(
      name('a page of rows that the account may not read is not the end'),
      history({ changes: ['hide', 'show', 'touch'], crashes: false }),
      { 'hide and show': canHide },
    ),
    promise(
      name('rows that may not be read do not hide those behind them'),
      () => onFreshSystem(subject, () => hiddenBlock(subject, driver)),
      {
        'hide and show': canHide,
      },
    ),
    promise(
      name('all of it together loses nothing'),
      history({
        changes: [
          'create',
          'touch',
          ...(driver.createLate ? (['createLate'] as const) : []),
          ...(canHide ? (['hide', 'show'] as const) : []),
        ],
        crashes: true,
      }),
    ),
    promise(name('a record that is touched at every tick is seen within two polls'), () =>
      onFreshSystem(subject, () => touchedAtEveryTick(subject, driver)),
    ),
    promise(name('a record that cannot be used is set aside alone'), () => onFreshSystem(subject, () => poisoned(subject, driver)), {
      poison: driver.poison !== undefined,
    }),
  ];
}

/** Random histories; the error tells the smallest one that was found to lose something, and how to repeat it. */
async function play(
  subject: Subject,
  driver: StreamDriver,
  ingredients: Ingredients,
  { runs, seed, shrinkingMs }: HistoryEffort,
): Promise<void> {
  let failedAt: number | undefined;
  const details = await fc.check(
    fc.asyncProperty(historiesOf(ingredients), async (history) => {
      // Looking for a smaller history replays whole ones over HTTP: so long and no longer.
      if (failedAt !== undefined && performance.now() - failedAt > shrinkingMs) return;
      const lost = await lostAfter(subject, driver, history).catch((error: unknown) => {
        failedAt ??= performance.now();
        throw error;
      });
      if (lost.length > 0) failedAt ??= performance.now();
      demand(lost.length === 0, `lost: ${lost.join('; ')}`);
    }),
    { numRuns: runs, seed, interruptAfterTimeLimit: 50_000, markInterruptAsFailure: true },
  );
  if (!details.failed) return;
  const error = details.errorInstance;
  const what = error instanceof Error ? error.message : `only ${details.numRuns} of ${runs} histories in the time there was`;
  throw new Error(`${what}\n  history: ${JSON.stringify(details.counterexample?.[0])}\n  seed ${seed}, run ${details.numRuns}`, {
    cause: error,
  });
}

/** Ten hidden rows between readable ones, at page sizes that they fill several times. */
async function hiddenBlock(subject: Subject, driver: StreamDriver): Promise<void> {
  await driver.create(2);
  const block = await driver.create(10, { sameSecond: true });
  await subject.advance(2000);
  await driver.create(3);
  await driver.hide?.(block);
  await subject.advance(subject.settleMs + 120_000);
  const expected = await driver.visible();
  for (const pageSize of [1, 3, 5]) {
    const pages = await readRun(subject, await openStream(subject, driver), undefined, pageSize);
    const keys = new Set(pages.flatMap((page) => page.records.map((record) => record.ref.key)));
    for (const key of expected.keys()) demand(keys.has(key), `with pages of ${pageSize}, ${key} behind the hidden rows did not arrive`);
    for (const key of block) demand(!keys.has(key), `${key} arrived although the account may not read it`);
  }
}

async function touchedAtEveryTick(subject: Subject, driver: StreamDriver): Promise<void> {
  const [hot = ''] = await driver.create(1);
  await driver.create(4);
  for (const pageSize of [1, 3]) {
    const stream = await openStream(subject, driver);
    const order: string[] = []; // the hot record's versions, oldest first
    let saved: Saved = nothingSaved;
    let [before, begin] = [0, 0]; // how many there were when the poll before, and when this one, began
    for (let [polls, ticks] = [0, 0]; polls < 4; ticks += 1) {
      demand(ticks < 200, 'with one record touched at every tick, four polls do not come to an end');
      await subject.advance(1000);
      await driver.touch(hot);
      order.push((await driver.visible()).get(hot) ?? '');
      const page = await readPage(subject, stream, saved.cursor, pageSize);
      saved = save(driver, saved, page);
      if (!page.done) continue;
      polls += 1;
      const seen = order.indexOf(saved.versions.get(hot) ?? 'never') + 1;
      demand(
        seen >= before,
        `after two polls the record is known at version ${seen} of ${order.length}, and had ${before} when they began`,
      );
      [before, begin] = [begin, order.length];
    }
  }
}

async function poisoned(subject: Subject, driver: StreamDriver): Promise<void> {
  await driver.create(3);
  const bad = await driver.poison?.();
  demand(bad !== undefined, 'no poison');
  await subject.advance(2000);
  await driver.create(3);
  await subject.advance(subject.settleMs + 120_000);
  const expected = await driver.visible();
  for (const pageSize of [1, 2, 7]) {
    const pages = await readRun(subject, await openStream(subject, driver), undefined, pageSize);
    const keys = new Set(pages.flatMap((page) => page.records.map((record) => record.ref.key)));
    for (const key of expected.keys()) demand(keys.has(key), `with pages of ${pageSize}, ${key} did not arrive beside the bad one`);
    const rejected = pages.flatMap((page) => page.rejected).filter((one) => one.key === bad);
    demand(rejected.length > 0 && !keys.has(bad), `with pages of ${pageSize}, ${bad} was not set aside`);
    for (const one of rejected) demand(one.problems.length > 0, `${bad} was set aside without a reason`);
  }
}
