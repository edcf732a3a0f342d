import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { tableNames } from '../../connectors/servicenow/tables.js';
import { censusOf, idOf, requestsOf, streamOf } from './servicenow-reading.js';
import { type Simulated, simulate } from './servicenow-simulated.js';

let simulated: Simulated;
beforeEach(async () => {
  simulated = await simulate();
});
afterEach(() => simulated.close());

const load = (from: number, to: number, table = 'incident', more = {}): Promise<unknown> =>
  simulated.control.load(
    table,
    Array.from({ length: to - from + 1 }, (_, n) => ({ sys_id: idOf(from + n), ...more })),
  );
const hide = (...ids: readonly number[]): Promise<void> =>
  simulated.control.restrict({ user: 'gt.reader', table: 'incident', hide: ids.map(idOf) });

describe('the census of a ServiceNow table', () => {
  test('lists every record once, whatever the page size, and asks for sys_id alone', async () => {
    await load(1, 25);
    for (const pageSize of [1, 7, 25, 10_000]) {
      const stream = streamOf(simulated.open(), 'incident');
      const asked = await requestsOf(simulated, async () => {
        const pages = await censusOf(stream, pageSize);
        expect(pages.flatMap(({ keys }) => keys)).toEqual(Array.from({ length: 25 }, (_, n) => idOf(n + 1)));
      });
      expect(asked).toHaveLength(Math.ceil(25 / pageSize));
      expect(new Set(asked.map(({ query }) => query['sysparm_fields']))).toEqual(new Set(['sys_id']));
    }
  });

  test('is never asked for more than 10,000 keys at once', async () => {
    const stream = streamOf(simulated.open(), 'incident');
    const [asked] = await requestsOf(simulated, () => stream.keys(undefined, { pageSize: 50_000 }));
    expect(asked?.query['sysparm_limit']).toBe('10000');
  });

  test('an edit during the census neither doubles nor hides a record', async () => {
    await load(1, 12);
    const stream = streamOf(simulated.open(), 'incident');
    const pages = await censusOf(stream, 3, async () => {
      await simulated.control.advance(1_000);
      await simulated.control.load('incident', [
        { sys_id: idOf(2), state: '2' },
        { sys_id: idOf(11), state: '2' },
      ]);
    });
    expect(pages.flatMap(({ keys }) => keys)).toEqual(Array.from({ length: 12 }, (_, n) => idOf(n + 1)));
  });

  test('steps over pages of unreadable rows, counts them, and lists what lies behind', async () => {
    await load(1, 20);
    await hide(3, 4, 5, 6, 7, 8, 9, 10, 13, 19, 20);
    for (const pageSize of [1, 2, 3, 5, 20]) {
      const pages = await censusOf(streamOf(simulated.open(), 'incident'), pageSize);
      expect(pages.flatMap(({ keys }) => keys)).toEqual([1, 2, 11, 12, 14, 15, 16, 17, 18].map(idOf));
      expect(pages.reduce((sum, { unreadable = 0 }) => sum + unreadable, 0)).toBe(11);
    }
  });

  test('a table of nothing but unreadable rows is told as that, not as an empty one', async () => {
    await load(1, 5);
    await hide(1, 2, 3, 4, 5);
    const pages = await censusOf(streamOf(simulated.open(), 'incident'), 2);
    expect(pages.flatMap(({ keys }) => keys)).toEqual([]);
    expect(pages.reduce((sum, { unreadable = 0 }) => sum + unreadable, 0)).toBe(5);
    expect(pages).toHaveLength(3);
  });

  test('rows that go away while unreadable ones are stepped over hide nothing behind them', async () => {
    await load(1, 12);
    await hide(1, 2, 3, 4, 5, 6, 7, 8);
    let removed = 0;
    const pages = await censusOf(streamOf(simulated.open(), 'incident'), 2, async () => {
      if (removed < 4) await simulated.control.remove('incident', idOf((removed += 1)));
    });
    expect(pages.flatMap(({ keys }) => keys)).toEqual([9, 10, 11, 12].map(idOf));
  });

  test('whatever is hidden and deleted meanwhile, what is there and readable the whole time is listed', async () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 14 }), { maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(numbers, numbers, fc.integer({ min: 1, max: 5 }), async (hidden, deleted, pageSize) => {
        await simulated.control.unrestrict();
        await load(1, 14);
        await hide(...hidden);
        const left = [...deleted];
        const pages = await censusOf(streamOf(simulated.open(), 'incident'), pageSize, async () => {
          const next = left.pop();
          if (next !== undefined) await simulated.control.remove('incident', idOf(next));
        });
        const listed = new Set(pages.flatMap(({ keys }) => keys));
        const there = Array.from({ length: 14 }, (_, n) => n + 1).filter((n) => !hidden.includes(n) && !deleted.includes(n));
        expect(there.map(idOf).filter((key) => !listed.has(key))).toEqual([]);
        expect(hidden.map(idOf).filter((key) => listed.has(key))).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  test('holds to the filter of the stream', async () => {
    await load(1, 2, 'incident', { category: 'network' });
    await load(3, 4, 'incident', { category: 'software' });
    const open = simulated.open({ config: { streams: { incident: { filter: 'category=network' } } } });
    const [page] = await censusOf(streamOf(open, 'incident'), 10);
    expect(page?.keys).toEqual([idOf(1), idOf(2)]);
  });

  test('without a total count it goes by the next-page link, and refuses to step over unreadable rows', async () => {
    await load(1, 6);
    await simulated.control.switches({ totalCount: false });
    const stream = streamOf(simulated.open(), 'incident');
    expect((await censusOf(stream, 4)).flatMap(({ keys }) => keys)).toHaveLength(6);

    await hide(1, 2, 3);
    await expect(censusOf(stream, 2)).rejects.toMatchObject({ kind: 'contract', message: expect.stringMatching(/without a total count/) });
  });

  test('a place that another version stored is refused', async () => {
    const work = streamOf(simulated.open(), 'incident').keys({ v: 9 }, { pageSize: 10 });
    await expect(work).rejects.toMatchObject({ kind: 'contract' });
  });
});

describe('every stream', () => {
  test.each(tableNames.map((name) => [name]))('%s has a census, and tells what became of what it misses', async (table) => {
    // Some tables hold rows from the start.
    const standing = new Set((await simulated.control.records(table)).map(({ sys_id: key }) => key));
    await load(1, 4, table);
    await simulated.control.restrict({ user: 'gt.reader', table, hide: [idOf(2)] });
    await simulated.control.remove(table, idOf(3));
    const stream = streamOf(simulated.open({ config: { streams: { [table]: {} } } }), table);
    const pages = await censusOf(stream, 100);
    const listed = pages.flatMap(({ keys }) => keys).filter((key) => !standing.has(key));
    expect(listed).toEqual([idOf(1), idOf(4)]);
    const found = await stream.whereabouts([1, 2, 3].map(idOf));
    expect([1, 2, 3].map((n) => found.get(idOf(n)))).toEqual(['here', 'not-visible', 'deleted']);
  });
});

describe('what became of a record of ServiceNow', () => {
  const whereabouts = async (keys: readonly number[], config = {}, table = 'incident'): Promise<readonly (string | undefined)[]> => {
    const found = await streamOf(simulated.open({ config }), table).whereabouts(keys.map(idOf));
    return keys.map((key) => found.get(idOf(key)));
  };

  test('here, hidden, deleted and out of scope are told apart in one batch', async () => {
    await load(1, 6, 'incident', { category: 'network' });
    await hide(2, 5);
    await simulated.control.remove('incident', idOf(3));
    await simulated.control.load('incident', [{ sys_id: idOf(4), category: 'software' }]);
    await simulated.control.reclassify('incident', idOf(6), 'sn_si_incident');

    const scope = { streams: { incident: { filter: 'category=network' } } };
    expect(await whereabouts([1, 2, 3, 4, 5, 6, 99], scope)).toEqual([
      'here',
      'not-visible',
      'deleted',
      'out-of-scope',
      'not-visible',
      'out-of-scope',
      'deleted',
    ]);
  });

  test('of forty hidden and deleted records each is told for itself', async () => {
    await load(1, 40);
    const hidden = [3, 4, 17, 31, 40];
    await hide(...hidden);
    for (let n = 1; n <= 40; n += 1) if (!hidden.includes(n)) await simulated.control.remove('incident', idOf(n));
    const found = await whereabouts(Array.from({ length: 40 }, (_, n) => n + 1));
    expect(found.map((is, n) => (is === 'not-visible' ? n + 1 : 0)).filter((n) => n > 0)).toEqual(hidden);
    expect(found.filter((is) => is === 'deleted')).toHaveLength(35);
  });

  test('a record of another class that the account may not see is no deletion', async () => {
    await load(1, 2);
    await simulated.control.reclassify('incident', idOf(1), 'sn_si_incident');
    await simulated.control.restrict({ user: 'gt.reader', table: 'task', hide: [idOf(1)] });
    expect(await whereabouts([1])).toEqual(['not-visible']);
  });

  test('where deletions are recorded and can be read, only a recorded one is a deletion', async () => {
    await load(1, 3);
    await simulated.control.switches({ auditDeleteAdminOnly: false });
    await simulated.control.remove('incident', idOf(1));
    await simulated.control.remove('incident', idOf(2), { record: false });
    expect(await whereabouts([1, 2, 3])).toEqual(['deleted', 'unknown', 'here']);
  });

  test('a table whose deletions are not recorded goes by the count', async () => {
    await simulated.control.switches({ auditDeleteAdminOnly: false });
    expect(await whereabouts([1], {}, 'task_sla')).toEqual(['deleted']);
  });

  test('without a count nothing is proven about what does not come', async () => {
    await load(1, 2);
    await hide(1);
    await simulated.control.switches({ totalCount: false });
    expect(await whereabouts([1, 2, 3])).toEqual(['unknown', 'here', 'unknown']);
  });

  test('hundreds of keys beside a long filter stay within the address that an instance takes', async () => {
    const filter = `short_descriptionLIKE${'x'.repeat(900)}`;
    const keys = Array.from({ length: 200 }, (_, n) => n + 1);
    const found = await whereabouts(keys, { streams: { incident: { filter } } });
    expect(new Set(found)).toEqual(new Set(['deleted']));
    expect((await simulated.control.journal()).filter(({ status }) => status === 414)).toEqual([]);
  });

  test('keys that no sys_id can be are not asked about', async () => {
    const found = await streamOf(simulated.open(), 'incident').whereabouts(['x^ORactive=true', 'javascript:gs.x()']);
    expect(found.size).toBe(0);
  });
});
