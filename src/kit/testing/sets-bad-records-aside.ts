import type { Rejection } from 'golden-thread/kit';
import { isFailure } from '../failure.js';
import { demand, onFreshSystem, promise, type Promised } from './case.js';
import { changed } from './disturbances.js';
import { wireOf } from './operations.js';
import { contentOf, openStream, readRun } from './reading.js';
import type { StreamDriver, Subject } from './subject.js';

/** Values that a field of a record may suddenly hold: none of them an instant, so that no record claims another place in the order. */
const unfit: readonly unknown[] = [null, true, {}, [], [[null]], '', 'x'.repeat(100_000), { value: { value: [] } }, -1e308];
/** Text that people and machines write, and that storage and comparison trip over. */
const odd = [
  'a\u0000b',
  'a\ud800b',
  '\udc00',
  'a\u2028b\u2029',
  '\ufeffa',
  '\u202etxt',
  '𝔘👩‍👩‍👧',
  'e\u0301\u0323',
  '__proto__',
  '\r\n\u001b[31m',
];

/** A place in a row: the names and indexes that lead to it. */
type Place = readonly (string | number)[];

/** Sets bad records aside, one by one, and lives through a remote whose fields change their shape. */
export function setsBadRecordsAside(subject: Subject, driver: StreamDriver): readonly Promised[] {
  const name = (text: string): string => `${driver.stream}: ${text}`;
  const needs = { wire: subject.wire !== undefined, rowsIn: driver.rowsIn !== undefined };
  const fresh = (run: () => Promise<void>) => (): Promise<void> => onFreshSystem(subject, run);
  return [
    promise(
      name('bad records among good ones are set aside one by one with key, field and reason, none silently (F11, F12)'),
      fresh(() => corpus(subject, driver, unfit)),
      needs,
    ),
    promise(
      name('odd text arrives or is set aside, and reads the same the next time (F13)'),
      fresh(() => corpus(subject, driver, odd)),
      needs,
    ),
    promise(
      name('a field that goes, changes its type or becomes an object stops nothing for longer than it lasts (F23)'),
      fresh(() => drift(subject, driver)),
      needs,
    ),
  ];
}

/** Every second record of a page is spoiled, each at another place or with another value, until every place has had every value. */
async function corpus(subject: Subject, driver: StreamDriver, values: readonly unknown[]): Promise<void> {
  const keys = await driver.create(40);
  await subject.advance(subject.settleMs + 120_000);
  const bad = keys.filter((_, i) => i % 2 === 1);
  const samples = await placesIn(subject, driver);
  const places = [...samples.keys()].map((one) => JSON.parse(one) as Place);
  // Another text in the place of a key would be another record, and perhaps one that was not asked for.
  const isOfKey = (place: Place): boolean => keys.includes(samples.get(JSON.stringify(place)) as string);
  const all = places.flatMap((place) =>
    values.filter((value) => typeof value !== 'string' || value === '' || !isOfKey(place)).map((value) => ({ place, value })),
  );
  // As many as a few runs can hold, spread over all of them.
  const [rounds, wire] = [Math.min(12, Math.ceil(all.length / bad.length)), wireOf(subject)];
  for (let round = 0; round < rounds; round += 1) {
    const spoil = new Map(
      bad.map((key, i) => [key, all[Math.floor(((round * bad.length + i) * all.length) / (rounds * bad.length))]] as const),
    );
    wire.disturb(() => ({
      do: 'change',
      change: (told) =>
        changed(told, (body) => {
          for (const { key, row } of driver.rowsIn?.(body) ?? []) {
            const one = spoil.get(key);
            if (one !== undefined) put(row, one.place, one.value);
          }
          return body;
        }),
    }));
    const [first, second] = [await contentsOf(subject, driver), await contentsOf(subject, driver)];
    wire.heal();
    // Those whose key was spoiled.
    const strangers = first.keys.filter((key) => !keys.includes(key)).length;
    const missing = keys.filter((key) => !first.records.has(key) && !first.rejected.has(key));
    const good = keys.filter((key) => !spoil.has(key) && !first.records.has(key));
    const described = missing.map((key) => `${key} with ${JSON.stringify(spoil.get(key))?.slice(0, 200)}`);
    demand(good.length === 0, `good records did not arrive: ${good.join(', ')}`);
    demand(missing.length <= strangers, `neither arrived nor set aside: ${described.join('; ')}`);
    for (const { key, problems } of first.rejected.values())
      demand(problems.length > 0 && problems.every((problem) => problem.trim() !== ''), `${key} was set aside without a reason`);
    const unstable = [...first.records]
      .filter(([key, content]) => second.records.get(key) !== content)
      .map(([key]) => `${key} with ${JSON.stringify(spoil.get(key))}`);
    demand(unstable.length === 0, `reads otherwise the second time: ${unstable.join('; ')}`);
  }
}

