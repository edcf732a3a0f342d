import { itself } from '../../domain/index.js';
import { type Cursor, Failure, type Instant, type JsonObject, type Stream, type Whereabouts } from '../../kit/index.js';
import {
  absences,
  appendJournal,
  endAbsences,
  getSetting,
  keyHash,
  noteAbsent,
  presentKeys,
  putSetting,
  type StreamName,
  type Db,
} from '../../store/index.js';
import type { System } from '../systems.js';
import type { World } from '../world.js';
import { saveRead } from './save-read.js';

/** What a census found. */
export interface Counted {
  readonly listed: number;
  /** Newly noticed or missed once more, by what became of them. */
  readonly absent: Readonly<Partial<Record<Whereabouts, number>>>;
  readonly back: number;
  /** Too many are missing at once: nothing was noted, a person must say that it is so. */
  readonly held?: number;
}

/** Where the census of a stream stands. */
interface Standing {
  readonly at: Instant;
  readonly held?: { readonly missing: number; readonly of: number; readonly at: Instant };
  readonly approved?: { readonly upTo: number; readonly by: string; readonly at: Instant };
}

const pageSize = 10_000;
/** Keys a question after whereabouts. */
const batch = 100;
/** More missing at once than this, and more than a tenth of the stream, is more likely a right that was taken away than so many deletions. */
const suddenlyMany = 10;

/** Whether it is time for a census of this stream; the first one is due a while after the first time this is asked. */
export async function isCensusDue(world: World, system: System, stream: Stream): Promise<boolean> {
  if (stream.keys === undefined || stream.whereabouts === undefined || system.censusHours === 0) return false;
  const standing = await standingOf(world.store.read, { system: system.id, stream: stream.name });
  const at = world.clock();
  if (standing !== undefined) return Date.parse(at) - Date.parse(standing.at) >= system.censusHours * 3_600_000;
  await world.store.tx((t) => putSetting(t, settingOf({ system: system.id, stream: stream.name }), { at }));
  return false;
}

/**
 * Compares the keys of everything that the stream can see now with what is stored, and asks what became of the missing. Evidence is kept whatever is found.
 * A sudden mass disappearance is held for a person. Safe to repeat; interrupted, it has found nothing.
 */
export async function takeCensus(world: World, system: System, stream: Stream): Promise<Counted> {
  const name = { system: system.id, stream: stream.name };
  if (stream.whereabouts === undefined) throw new Failure('config', `${stream.name} of ${system.id} has no census`, { system: system.id });
  const listed = await listKeys(world, stream);
  const has = memberOf(listed);
  const missing: string[] = [];
  let present = 0;
  for (let after: number | undefined = 0; after !== undefined;) {
    const page = await presentKeys(world.store.read, name, { after, limit: 5000 });
    present += page.keys.length;
    missing.push(...page.keys.filter((key) => !has(key)));
    after = page.next;
  }
  const known = await absences(world.store.read, name);
  const standing = await standingOf(world.store.read, name);
  if (missing.length > Math.max(suddenlyMany, present / 10) && missing.length > (standing?.approved?.upTo ?? 0))
    return hold(world, name, { missing: missing.length, of: present, listed: listed.length });

  const found = new Map<string, Whereabouts>();
  const asked = [
    ...missing,
    ...known
      .filter(({ whereabouts }) => whereabouts !== 'deleted')
      .map(({ ref }) => ref.key)
      .filter((key) => !has(key)),
  ];
  for (let at = 0; at < asked.length; at += batch) {
    const keys = asked.slice(at, at + batch);
    const told = await stream.whereabouts(keys, world.signal);
    for (const key of keys) found.set(key, told.get(key) ?? 'unknown');
  }
  const here = [...found].filter(([, where]) => where === 'here').map(([key]) => key);
  for (const key of here) found.delete(key);
  const back = known.map(({ ref }) => ref.key).filter((key) => has(key) || here.includes(key));
  const again = stream.get === undefined || back.length === 0 ? [] : await stream.get(back, world.signal);

  const at = world.clock();
  const absent = countBy(found.values());
  await world.store.tx(async (t) => {
    await noteAbsent(t, name, found, at);
    await endAbsences(t, name, back, at);
    await saveRead(world, t, { system, stream, cause: { at, by: 'census', because: 'it is there again' } }, again);
    await putSetting(t, settingOf(name), { at });
    const news = missing.filter((key) => found.has(key));
    if (news.length + back.length > 0)
      await appendJournal(t, [
        {
          at,
          actor: itself,
          kind: 'census',
          subject: textOf(name),
          because: `of the records kept, ${news.length} more are not listed any more, and ${back.length} are again`,
          body: { listed: listed.length, absent, missing: news, back } as JsonObject,
        },
      ]);
  });
  if (missing.length > here.length)
    world.log.warn('records are no longer brought by their stream; what was kept of them stays', { ...name, ...absent });
  return { listed: listed.length, absent, back: back.length };
}

