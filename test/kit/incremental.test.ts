import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Failure, isFailure, type OrderedQuery, readIncrementally, type Row } from 'golden-thread/kit';
import { brokenReaders } from './broken-readers.js';
import { histories, lostAfter, readPage, type Reader, type Store } from './history.js';
import { createVirtualTable } from './virtual-table.js';

const ours: Reader = { read: readIncrementally };
const runs = Number(process.env['GOLDEN_THREAD_HISTORIES'] ?? 3000);

test(`nothing is lost in ${runs} random histories of edits, ties, late commits, hidden rows and crashes`, async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      expect(await lostAfter(ours, history)).toEqual([]);
    }),
    { numRuns: runs },
  );
});

describe('the same histories catch', () => {
  test.each(Object.entries(brokenReaders))('%s', async (_name, reader) => {
    let lost: readonly string[] = [];
    const outcome = await fc.check(
      fc.asyncProperty(histories, async (history) => {
        lost = await lostAfter(reader, history);
        return lost.length === 0;
      }),
      { numRuns: 1000, seed: 7, endOnFailure: true },
    );
    expect(outcome.failed).toBe(true);
    expect(lost.join()).toMatch(/should be/); // lost something, and did not merely throw or loop
  });
});

test('a record that is touched at every tick is seen within two polls, however small the page', async () => {
  const sparse = fc.record({
    order: fc.constantFrom('keyset' as const, 'floor' as const),
    pageSize: fc.integer({ min: 1, max: 5 }),
    settleMs: fc.constantFrom(0, 2000, 60_000),
    others: fc.nat({ max: 8 }),
    tickMs: fc.integer({ min: 200, max: 3000 }),
    every: fc.integer({ min: 3, max: 9 }),
  });
  await fc.assert(
    fc.asyncProperty(sparse, async ({ order, pageSize, settleMs, others, tickMs, every }) => {
      const table = createVirtualTable(order, settleMs);
      const hot = table.create();
      for (let i = 0; i < others; i += 1) table.create();
      let store: Store = { versions: new Map(), cursor: undefined };
      let atStart: [number, number] = [0, 0]; // the newest version when the poll before, and when this poll, began
      for (let tick = 0, polls = 0; polls < 6; tick += 1) {
        expect(tick).toBeLessThan(2000);
        table.advance(tickMs);
        table.touch(0);
        if (tick % every === 0) table.touch(1 + (tick % Math.max(1, others)));
        const next = await readPage(ours, table, store, { pageSize, settleMs, crash: 'no' });
        ({ store } = next);
        if (!next.done) continue;
        polls += 1;
        expect(store.versions.get(hot) ?? 0).toBeGreaterThanOrEqual(atStart[0]);
        atStart = [atStart[1], table.newest(hot)];
      }
    }),
    { numRuns: 300 },
  );
});

describe('a remote that breaks its contract stops the stream', () => {
  const row = (key: string, updatedAt: string): Row => ({
    record: { ref: { system: 's', stream: 't', key }, number: key, url: '', updatedAt, data: {} },
  });
  const remoteNow = '2026-03-01T10:00:00.000Z';
  const query = (rows: readonly Row[], order: OrderedQuery['order'], more: boolean, now = remoteNow): OrderedQuery => ({
    order,
    granularityMs: 60_000,
    settleMs: 60_000,
    maxPageSize: 8,
    fetch: () => Promise.resolve({ rows, more, remoteNow: now }),
  });
  const ask = { since: '2026-01-01T00:00:00.000Z', pageSize: 2 };
  const failure = async (run: Promise<unknown>): Promise<Failure> => {
    const outcome = await run.catch((error: unknown) => error);
    if (!isFailure(outcome)) throw new Error('expected a Failure');
    return outcome;
  };

  test('rows out of order', async () => {
    const rows = [row('b', '2026-02-02T00:00:00.000Z'), row('a', '2026-02-01T00:00:00.000Z')];
    for (const order of ['keyset', 'floor'] as const)
      expect(await failure(readIncrementally(query(rows, order, true), undefined, ask))).toMatchObject({
        kind: 'contract',
        details: { key: 'a' },
      });
  });

  test('a page that repeats for ever', async () => {
    const same = query([row('a', '2026-02-01T00:00:00.000Z')], 'floor', true);
    const first = await readIncrementally(same, undefined, ask);
    expect(await failure(readIncrementally(same, first.cursor, ask))).toMatchObject({ kind: 'contract' });
    const stuck = query([row('a', '2026-02-01T00:00:00.000Z')], 'keyset', true);
    const page = await readIncrementally(stuck, undefined, ask);
    expect(await failure(readIncrementally(stuck, page.cursor, ask))).toMatchObject({ kind: 'contract' });
  });

  test('a clock that ran backwards', async () => {
    const done = await readIncrementally(query([], 'keyset', false), undefined, ask);
    const earlier = query([], 'keyset', false, '2026-03-01T09:00:00.000Z');
    expect(done.completeTo).toBe('2026-03-01T09:59:00.000Z');
    expect(await failure(readIncrementally(earlier, done.cursor, ask))).toMatchObject({ kind: 'contract' });
  });

  test.each([[{}], [{ v: 2, from: remoteNow }], [{ v: 1, from: 'yesterday' }], [{ v: 1, from: remoteNow, extra: 1 }]])(
    'a cursor that this version did not write: %j',
    async (cursor) => {
      expect(await failure(readIncrementally(query([], 'keyset', false), cursor, ask))).toMatchObject({ kind: 'contract' });
    },
  );
});
