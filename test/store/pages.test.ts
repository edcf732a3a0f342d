import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Store,
  contentOf,
  coverage,
  inputsOfRecord,
  latestRecord,
  loadCursor,
  neighbours,
  pauseStream,
  quarantineEntries,
  recentRuns,
  recordVersions,
  recordsByNumber,
  recordsOfStream,
  resumeStream,
  rewindStream,
  saveRecords,
  streamStatus,
} from '../../src/store/index.js';
import { clock, entry, following, freshStore, incident, incidents, savePages } from './world.js';

const many = (count: number, data = {}) => Array.from({ length: count }, (_, at) => entry(`k${at}`, data));

async function tableSizes(store: Store): Promise<Record<string, number>> {
  const sizes: Record<string, number> = {};
  for (const table of ['record_version', 'record', 'node', 'edge', 'input_version', 'cause', 'quarantine', 'name'] as const) {
    const row = await store.read
      .selectFrom(table)
      .select((e) => e.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    sizes[table] = row.count;
  }
  return sizes;
}

describe('a page', () => {
  test('stores every record once, over all its chunks', async () => {
    const store = await freshStore();
    expect(await savePages(store, many(777))).toEqual({ fresh: 777, changed: 0, unchanged: 0, quarantined: 0 });
    expect((await latestRecord(store.read, incident('k776')))?.record).toMatchObject({ number: 'INC-k776', data: { key: 'k776' } });
  });

  test('read again unchanged writes no version, no input, no link', async () => {
    const store = await freshStore();
    const page = [entry('a', {}, { links: [{ as: 'caused-by', to: incident('b') }], inputs: [{}] }), ...many(300)];
    await savePages(store, page);
    const before = await tableSizes(store);
    expect(await savePages(store, page)).toEqual({ fresh: 0, changed: 0, unchanged: 301, quarantined: 0 });
    expect(await tableSizes(store)).toEqual(before);
  });

  test('that changes a record appends a version and keeps the one before', async () => {
    const store = await freshStore();
    await savePages(store, [entry('a', { state: 'new' })]);
    await savePages(store, [entry('a', { state: 'closed' })]);
    await savePages(store, [entry('a', { state: 'new' })]);
    const versions = await recordVersions(store.read, incident('a'));
    expect(versions.map(({ version, record }) => [version, record.data['state']])).toEqual([
      [1, 'new'],
      [2, 'closed'],
      [3, 'new'],
    ]);
    expect((await latestRecord(store.read, incident('a')))?.version).toBe(3);
  });

  test('with the same record twice keeps both versions in order, and one when they are equal', async () => {
    const store = await freshStore();
    const page = [entry('a', { n: 1 }), entry('a', { n: 2 }), entry('a', { n: 2 })];
    expect(await savePages(store, page)).toEqual({ fresh: 1, changed: 1, unchanged: 1, quarantined: 0 });
    expect((await recordVersions(store.read, incident('a'))).map(({ record }) => record.data['n'])).toEqual([1, 2]);
  });

  test('that fails in the middle is not there at all: no record, no link, no cursor', async () => {
    const store = await freshStore();
    await savePages(store, [entry('a')]);
    const before = await tableSizes(store);
    const cursor = await loadCursor(store.read, incidents);
    const poisoned = entry('x', {}, { inputs: [{ category: null as unknown as string }] });
    await expect(savePages(store, [...many(600), poisoned])).rejects.toThrow();
    expect(await tableSizes(store)).toEqual(before);
    expect(await loadCursor(store.read, incidents)).toEqual(cursor);
  });

  test('is discarded when another run has moved the cursor', async () => {
    const store = await freshStore();
    await savePages(store, [entry('a')]);
    const stale = await loadCursor(store.read, incidents);
    await savePages(store, [entry('b')]);
    await expect(savePages(store, [entry('c')], { from: stale, cursor: { v: 1, page: 9 } })).rejects.toMatchObject({ kind: 'conflict' });
    expect(await latestRecord(store.read, incident('c'))).toBeUndefined();
    await expect(savePages(store, [entry('c')], { from: undefined })).rejects.toMatchObject({ kind: 'conflict' });
  });

  test('accounts for everything that came in, whatever mix it was', async () => {
    const store = await freshStore();
    const record = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e'), value: fc.integer({ min: 0, max: 2 }) });
    const page = fc.record({
      records: fc.array(record, { maxLength: 12 }),
      rejected: fc.array(fc.constantFrom('r', 's'), { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(page, async ({ records, rejected }) => {
        const saved = await savePages(
          store,
          records.map(({ key, value }) => entry(key, { value })),
          { rejections: rejected.map((key) => ({ key, reason: 'shape', problems: ['bad'], raw: { key } })) },
        );
        const [run] = await recentRuns(store.read, { limit: 1 });
        expect(saved.fresh + saved.changed + saved.unchanged + saved.quarantined).toBe(records.length + rejected.length);
        expect(run).toMatchObject({ ...saved, received: records.length + rejected.length });
        for (const key of new Set(records.map((each) => each.key))) {
          const last = records.findLast((each) => each.key === key);
          expect((await latestRecord(store.read, incident(key)))?.record.data['value']).toBe(last?.value);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('keeps a record whose text holds a lone surrogate or NUL, and does not see it change for ever', async () => {
    const store = await freshStore();
    const odd = entry('a\ud800b', { text: 'x\ud800y\0z', 'n\0ame': 1 });
    await savePages(store, [odd]);
    expect(await savePages(store, [odd])).toMatchObject({ unchanged: 1 });
    const [stored] = (await recordsOfStream(store.read, incidents, { limit: 10 })).records;
    expect(stored?.record.data['text']).toBe('x\ufffdy\ufffdz');
    expect(contentOf(stored?.record.data ?? {}).hash).toBe(odd.content.hash);
  });

  test('is found again by number, and the stream can be walked in pieces', async () => {
    const store = await freshStore();
    await savePages(store, many(25));
    expect((await recordsByNumber(store.read, 'INC-k7')).map((found) => found.record.ref.key)).toEqual(['k7']);
    const keys: string[] = [];
    for (let after: number | undefined = 0; after !== undefined;) {
      const piece: Awaited<ReturnType<typeof recordsOfStream>> = await recordsOfStream(store.read, incidents, { after, limit: 10 });
      keys.push(...piece.records.map((each) => each.record.ref.key));
      after = piece.next;
    }
    expect(new Set(keys).size).toBe(25);
    expect(keys).toHaveLength(25);
  });

  test('without a cursor, from reading one record back, counts in the stream', async () => {
    const store = await freshStore();
    const cause = { at: clock(), by: 'push', because: 'read back' };
    await store.tx((t) => saveRecords(t, { ...incidents, fieldSet: 'f', cause, records: [entry('a')] }));
    expect(await streamStatus(store.read)).toMatchObject([{ ...incidents, records: 1, versions: 1 }]);
  });
});

describe('links of a record', () => {
  const to = (key: string) => ({ as: 'caused-by', to: { system: 'snow', stream: 'change_request', key } });
  const standing = async (store: Store) => (await neighbours(store.read, 'record:snow/incident/a')).out.map((edge) => edge.to);

  test('that a new version no longer has end, and may come back', async () => {
    const store = await freshStore();
    await savePages(store, [entry('a', { n: 1 }, { links: [to('c1'), to('c2'), to('c2')] })]);
    expect(await standing(store)).toEqual(['record:snow/change_request/c1', 'record:snow/change_request/c2']);
    await savePages(store, [entry('a', { n: 2 }, { links: [to('c2')] })]);
    expect(await standing(store)).toEqual(['record:snow/change_request/c2']);
    await savePages(store, [entry('a', { n: 3 }, { links: [to('c1'), to('c2')] })]);
    expect((await standing(store)).toSorted()).toEqual(['record:snow/change_request/c1', 'record:snow/change_request/c2']);
    expect((await neighbours(store.read, 'record:snow/change_request/c1', { ended: true })).in).toHaveLength(2);
  });
});

describe('quarantine', () => {
  const rejection = { key: 'p', reason: 'mapping', problems: ['priority: not a number'], raw: { priority: 'x' } };

  test('holds one row per record and reason, the latest form of it, until the record arrives fine', async () => {
    const store = await freshStore();
    await savePages(store, many(9), { rejections: [rejection] });
    await savePages(store, [], { rejections: [{ ...rejection, raw: { priority: 'y' } }] });
    const [held, ...others] = await quarantineEntries(store.read);
    expect(others).toEqual([]);
    expect(held).toMatchObject({ key: 'p', times: 2, raw: { priority: 'y' }, problems: ['priority: not a number'] });
    await savePages(store, [entry('p')]);
    expect(await quarantineEntries(store.read)).toEqual([]);
    expect(await quarantineEntries(store.read, { all: true })).toMatchObject([{ key: 'p', resolution: 'arrived' }]);
    await savePages(store, [], { rejections: [rejection] });
    expect(await quarantineEntries(store.read)).toHaveLength(1);
  });
});

describe('coverage', () => {
  const complete = (completeTo: string) => ({ completeTo });
  const day = (n: number) => `2026-03-${String(n).padStart(2, '0')}T00:00:00.000Z`;

  test('grows with complete runs, stands still with incomplete ones', async () => {
    const store = await freshStore();
    await savePages(store, [], { ...complete(day(5)), since: day(1) });
    await savePages(store, [entry('a')]);
    await savePages(store, [], { ...complete(day(9)), since: day(8) });
    expect(await coverage(store.read, incidents)).toEqual([{ from: day(1), to: day(9) }]);
    expect((await recentRuns(store.read)).map((run) => run.outcome)).toEqual(['complete', 'running', 'complete']);
  });

  test('has a gap where the stream was paused, and behind a rewind that skips', async () => {
    const store = await freshStore();
    await savePages(store, [], { ...complete(day(5)), since: day(1) });
    await store.tx((t) => pauseStream(t, incidents, { since: day(5), reason: '401' }));
    expect((await streamStatus(store.read))[0]?.paused?.reason).toBe('401');
    await store.tx((t) => resumeStream(t, incidents, day(8)));
    await savePages(store, [], complete(day(10)));
    expect(await coverage(store.read, incidents)).toEqual([
      { from: day(1), to: day(5) },
      { from: day(8), to: day(10) },
    ]);
    await store.tx((t) => rewindStream(t, incidents));
    await savePages(store, [], { ...complete(day(20)), since: day(15), from: undefined, cursor: following(undefined) });
    expect((await coverage(store.read, incidents)).at(-1)).toEqual({ from: day(15), to: day(20) });
  });
});

describe('inputs of a record', () => {
  test('that the mapping no longer yields are ended, not erased, and can come back', async () => {
    const store = await freshStore();
    await savePages(store, [entry('a', { n: 1 }, { inputs: [{}] })]);
    await savePages(store, [entry('a', { n: 2 }, { updatedAt: '2026-05-02T00:00:00.000Z' })]);
    expect(await inputsOfRecord(store.read, incident('a'))).toMatchObject([{ endedAt: '2026-05-02T00:00:00.000Z' }]);
    await savePages(store, [entry('a', { n: 3 }, { inputs: [{}] })]);
    const [back, ...more] = await inputsOfRecord(store.read, incident('a'));
    expect(more).toEqual([]);
    expect(back).not.toHaveProperty('endedAt');
  });
});