/** Lets the next census note that up to so many records are absent. Fails with `config` when none is held. */
export async function approveCensus(world: World, name: StreamName, given: { readonly upTo: number; readonly by: string }): Promise<void> {
  const standing = await standingOf(world.store.read, name);
  if (standing?.held === undefined)
    throw new Failure('config', `no census of ${textOf(name)} is held`, { hint: 'golden-thread status shows the held ones' });
  const at = world.clock();
  await world.store.tx(async (t) => {
    // Due at once.
    await putSetting(t, settingOf(name), { at: new Date(0).toISOString(), approved: { ...given, at } });
    await appendJournal(t, [
      {
        at,
        actor: given.by,
        kind: 'census-approved',
        subject: textOf(name),
        because: `up to ${given.upTo} records are really gone`,
        body: { upTo: given.upTo },
      },
    ]);
  });
}

async function hold(
  world: World,
  name: StreamName,
  { missing, of, listed }: { readonly missing: number; readonly of: number; readonly listed: number },
): Promise<Counted> {
  const at = world.clock();
  const before = await standingOf(world.store.read, name);
  await world.store.tx(async (t) => {
    await putSetting(t, settingOf(name), { at, held: { missing, of, at } });
    if (before?.held?.missing !== missing)
      await appendJournal(t, [
        {
          at,
          actor: itself,
          kind: 'census-held',
          subject: textOf(name),
          because: `${missing} of ${of} records have vanished at once`,
          body: { missing, of },
        },
      ]);
  });
  world.log.error(`${missing} of ${of} records have vanished at once; nothing was noted`, {
    ...name,
    hint: `check the rights of the account; if they are really gone: golden-thread census approve ${textOf(name)} --up-to ${missing} --by NAME`,
  });
  return { listed, absent: {}, back: 0, held: missing };
}

async function listKeys(world: World, stream: Stream): Promise<readonly number[]> {
  const listed: number[] = [];
  for (let cursor: Cursor | undefined, done = false; !done;) {
    const page = await stream.keys?.(cursor, { pageSize, signal: world.signal });
    if (page === undefined) break;
    for (const key of page.keys) listed.push(keyHash(key));
    cursor = page.cursor;
    done = page.done;
  }
  return listed;
}

/** By hash, eight bytes a key: two keys with one hash would hide a deletion, once in some 10^10 deletions of a large stream. */
function memberOf(hashes: readonly number[]): (key: string) => boolean {
  const sorted = Float64Array.from(hashes).sort();
  return (key) => {
    const wanted = keyHash(key);
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return sorted[low] === wanted;
  };
}

function countBy(values: Iterable<Whereabouts>): Partial<Record<Whereabouts, number>> {
  const counts: Partial<Record<Whereabouts, number>> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

async function standingOf(db: Db, name: StreamName): Promise<Standing | undefined> {
  return (await getSetting(db, settingOf(name))) as Standing | undefined;
}

function settingOf(name: StreamName): string {
  return `census/${textOf(name)}`;
}

function textOf({ system, stream }: StreamName): string {
  return `${system}/${stream}`;
}
