import fc from 'fast-check';
import type { Cursor, OrderedQuery, Page, ReadAsk } from 'golden-thread/kit';
import { createVirtualTable, type VirtualTable } from './virtual-table.js';

/** A way to read: the kit's own, or one that is broken on purpose. */
export interface Reader {
  read(query: OrderedQuery, cursor: Cursor | undefined, ask: ReadAsk): Promise<Page>;
  /** Saves the cursor before the data: what a crash in between costs. */
  readonly cursorFirst?: boolean;
}

type Change =
  | { readonly do: 'create' | 'createLate'; readonly delay: number; readonly burst: number }
  | { readonly do: 'touch' | 'touchLate' | 'hide' | 'hideMany' | 'show'; readonly at: number; readonly delay: number };

/** What happens between two page reads. */
interface Moment {
  readonly changes: readonly Change[];
  readonly passMs: number;
  /** The process dies with this page: between its two writes, or after them. In both cases only what was saved survives. */
  readonly crash: 'no' | 'within' | 'after';
}

export interface History {
  readonly order: OrderedQuery['order'];
  readonly pageSize: number;
  readonly settleMs: number;
  readonly rowsAtFirst: number;
  /** `keyset` only: the remote delivers fewer rows than asked for. */
  readonly coversAtMost: number;
  readonly moments: readonly Moment[];
}

const index = fc.nat({ max: 30 });
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('create' as const), delay: fc.constant(0), burst: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('createLate' as const), delay: fc.nat({ max: 100 }), burst: fc.constant(1) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('touch' as const), at: index, delay: fc.constant(0) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('touchLate' as const), at: index, delay: fc.nat({ max: 100 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('hide' as const, 'hideMany' as const, 'show' as const), at: index, delay: fc.constant(0) }),
  },
);

/** Random histories: bursts in one second, edits while paging, late commits up to the settle time, rows losing their readers, crashes. */
export const histories: fc.Arbitrary<History> = fc.record({
  order: fc.constantFrom('keyset', 'floor'),
  pageSize: fc.integer({ min: 1, max: 5 }),
  settleMs: fc.constantFrom(0, 1000, 5000, 20_000),
  rowsAtFirst: fc.nat({ max: 12 }),
  coversAtMost: fc.constantFrom(1000, 1000, 1, 2, 3),
  moments: fc.array(
    fc.record({
      changes: fc.array(change, { maxLength: 4 }),
      passMs: fc.oneof(fc.constant(0), fc.nat({ max: 2500 }), fc.nat({ max: 90_000 })),
      crash: fc.constantFrom('no', 'no', 'no', 'no', 'within', 'after'),
    }),
    { maxLength: 30 },
  ),
});

function happen(table: VirtualTable, change: Change, settleMs: number): void {
  const delay = Math.floor((change.delay * settleMs) / 100);
  if ('burst' in change) for (let i = 0; i < change.burst; i += 1) table.create(delay);
  else if (change.do === 'show') table.show(change.at);
  else if (change.do === 'hide') table.hide(change.at);
  else if (change.do === 'hideMany') for (let i = 0; i < 8; i += 1) table.hide(change.at + i);
  else table.touch(change.at, delay);
}

/** The durable side: data and cursor, as one transaction leaves them. */
export interface Store {
  readonly versions: ReadonlyMap<string, number>;
  readonly cursor: Cursor | undefined;
}

/** Reads one page, saves it, dies where it is told to. `done`: the run was complete and is saved as such. */
export async function readPage(
  reader: Reader,
  table: VirtualTable,
  store: Store,
  ask: { readonly pageSize: number; readonly settleMs: number; readonly crash: Moment['crash'] },
): Promise<{ readonly store: Store; readonly done: boolean; readonly page: Page }> {
  // As JSON and back: what survives is what was saved, nothing that a reader keeps in memory.
  const cursor = store.cursor === undefined ? undefined : (JSON.parse(JSON.stringify(store.cursor)) as Cursor);
  const page = await reader.read(table.query, cursor, {
    since: '2026-01-01T00:00:00.000Z',
    pageSize: ask.pageSize,
    settleMs: ask.settleMs,
  });
  if (ask.crash === 'within') return { store: reader.cursorFirst === true ? { ...store, cursor: page.cursor } : store, done: false, page };
  const versions = new Map(store.versions);
  for (const record of page.records) versions.set(record.ref.key, Number(record.data['version']));
  return { store: { versions, cursor: page.cursor }, done: page.done, page };
}

/** What is missing once everything has come to rest: `key: has, should have`. Empty when nothing was lost. */
export async function lostAfter(reader: Reader, history: History): Promise<readonly string[]> {
  const { order, pageSize, settleMs } = history;
  const table = createVirtualTable(order, settleMs, order === 'keyset' ? history.coversAtMost : Infinity);
  for (let i = 0; i < history.rowsAtFirst; i += 1) {
    table.create();
    table.advance(i % 3 === 0 ? 700 : 0);
  }
  let store: Store = { versions: new Map(), cursor: undefined };
  for (const moment of history.moments) {
    for (const one of moment.changes) happen(table, one, settleMs);
    table.advance(moment.passMs);
    ({ store } = await readPage(reader, table, store, { pageSize, settleMs, crash: moment.crash }));
  }
  table.advance(settleMs + 120_000);
  for (let polls = 0, pages = 0; polls < 3; pages += 1) {
    if (pages > 40 + 8 * table.size()) return ['the reader does not come to an end'];
    const next = await readPage(reader, table, store, { pageSize, settleMs, crash: 'no' });
    ({ store } = next);
    if (next.done) polls += 1;
  }
  return [...table.expected()]
    .filter(([key, version]) => store.versions.get(key) !== version)
    .map(([key, version]) => `${key}: ${store.versions.get(key) ?? 'nothing'}, should be ${version}`);
}
