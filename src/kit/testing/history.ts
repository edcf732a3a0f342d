import fc from 'fast-check';
import { demand } from './case.js';
import { nothingSaved, openStream, readPage, type Saved, save } from './reading.js';
import type { StreamDriver, Subject } from './subject.js';

/** Something that happens to the remote between two page reads. */
export type Change =
  | { readonly do: 'create'; readonly count: number; readonly sameSecond: boolean }
  | { readonly do: 'touch' | 'hide' | 'show'; readonly at: number; readonly count: number }
  /** In percent of the settle time. */
  | { readonly do: 'createLate'; readonly delay: number };

/** One page read, and what happens before and after it. */
export interface Moment {
  readonly changes: readonly Change[];
  readonly passMs: number;
  /** The reader dies: before this page was saved, or after. It starts again with nothing but what was saved. */
  readonly crash: 'no' | 'before' | 'after';
}

export interface History {
  readonly pageSize: number;
  readonly atFirst: number;
  readonly sameSecondAtFirst: boolean;
  readonly moments: readonly Moment[];
}

/** Which kinds of trouble a history is made of. */
export interface Ingredients {
  readonly changes: readonly Change['do'][];
  readonly crashes: boolean;
  /** Mostly more records in one second than a page holds. */
  readonly ties?: boolean;
}

const index = fc.nat({ max: 20 });
const changeOf: Readonly<Record<Change['do'], fc.Arbitrary<Change>>> = {
  create: fc.record({ do: fc.constant('create'), count: fc.integer({ min: 1, max: 4 }), sameSecond: fc.boolean() }),
  touch: fc.record({ do: fc.constant('touch'), at: index, count: fc.integer({ min: 1, max: 3 }) }),
  hide: fc.record({ do: fc.constant('hide'), at: index, count: fc.integer({ min: 1, max: 6 }) }),
  show: fc.record({ do: fc.constant('show'), at: index, count: fc.integer({ min: 1, max: 6 }) }),
  createLate: fc.record({ do: fc.constant('createLate'), delay: fc.integer({ min: 10, max: 100 }) }),
};

/** Random histories of these ingredients. */
export function historiesOf({ changes, crashes, ties = false }: Ingredients): fc.Arbitrary<History> {
  return fc.record({
    pageSize: fc.integer({ min: 1, max: ties ? 3 : 4 }),
    atFirst: fc.integer({ min: ties ? 5 : 2, max: 9 }),
    sameSecondAtFirst: ties ? fc.constant(true) : fc.boolean(),
    moments: fc.array(
      fc.record({
        changes: changes.length === 0 ? fc.constant([]) : fc.array(fc.oneof(...changes.map((one) => changeOf[one])), { maxLength: 2 }),
        passMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 2500 }), fc.integer({ min: 2500, max: 70_000 })),
        crash: crashes ? fc.constantFrom('no', 'before', 'after') : fc.constant('no'),
      }),
      { minLength: 3, maxLength: 9 },
    ),
  });
}

/**
 * Plays a history against the subject, comes to rest, and answers what is missing. A record that was hidden is owed only once it was changed
 * where the account could see it: that it came back is for the census to find.
 */
export async function lostAfter(subject: Subject, driver: StreamDriver, history: History): Promise<readonly string[]> {
  await subject.reset();
  const keys = [...(await driver.create(history.atFirst, { sameSecond: history.sameSecondAtFirst }))];
  const [hidden, excused] = [new Set<string>(), new Set<string>()];
  let saved: Saved = nothingSaved;
  let stream = await openStream(subject, driver);

  for (const moment of history.moments) {
    for (const change of moment.changes) await happen(subject, driver, change, keys, hidden, excused);
    if (moment.passMs > 0) await subject.advance(moment.passMs);
    const page = await readPage(subject, stream, saved.cursor, history.pageSize);
    if (moment.crash !== 'before') saved = save(driver, saved, page);
    if (moment.crash !== 'no') stream = await openStream(subject, driver);
  }

  await subject.advance(subject.settleMs + 120_000);
  const enough = 60 + 10 * keys.length;
  for (let [polls, pages] = [0, 0]; polls < 2; pages += 1) {
    demand(pages < enough, 'nothing changes any more, but the runs do not come to an end');
    const page = await readPage(subject, stream, saved.cursor, history.pageSize);
    saved = save(driver, saved, page);
    if (page.done) polls += 1;
  }
  return [...(await driver.visible())]
    .filter(([key, version]) => !excused.has(key) && saved.versions.get(key) !== version)
    .map(([key, version]) => `${key} was last seen as ${saved.versions.get(key) ?? 'nothing'} and is ${version}`);
}

/** Makes one change happen, and keeps account of the keys that there are, and of those that are hidden or were. */
export async function happen(
  subject: Subject,
  driver: StreamDriver,
  change: Change,
  keys: string[],
  hidden: Set<string>,
  excused: Set<string>,
): Promise<void> {
  if (change.do === 'create') {
    keys.push(...(await driver.create(change.count, { sameSecond: change.sameSecond })));
    return;
  }
  if (change.do === 'createLate') {
    const late = await driver.createLate?.(Math.floor((change.delay * subject.settleMs) / 100));
    if (late !== undefined) keys.push(late);
    return;
  }
  const some = Array.from({ length: Math.min(change.count, keys.length) }, (_, i) => keys[(change.at + i) % keys.length] ?? '');
  if (change.do === 'touch') {
    for (const key of some.filter((one) => !hidden.has(one))) {
      await driver.touch(key);
      excused.delete(key);
    }
  } else if (change.do === 'hide') {
    await driver.hide?.(some);
    for (const key of some) {
      hidden.add(key);
      excused.add(key);
    }
  } else {
    await driver.show?.(some);
    for (const key of some) hidden.delete(key);
  }
}