/** Each place of every record changes at once, as when an administrator changes the table. */
async function drift(subject: Subject, driver: StreamDriver): Promise<void> {
  const keys = await driver.create(5);
  await subject.advance(subject.settleMs + 120_000);
  const wire = wireOf(subject);
  const places = [...(await placesIn(subject, driver)).keys()].map((one) => JSON.parse(one) as Place).filter((place) => place.length <= 2);
  const samples = await placesIn(subject, driver);
  for (const place of places) {
    const isKey = keys.includes(samples.get(JSON.stringify(place)) as string);
    for (const value of [undefined, 4711, ...(isKey ? [] : ['a choice that is new']), { link: 'https://example.com', value: 'x' }]) {
      wire.disturb(() => ({
        do: 'change',
        change: (told) =>
          changed(told, (body) => {
            for (const { row } of driver.rowsIn?.(body) ?? []) put(row, place, value);
            return body;
          }),
      }));
      const under = `${place.join('.')} as ${JSON.stringify(value) ?? 'nothing'}`;
      const told = await contentsOf(subject, driver).catch((error: unknown) => error);
      wire.heal();
      if (told instanceof Error) demand(isFailure(told) && told.kind !== 'transient', `${under}: ${told.message}`);
      else {
        const { length } = (told as Contents).keys;
        demand(length >= keys.length, `${under}: of ${keys.length} records, ${length} arrived or were set aside`);
      }
    }
  }
  const { records } = await contentsOf(subject, driver);
  demand(records.size === keys.length, 'after the fields were as before, not every record arrives');
}

interface Contents {
  readonly records: ReadonlyMap<string, string>;
  readonly rejected: ReadonlyMap<string, Rejection>;
  /** The keys of all of them, as often as they came. */
  readonly keys: readonly string[];
}

async function contentsOf(subject: Subject, driver: StreamDriver): Promise<Contents> {
  const stream = await openStream(subject, driver);
  const pages = await readRun(subject, stream, undefined, 9);
  for (const { ref, data } of pages.flatMap((page) => page.records)) {
    const parsed = stream.record.safeParse(data);
    demand(parsed.success, `${ref.key} does not fit the stream's own schema: ${String(parsed.error)}`);
  }
  return {
    keys: pages.flatMap(({ records, rejected }) => [...records.map(({ ref }) => ref.key), ...rejected.map(({ key }) => key)]),
    records: new Map(pages.flatMap((page) => page.records.map((record) => [record.ref.key, contentOf(stream, record)] as const))),
    rejected: new Map(pages.flatMap((page) => page.rejected.map((one, i) => [one.key === '' ? `(none ${i})` : one.key, one] as const))),
  };
}

/** Every place in the rows of the stream, as the wire sees them, as JSON, and something that stands there. */
async function placesIn(subject: Subject, driver: StreamDriver): Promise<ReadonlyMap<string, unknown>> {
  const places = new Map<string, unknown>();
  wireOf(subject).disturb(() => ({
    do: 'change',
    change: (told) => {
      changed(told, (body) => {
        for (const { row } of driver.rowsIn?.(body) ?? [])
          for (const [place, value] of within(row)) places.set(JSON.stringify(place), value);
        return body;
      });
      return told;
    },
  }));
  await contentsOf(subject, driver);
  wireOf(subject).heal();
  demand(places.size > 0, 'rowsIn finds no rows in any answer');
  return places;
}

function within(value: unknown, path: Place = []): readonly (readonly [Place, unknown])[] {
  const here: readonly (readonly [Place, unknown])[] = path.length === 0 ? [] : [[path, value]];
  if (typeof value !== 'object' || value === null || path.length >= 4) return here;
  const below = Object.entries(value).flatMap(([name, inner]) => within(inner, [...path, Array.isArray(value) ? Number(name) : name]));
  return [...here, ...below];
}

/** Puts a value there; `undefined` takes the place away. What is not there stays as it is. */
function put(row: Record<string, unknown>, place: Place, value: unknown): void {
  let at: unknown = row;
  for (const name of place.slice(0, -1))
    at = typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>)[name] : undefined;
  const last = place.at(-1);
  if (typeof at !== 'object' || at === null || last === undefined || !Object.hasOwn(at, last)) return;
  if (value === undefined) Reflect.deleteProperty(at, last);
  else (at as Record<string | number, unknown>)[last] = value;
}
