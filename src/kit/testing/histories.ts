import fc from 'fast-check';
import type { Page } from 'golden-thread/kit';
import { isFailure } from '../failure.js';
import { demand, type HistoryEffort, usualShrinkingMs } from './case.js';
import { answering, from, signOnPage } from './disturbances.js';
import { happen, historiesOf, type History } from './history.js';
import { nights } from './keeps-time.js';
import { censusOf } from './operations.js';
import { nothingSaved, openStream, readPage, type Saved, save } from './reading.js';
import type { StreamDriver, Subject } from './subject.js';
import type { Trouble } from './wire.js';

/** What happens besides at one moment of a history. */
interface Besides {
  /** Deletes the record with this number, if there is one. */
  readonly remove: number | undefined;
  /** From which request of the page on what goes wrong, twice: more than the HTTP client repeats. */
  readonly trouble: readonly [number, number] | undefined;
  readonly census: boolean;
}

/** A history with everything in it. */
interface Everything {
  readonly history: History;
  readonly besides: readonly Besides[];
  /** Where the account is, and at which time; beyond the list: where the subject puts it. */
  readonly night: number;
}

/** What was found out after a number of histories. All but `histories` should be 0. */
export interface Tally {
  readonly histories: number;
  readonly lost: number;
  readonly falseDeletions: number;
  readonly duplicates: number;
}

const troubles: readonly Trouble[] = [
  answering(503, '{}'),
  answering(200, signOnPage, { 'content-type': 'text/html' }),
  answering(429, '{}'),
  { do: 'refuse' },
  { do: 'lose' },
  { do: 'cut', part: 0.6 },
];

/**
 * Plays random histories of edits, deletions, rights that come and go, late commits, crashes, zones and nights when clocks change, with trouble at any request.
 * Once the dust has settled, what a store would hold is what the account may see. Fails with the smallest history that breaks this, its seed and run.
 */
export async function playHistories(
  subject: Subject,
  driver: StreamDriver,
  effort: Pick<HistoryEffort, 'runs' | 'seed'> & Partial<HistoryEffort>,
): Promise<Tally> {
  let histories = 0;
  const { shrinkingMs = usualShrinkingMs } = effort;
  let failedAt: number | undefined;
  const details = await fc.check(
    fc.asyncProperty(everything(driver), async (one) => {
      // Looking for a smaller history replays whole ones over HTTP: so long and no longer.
      if (failedAt !== undefined && performance.now() - failedAt > shrinkingMs) return;
      histories += 1;
      const wrong = await play(subject, driver, one).catch((error: unknown) => {
        failedAt ??= performance.now();
        throw error;
      });
      if (wrong.length > 0) failedAt ??= performance.now();
      demand(wrong.length === 0, wrong.join('; '));
    }),
    { numRuns: effort.runs, seed: effort.seed },
  );
  if (!details.failed) return { histories, lost: 0, falseDeletions: 0, duplicates: 0 };
  const error = details.errorInstance;
  const what = error instanceof Error ? error.message : 'it was interrupted';
  throw new Error(
    `${what}\n  history: ${JSON.stringify(details.counterexample?.[0])}\n  seed ${effort.seed}, run ${details.numRuns} of ${effort.runs}`,
    {
      cause: error,
    },
  );
}

function everything(driver: StreamDriver): fc.Arbitrary<Everything> {
  const rare = <T>(arbitrary: fc.Arbitrary<T>, freq: number) => fc.option(arbitrary, { nil: undefined, freq });
  return fc.record({
    history: historiesOf({
      changes: [
        'create',
        'touch',
        'touch',
        ...(driver.createLate ? (['createLate'] as const) : []),
        ...(driver.hide && driver.show ? (['hide', 'show'] as const) : []),
      ],
      crashes: true,
    }),
    besides: fc.array(
      fc.record({
        remove: rare(fc.nat({ max: 20 }), 1),
        trouble: rare(fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: troubles.length - 1 })), 1),
        census: fc.boolean(),
      }),
      { minLength: 9, maxLength: 9 },
    ),
    night: fc.nat({ max: nights.length * 2 }),
  });
}

