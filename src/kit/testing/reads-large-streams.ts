import { demand, onFreshSystem, promise, type Promised } from './case.js';
import { openStream, readPage, readRun } from './reading.js';
import type { StreamDriver, Subject } from './subject.js';

/**
 * Reads large streams, whatever the system gives at once, and says what it was not given.
 * @param many more than the API gives at once, or by default (ServiceNow: 10,000 rows)
 */
export function readsLargeStreams(subject: Subject, driver: StreamDriver, many: number): readonly Promised[] {
  const name = (text: string): string => `${driver.stream}: ${text}`;
  return [
    promise(
      name(`a stream of ${many.toLocaleString('en')} records is read whole (F24)`),
      () =>
        onFreshSystem(subject, async () => {
          await driver.createMany?.(many);
          await subject.advance(subject.settleMs + 120_000);
          const stream = await openStream(subject, driver);
          const keys = new Set<string>();
          let [records, pages] = [0, 0];
          for (let cursor, done = false; !done; pages += 1) {
            demand(pages < 1000, 'it does not come to an end');
            const page = await readPage(subject, stream, cursor, 5000);
            for (const { ref } of page.records) keys.add(ref.key);
            records += page.records.length;
            ({ cursor, done } = page);
          }
          demand(keys.size === many && records === many, `${records} records arrived, ${keys.size} different ones`);
        }),
      { createMany: driver.createMany !== undefined },
    ),
    promise(
      name('pages that the system makes smaller than asked for are not the end (F06)'),
      () =>
        onFreshSystem(subject, async () => {
          await driver.create(13);
          await subject.advance(subject.settleMs + 120_000);
          const expected = await driver.visible();
          await subject.lowerPages?.(3);
          const pages = await readRun(subject, await openStream(subject, driver), undefined, 10);
          const keys = pages.flatMap((page) => page.records.map(({ ref }) => ref.key));
          demand(keys.length === expected.size && new Set(keys).size === keys.length, `${expected.size} records, ${keys.length} arrived`);
        }),
      { lowerPages: subject.lowerPages !== undefined },
    ),
    promise(
      name('rows that may not be read are counted (F08)'),
      () =>
        onFreshSystem(subject, async () => {
          const keys = await driver.create(8);
          await subject.advance(subject.settleMs + 120_000);
          await driver.hide?.(keys.slice(2, 5));
          const pages = await readRun(subject, await openStream(subject, driver), undefined, 20);
          const counted = pages.reduce((sum, page) => sum + (page.unreadable ?? 0), 0);
          demand(counted === 3, `3 rows may not be read, and ${counted} are told`);
        }),
      { tellsUnreadable: driver.tellsUnreadable === true, hide: driver.hide !== undefined },
    ),
  ];
}
