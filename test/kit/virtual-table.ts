import type { OrderedQuery, RangeAsk, Row, RowPage } from 'golden-thread/kit';

const start = Date.parse('2026-03-01T00:00:00.000Z');

interface Version {
  readonly number: number;
  readonly stamp: number;
  /** When the transaction commits: until then readers see what was there before. */
  readonly visibleAt: number;
}

interface Entry {
  readonly key: string;
  readonly versions: Version[];
  readable: boolean;
  /** It was hidden since its last visible change: an incremental reader cannot know that it came back (that is the census' business). */
  excused: boolean;
}

/** A remote table in virtual time whose rows change between the reads. */
export interface VirtualTable {
  readonly query: OrderedQuery;
  now(): number;
  advance(ms: number): void;
  create(delayMs?: number): string;
  touch(index: number, delayMs?: number): void;
  hide(index: number): void;
  show(index: number): void;
  /** The number of the newest version, visible or not. */
  newest(key: string): number;
  /** What a reader that loses nothing must hold: readable key -> number of its newest visible version. */
  expected(): ReadonlyMap<string, number>;
  size(): number;
}

/**
 * `keyset`: as ServiceNow. Stamps of whole seconds, limit before access rules, raw total, exact continuation behind (stamp, key).
 * A page may cover fewer rows than asked for (`coversAtMost`), as when the remote runs into its own limits.
 * `floor`: as Jira. Stamps in milliseconds, `updated >= x` rounded down to the minute, rows that may not be read do not count at all.
 */
export function createVirtualTable(order: OrderedQuery['order'], settleMs: number, coversAtMost = Infinity): VirtualTable {
  const unit = order === 'keyset' ? 1000 : 1;
  const granularityMs = order === 'keyset' ? 1000 : 60_000;
  const entries: Entry[] = [];
  let now = start;
  const floor = (ms: number, to: number): number => Math.floor(ms / to) * to;
  const current = (entry: Entry): Version | undefined => entry.versions.findLast((version) => version.visibleAt <= now);
  const change = (entry: Entry, delayMs: number): void => {
    const stamp = floor(now, unit);
    entry.versions.push({ number: (entry.versions.at(-1)?.number ?? 0) + 1, stamp, visibleAt: now + delayMs });
    if (entry.readable) entry.excused = false;
  };
  const at = (index: number): Entry | undefined => entries[index % Math.max(1, entries.length)];

  const fetch = (ask: RangeAsk): Promise<RowPage> => {
    const from = floor(Date.parse(ask.from), granularityMs);
    const until = ask.until === undefined ? Infinity : floor(Date.parse(ask.until), unit);
    const covered = Math.min(ask.limit, coversAtMost);
    const after = ask.after && { stamp: Date.parse(ask.after.updatedAt), key: ask.after.key };
    const range = entries
      .flatMap((entry) => {
        const version = current(entry);
        return version === undefined ? [] : [{ entry, ...version }];
      })
      .filter(({ entry }) => order === 'keyset' || entry.readable)
      .filter(({ entry, stamp }) =>
        after === undefined ? stamp >= from : stamp > after.stamp || (stamp === after.stamp && entry.key > after.key),
      )
      .filter(({ stamp }) => stamp <= until)
      .toSorted((a, b) => a.stamp - b.stamp || (a.entry.key < b.entry.key ? -1 : 1));
    const rows = range
      .slice(ask.skip, ask.skip + covered)
      .filter(({ entry }) => entry.readable)
      .map(({ entry, number, stamp }) => asRow(entry.key, number, stamp));
    const page = { rows, more: range.length > ask.skip + covered, remoteNow: new Date(floor(now, 1000)).toISOString() };
    return Promise.resolve(order === 'keyset' ? { ...page, total: range.length, covered } : page);
  };

  return {
    query: { order, granularityMs, settleMs, maxPageSize: order === 'keyset' ? 1000 : 100, fetch },
    now: () => now,
    advance: (ms) => (now += ms),
    create(delayMs = 0) {
      // Keys in an order of their own, so that a later record may sort before an earlier one of the same stamp.
      const key = `${((entries.length * 7919) % 9973).toString(16).padStart(4, '0')}${entries.length}`;
      const entry: Entry = { key, versions: [], readable: true, excused: false };
      entries.push(entry);
      change(entry, delayMs);
      return key;
    },
    touch(index, delayMs = 0) {
      const entry = at(index);
      // A row is locked while a transaction on it is open.
      if (entry !== undefined && (entry.versions.at(-1)?.visibleAt ?? 0) <= now) change(entry, delayMs);
    },
    hide(index) {
      const entry = at(index);
      if (entry !== undefined) [entry.readable, entry.excused] = [false, true];
    },
    show(index) {
      const entry = at(index);
      if (entry !== undefined) entry.readable = true;
    },
    newest: (key) => entries.find((entry) => entry.key === key)?.versions.at(-1)?.number ?? 0,
    expected: () =>
      new Map(
        entries
          .filter((entry) => entry.readable && !entry.excused)
          .flatMap((entry) => {
            const version = current(entry);
            return version === undefined ? [] : [[entry.key, version.number] as const];
          }),
      ),
    size: () => entries.length,
  };
}

function asRow(key: string, number: number, stamp: number): Row {
  const updatedAt = new Date(stamp).toISOString();
  return {
    record: { ref: { system: 'virtual', stream: 'row', key }, number: key, url: `virtual:${key}`, updatedAt, data: { version: number } },
  };
}