/** Plays one history and says what is wrong in the end. */
async function play(subject: Subject, driver: StreamDriver, { history, besides, night }: Everything): Promise<readonly string[]> {
  const [zone, now] = nights[night] ?? [];
  if (zone !== undefined && now !== undefined && subject.resetInZone !== undefined) await subject.resetInZone(zone, now);
  else await subject.reset();

  const keys = [...(await driver.create(history.atFirst, { sameSecond: history.sameSecondAtFirst }))];
  const [hidden, excused, removed] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const absent = new Set<string>();
  const wrong: string[] = [];
  let saved: Saved = nothingSaved;
  let stream = await openStream(subject, driver);

  /** As core takes it: the keys that are seen, then what became of the others, then those that came back, by key. */
  const takeCensus = async (): Promise<void> => {
    const fresh = await openStream(subject, driver);
    if (fresh.keys === undefined || fresh.whereabouts === undefined) return;
    const all = await censusOf(fresh, history.pageSize + 1, undefined, 5);
    const listed = new Set(all);
    if (listed.size < all.length) wrong.push(`duplicates: ${all.length - listed.size} keys are listed twice`);
    const versions = new Map(saved.versions);
    const missing = [...new Set([...versions.keys(), ...absent])].filter((key) => !listed.has(key));
    const places = missing.length === 0 ? undefined : await fresh.whereabouts(missing);
    const here = missing.filter((key) => places?.get(key) === 'here');
    for (const key of missing.filter((one) => !here.includes(one))) {
      versions.delete(key);
      absent.add(key);
      if (places?.get(key) === 'deleted' && !removed.has(key)) wrong.push(`a false deletion: ${key}`);
    }
    // What was never brought, and never missed before, is for the reader to bring.
    const back = [...listed, ...here].filter((key) => absent.has(key) || excused.has(key));
    for (const key of listed) absent.delete(key);
    for (const record of (back.length === 0 ? undefined : await fresh.get?.(back)) ?? [])
      versions.set(record.ref.key, driver.version(record));
    saved = { ...saved, versions };
  };

  for (const [at, moment] of history.moments.entries()) {
    for (const change of moment.changes) await happen(subject, driver, change, keys, hidden, excused);
    const { remove, trouble, census } = besides[at] ?? { remove: undefined, trouble: undefined, census: false };
    const gone = remove === undefined ? undefined : keys[remove];
    if (gone !== undefined && driver.remove !== undefined) {
      keys.splice(keys.indexOf(gone), 1);
      removed.add(gone);
      await driver.remove([gone]);
    }
    if (moment.passMs > 0) await subject.advance(moment.passMs);
    if (trouble !== undefined) subject.wire?.disturb(from(trouble[0], troubles[trouble[1]] ?? { do: 'refuse' }, 2));
    const page = await readPage(subject, stream, saved.cursor, history.pageSize).catch((error: unknown): Page | undefined => {
      if (isFailure(error) && error.kind === 'transient') return undefined;
      throw error;
    });
    subject.wire?.heal();
    if (page !== undefined && moment.crash !== 'before') saved = save(driver, saved, page);
    if (moment.crash !== 'no') stream = await openStream(subject, driver);
    if (census && at % 3 === 2) await takeCensus();
  }

  await subject.advance(subject.settleMs + 120_000);
  const enough = 60 + 10 * (keys.length + removed.size);
  for (let [polls, pages] = [0, 0]; polls < 2; pages += 1) {
    demand(pages < enough, 'nothing changes any more, but the runs do not come to an end');
    const page = await readPage(subject, stream, saved.cursor, history.pageSize);
    saved = save(driver, saved, page);
    if (page.done) polls += 1;
  }
  await takeCensus();
  const visible = await driver.visible();
  for (const [key, version] of visible)
    if (saved.versions.get(key) !== version)
      wrong.push(`lost: ${key} is held as ${saved.versions.get(key) ?? 'nothing'} and is ${version}`);
  for (const key of saved.versions.keys())
    if (!visible.has(key) && driver.remove !== undefined) wrong.push(`held although it may not be seen: ${key}`);
  return wrong;
}
