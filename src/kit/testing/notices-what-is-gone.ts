import type { Whereabouts } from 'golden-thread/kit';
import { demand, onFreshSystem, promise, type Promised } from './case.js';
import { censusOf } from './operations.js';
import { openStream, readRun } from './reading.js';
import type { StreamDriver, Subject } from './subject.js';

/** Notices what is gone: deletions and lost rights move no update stamp, and are never taken for each other. */
export function noticesWhatIsGone(subject: Subject, driver: StreamDriver): readonly Promised[] {
  const census = subject.lacks?.['census'] === undefined;
  const name = (text: string): string => `${driver.stream}: ${text}`;
  const fresh = (run: () => Promise<void>) => (): Promise<void> => onFreshSystem(subject, run);
  const rights = { census, hide: driver.hide !== undefined, show: driver.show !== undefined };
  return [
    promise(
      name('a census lists every record that is there all the time, once, while others come, change and go (F18)'),
      fresh(() => listsAll(subject, driver)),
      { census, remove: driver.remove !== undefined },
    ),
    promise(
      name('a record that was deleted is missed, and never called anything but deleted or unknown (F18)'),
      fresh(() => missesTheDeleted(subject, driver)),
      { census, remove: driver.remove !== undefined },
    ),
    promise(
      name('a right that was taken away is not a deletion, and what is shown again is there again (F21)'),
      fresh(() => keepsTheHidden(subject, driver)),
      rights,
    ),
    promise(
      name('a record with a new number is the same record (F19)'),
      fresh(() => knowsTheRenumbered(subject, driver)),
      { census, renumber: driver.renumber !== undefined },
    ),
  ];
}

async function settle(subject: Subject): Promise<void> {
  await subject.advance(subject.settleMs + 120_000);
}

async function listsAll(subject: Subject, driver: StreamDriver): Promise<void> {
  for (const pageSize of [1, 3, 50]) {
    await subject.reset();
    const steady = await driver.create(4, { sameSecond: true });
    const goes = [...(await driver.create(4))];
    const edited = await driver.create(3);
    await settle(subject);
    const listed = await censusOf(
      await openStream(subject, driver),
      pageSize,
      async () => {
        await subject.advance(1000);
        const gone = goes.pop();
        if (gone !== undefined) await driver.remove?.([gone]);
        for (const key of edited) await driver.touch(key);
        if (goes.length > 0) await driver.create(1);
      },
      20,
    );
    const missed = [...steady, ...edited].filter((key) => !listed.includes(key));
    demand(missed.length === 0, `with pages of ${pageSize}, ${missed.join(', ')} were there all the time and were not listed`);
    demand(new Set(listed).size === listed.length, `with pages of ${pageSize}, a key is listed twice`);
  }
}

async function missesTheDeleted(subject: Subject, driver: StreamDriver): Promise<void> {
  const [one = '', other = '', ...rest] = await driver.create(7);
  await settle(subject);
  await driver.remove?.([one, other]);
  await settle(subject);
  const stream = await openStream(subject, driver);
  const listed = await censusOf(stream, 3);
  demand(listed.toSorted().join() === rest.toSorted().join(), `2 of 7 were deleted, and ${listed.length} are listed`);
  const found = await placesOf(subject, driver, [one, other, ...rest]);
  for (const key of [one, other]) demandPlace(found, key, ['deleted', 'unknown']);
  for (const key of rest) demandPlace(found, key, ['here']);
  demand(((await stream.get?.([one, ...rest.slice(0, 1)])) ?? [1]).length === 1, 'a deleted record is still got by its key');
}

async function keepsTheHidden(subject: Subject, driver: StreamDriver): Promise<void> {
  const keys = await driver.create(6);
  await settle(subject);
  // Some of them, and then all: an empty listing is no word about anything.
  for (const hidden of [keys.slice(0, 2), keys]) {
    await driver.hide?.(hidden);
    await settle(subject);
    const listed = await censusOf(await openStream(subject, driver), 4);
    demand(!hidden.some((key) => listed.includes(key)), 'a record that may not be read is listed');
    const found = await placesOf(subject, driver, keys);
    for (const key of hidden) demandPlace(found, key, ['not-visible', 'unknown']);
    for (const key of keys.filter((one) => !hidden.includes(one))) demandPlace(found, key, ['here']);
  }
  await driver.show?.(keys);
  await settle(subject);
  const stream = await openStream(subject, driver);
  demand((await censusOf(stream, 4)).length === keys.length, 'what may be read again is not listed again');
  for (const key of keys) demandPlace(await placesOf(subject, driver, keys), key, ['here']);
  demand((await stream.get?.(keys))?.length === keys.length, 'what may be read again is not got by its key');
}

async function knowsTheRenumbered(subject: Subject, driver: StreamDriver): Promise<void> {
  const [key = ''] = await driver.create(1);
  await driver.create(2);
  await settle(subject);
  const read = async (): Promise<readonly (readonly [string, string])[]> =>
    (await readRun(subject, await openStream(subject, driver), undefined, 5)).flatMap((page) =>
      page.records.map((record) => [record.ref.key, record.number] as const),
    );
  const before = new Map(await read());
  await driver.renumber?.(key);
  await settle(subject);
  const after = await read();
  demand(new Set(after.map(([one]) => one)).size === after.length && after.length === before.size, 'the new number made another record');
  const number = new Map(after).get(key);
  demand(number !== undefined && number !== before.get(key), `the record was ${before.get(key)} and is ${number ?? 'not there'}`);
  demandPlace(await placesOf(subject, driver, [key]), key, ['here']);
}

async function placesOf(subject: Subject, driver: StreamDriver, keys: readonly string[]): Promise<ReadonlyMap<string, Whereabouts>> {
  const found = await (await openStream(subject, driver)).whereabouts?.(keys);
  demand(found !== undefined, 'the stream has keys() and no whereabouts()');
  return found;
}

function demandPlace(found: ReadonlyMap<string, Whereabouts>, key: string, allowed: readonly Whereabouts[]): void {
  const place = found.get(key) ?? 'unknown';
  demand(allowed.includes(place), `${key} is called ${place}, and is ${allowed.join(' or ')}`);
}
