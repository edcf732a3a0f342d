import type { FieldInfo, Page, Stream } from 'golden-thread/kit';
import { isFailure } from '../failure.js';
import { demand, onFreshSystem, promise, type Promised } from './case.js';
import { contentOf, openStream, readPage, readRun } from './reading.js';
import type { StreamDriver, Subject } from './subject.js';

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const pageSizes = [1, 2, 7];

/** Reads everything, in the shape that the kit promises to core and to mappings. */
export function readsEverything(subject: Subject, driver: StreamDriver): readonly Promised[] {
  const name = (text: string): string => `${driver.stream}: ${text}`;
  const populated = (run: (stream: Stream) => Promise<void>) => (): Promise<void> =>
    onFreshSystem(subject, async () => {
      await driver.create(5, { sameSecond: true });
      await driver.create(7);
      await subject.advance(subject.settleMs + 120_000);
      await run(await openStream(subject, driver));
    });

  return [
    promise(
      name('every record arrives once, at its newest version, whatever the page size'),
      populated(async (stream) => {
        const expected = await driver.visible();
        demand(expected.size >= 12, `the driver made 12 records, and ${expected.size} are visible`);
        for (const pageSize of pageSizes) {
          const pages = await readRun(subject, stream, undefined, pageSize);
          for (const page of pages)
            demand(page.records.length <= pageSize, `a page of ${page.records.length} records, asked for ${pageSize}`);
          demandSame(
            expected,
            recordsOf(pages).map((record) => [record.ref.key, driver.version(record)] as const),
            pageSize,
          );
        }
      }),
    ),
    promise(
      name('records have the promised shape: reference, number, address, instants, schema'),
      populated(async (stream) => {
        const pages = await readRun(subject, stream, undefined, 7);
        for (const record of recordsOf(pages)) {
          const { ref, number, url, updatedAt, data } = record;
          demand(ref.stream === driver.stream && ref.system !== '' && ref.key !== '', `reference ${JSON.stringify(ref)}`);
          demand(number !== '' && URL.canParse(url), `number ${JSON.stringify(number)}, address ${JSON.stringify(url)}`);
          demand(instant.test(updatedAt), `${ref.key}: updatedAt ${updatedAt} is not an instant with milliseconds and Z`);
          const parsed = stream.record.safeParse(data);
          demand(parsed.success, `${ref.key} does not fit the stream's own schema: ${String(parsed.error)}`);
        }
        for (const page of pages) demand(instant.test(page.remoteNow), `remoteNow ${page.remoteNow}`);
        const completeTo = pages.at(-1)?.completeTo ?? '';
        demand(instant.test(completeTo), 'a complete run does not say up to when it is complete');
      }),
    ),
    promise(
      name('the fields that mappings may read are described, the wanted ones among them'),
      populated(async (stream) => {
        const fields = await stream.fields();
        demand(fields.length > 0, 'fields() is empty');
        const unknown = driver.wanted.filter((wanted) => !describes(fields, wanted));
        demand(unknown.length === 0, `fields() does not know ${unknown.join(', ')}`);
      }),
    ),
    promise(
      name('a full read twice is equal'),
      populated(async (stream) => {
        const read = async (from: Stream): Promise<readonly string[]> =>
          recordsOf(await readRun(subject, from, undefined, 5))
            .map((record) => contentOf(from, record))
            .toSorted();
        const [first, second] = [await read(stream), await read(await openStream(subject, driver))];
        const changed = second.find((one, index) => one !== first[index]);
        demand(
          changed === undefined && first.length === second.length,
          `nothing changed, but it reads otherwise: ${changed ?? 'fewer records'}`,
        );
      }),
    ),
    promise(name('a run over nothing ends, and says up to when'), () =>
      onFreshSystem(subject, async () => {
        const pages = await readRun(subject, await openStream(subject, driver), undefined, 5);
        demand(recordsOf(pages).length === 0 && pages.at(-1)?.completeTo !== undefined, 'an empty system reads as something');
      }),
    ),
    promise(
      name('a cursor that it did not write is refused, not guessed at'),
      populated(async (stream) => {
        const outcome = await readPage(subject, stream, { v: 99, from: 'elsewhere' }, 5).catch((error: unknown) => error);
        demand(isFailure(outcome) && outcome.kind === 'contract', 'a foreign cursor did not fail as contract');
      }),
    ),
    promise(
      name('records are got by key, and missing ones left out'),
      populated(async (stream) => {
        demand(stream.get !== undefined, 'the stream has no get(): if that is meant so, give it as the reason in skip');
        const [some = '', other = ''] = [...(await driver.visible()).keys()];
        const got = await stream.get([some, missingKey(some), other]);
        demand(
          got
            .map((one) => one.ref.key)
            .toSorted()
            .join() === [some, other].toSorted().join(),
          `asked for two, got ${got.length}`,
        );
      }),
    ),
  ];
}

/** A key of the same form that nothing has. */
export function missingKey(key: string): string {
  return key.replace(/.{1,8}$/, (tail) => tail.replaceAll(/./g, (one) => (one === '9' ? '8' : '9')));
}

function recordsOf(pages: readonly Page[]): readonly Page['records'][number][] {
  return pages.flatMap((page) => page.records);
}

function demandSame(expected: ReadonlyMap<string, string>, delivered: readonly (readonly [string, string])[], pageSize: number): void {
  const got = new Map(delivered);
  const with_ = `with pages of ${pageSize}`;
  demand(got.size === delivered.length, `${delivered.length - got.size} records arrived twice ${with_}`);
  for (const [key, version] of expected)
    demand(got.get(key) === version, `${with_}, ${key} arrived as ${got.get(key) ?? 'nothing'} and is ${version}`);
  for (const key of got.keys()) demand(expected.has(key), `${with_}, ${key} arrived and should not be visible`);
}

/** A dot-walked name is described by itself or by a reference in front of it that is open. */
function describes(fields: readonly FieldInfo[], wanted: string): boolean {
  return fields.some((field) => field.name === wanted || (field.open === true && wanted.startsWith(`${field.name}.`)));
}
