import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Cursor, isFailure } from 'golden-thread/kit';
import { beginning, censusOf, idOf, runOf, streamOf } from './servicenow-reading.js';
import { type Simulated, simulate } from './servicenow-simulated.js';

/** What may happen to an instance, one thing after the other. */
type Happening =
  | { readonly is: 'edit' | 'delete' | 'hide' | 'show' | 'leave-scope' | 'reclassify'; readonly record: number; readonly after: number }
  | { readonly is: 'poll'; readonly pageSize: number }
  | { readonly is: 'fault'; readonly kind: 'status-503' | 'html-200' | 'truncated-json' | 'error-beside-result' | 'drop' | 'malformed-200' }
  | { readonly is: 'pass'; readonly seconds: number }
  | { readonly is: 'lag'; readonly seconds: number };

const records = 12;
const record = fc.integer({ min: 1, max: records });
/** Seconds since what happened before; mostly none, so that records share their second. */
const after = fc.constantFrom(0, 0, 1);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ is: fc.constantFrom('edit' as const, 'edit' as const, 'delete' as const, 'hide' as const, 'show' as const), record, after }),
  fc.record({ is: fc.constantFrom('leave-scope' as const, 'reclassify' as const), record, after }),
  fc.record({ is: fc.constant('poll' as const), pageSize: fc.constantFrom(1, 3, 50) }),
  fc.record({
    is: fc.constant('fault' as const),
    kind: fc.constantFrom('status-503', 'html-200', 'truncated-json', 'error-beside-result', 'drop', 'malformed-200'),
  }),
  fc.record({ is: fc.constant('pass' as const), seconds: fc.integer({ min: 0, max: 5_000 }) }),
  fc.record({ is: fc.constant('lag' as const), seconds: fc.constantFrom(0, 5, 60, 110) }),
);

/** Before 02:00 in Europe on the day on which the hour from 02:00 to 03:00 comes twice. */
const eveOfWinterTime = '2026-10-25T00:30:00Z';
/** More than the lag of any replica. */
const settled = 180_000;

describe('any history of a ServiceNow instance', () => {
  let simulated: Simulated;
  beforeAll(async () => {
    simulated = await simulate({ now: eveOfWinterTime });
    await simulated.control.users({
      users: [
        {
          user_name: 'gt.reader',
          password: 'reader-password',
          roles: ['itil', 'snc_read_only'],
          time_zone: 'Europe/Berlin',
          date_format: 'dd/MM/yyyy',
        },
      ],
    });
  });
  afterAll(() => simulated.close());

  test('leaves the store as what the account may see: nothing lost, nothing deleted that is there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 4, maxLength: 25 }), async (history) => {
        const outcome = await play(history);
        expect(outcome).toEqual({ lost: [], stale: [], wrong: [] });
      }),
      { numRuns: Number(process.env['GOLDEN_THREAD_HISTORIES'] ?? 20) },
    );
  });

  async function play(history: readonly Happening[]): Promise<{ lost: string[]; stale: string[]; wrong: string[] }> {
    const { control } = simulated;
    await control.clearFaults();
    await control.unrestrict();
    await control.switches({ replicaLagMs: 0 });
    for (const table of ['incident', 'sn_si_incident'])
      for (const { sys_id: key } of await control.records(table)) await control.remove(table, key, { record: false });
    await control.advance(settled);
    await control.load(
      'incident',
      Array.from({ length: records }, (_, n) => ({ sys_id: idOf(n + 1), category: 'network', short_description: '0' })),
    );

    const open = simulated.open({
      config: { streams: { incident: { filter: 'category=network' } } },
      wanted: { incident: ['short_description'] },
    });
    const stream = streamOf(open, 'incident');
    const store = new Map<string, unknown>();
    const hidden = new Set<number>();
    let cursor: Cursor | undefined;
    let edits = 0;

    /** One page, as core takes it: data and cursor together, or neither. */
    const poll = async (pageSize: number): Promise<boolean> => {
      const page = await stream.read(cursor, { since: beginning, pageSize });
      for (const { ref, data } of page.records) store.set(ref.key, data['short_description']);
      ({ cursor } = page);
      return page.done;
    };
    const restrict = async (): Promise<void> => {
      await control.unrestrict();
      for (const table of ['incident', 'sn_si_incident']) await control.restrict({ user: 'gt.reader', table, hide: [...hidden].map(idOf) });
    };

    for (const one of history) {
      if (one.is === 'poll') await poll(one.pageSize).catch(onlyTrouble);
      else if (one.is === 'pass') await control.advance(one.seconds * 1_000);
      else if (one.is === 'lag') await control.switches({ replicaLagMs: one.seconds * 1_000 });
      else if (one.is === 'fault') await control.addFaults({ kind: one.kind, times: 1, match: { method: 'GET' } });
      else {
        await control.advance(one.after * 1_000);
        const key = idOf(one.record);
        const there = (await control.records('incident', `sys_id=${key}`)).length > 0;
        if (one.is === 'hide') hidden.add(one.record);
        else if (one.is === 'show') hidden.delete(one.record);
        else if (!there) continue;
        else if (one.is === 'delete') await control.remove('incident', key);
        else if (one.is === 'reclassify') await control.reclassify('incident', key, 'sn_si_incident');
        else if (one.is === 'leave-scope') await control.load('incident', [{ sys_id: key, category: 'software' }]);
        else await control.load('incident', [{ sys_id: key, short_description: String((edits += 1)) }]);
        if (one.is === 'hide' || one.is === 'show') await restrict();
      }
    }

    // The dust settles: no more faults, no more lag, a run to its end, a census and a look for what it misses.
    await control.clearFaults();
    await control.advance(settled);
    await control.switches({ replicaLagMs: 0 });
    while (!(await poll(5)));
    const listed = new Set((await censusOf(stream, 4)).flatMap(({ keys }) => keys));
    const found = await stream.whereabouts([...store.keys()].filter((key) => !listed.has(key)));
    // What came back without a stamp of its own is read by key.
    for (const { ref, data } of await stream.get([...listed].filter((key) => !store.has(key))))
      store.set(ref.key, data['short_description']);

    const rows = new Map((await control.records('incident')).map((row) => [row.sys_id, row]));
    const moved = new Set((await control.records('sn_si_incident')).map(({ sys_id: key }) => key));
    const isHidden = (key: string): boolean => [...hidden].some((n) => idOf(n) === key);
    const visible = [...rows.values()].filter((row) => row['category'] === 'network' && !isHidden(row.sys_id));
    const expected = (key: string): string => {
      if (isHidden(key) && (rows.has(key) || moved.has(key))) return 'not-visible';
      if (moved.has(key) || rows.has(key)) return 'out-of-scope';
      return 'deleted';
    };
    return {
      lost: visible.map(({ sys_id: key }) => key).filter((key) => !store.has(key) || !listed.has(key)),
      stale: await staleOf(visible.map((row) => [row.sys_id, row['short_description']] as const)),
      wrong: [...found].flatMap(([key, is]) => (is === expected(key) ? [] : [`${key} is ${is}, not ${expected(key)}`])),
    };

    /** A record that was hidden while it was edited and shown again later is known by an older version until it is touched: the stamp did not move. */
    async function staleOf(now: readonly (readonly [string, string | undefined])[]): Promise<string[]> {
      const wasHidden = new Set(history.flatMap((one) => (one.is === 'hide' ? [idOf(one.record)] : [])));
      return now.filter(([key, text]) => !wasHidden.has(key) && store.get(key) !== text).map(([key]) => key);
    }
  }
});

/** Trouble is expected; a contract that is broken is not. */
function onlyTrouble(error: unknown): void {
  if (!isFailure(error) || error.kind !== 'transient') throw error;
}

describe('an instance that does not do as it was asked', () => {
  test('one that drops ranges is refused by reading, by the census and by check', async () => {
    const simulated = await simulate({ switches: { rangeQueries: false } });
    try {
      await simulated.control.load(
        'incident',
        Array.from({ length: 6 }, (_, n) => ({ sys_id: idOf(n + 1) })),
      );
      await simulated.control.advance(600_000);
      const stream = streamOf(simulated.open(), 'incident');
      await expect(runOf(stream, undefined, 2)).rejects.toMatchObject({
        kind: 'contract',
        details: { hint: expect.stringMatching(/query_range/) },
      });
      await expect(censusOf(stream, 2)).rejects.toMatchObject({
        kind: 'contract',
        details: { hint: expect.stringMatching(/query_range/) },
      });
      const results = await simulated.open().check();
      expect(results.find(({ what }) => what === 'incident: range and order')?.outcome).toBe('failed');
    } finally {
      await simulated.close();
    }
  });

  test('one whose lists lag behind loses nothing, as long as they lag less than the settle time', async () => {
    const simulated = await simulate({ switches: { replicaLagMs: 100_000 } });
    try {
      const stream = streamOf(simulated.open(), 'incident');
      const seen = new Set<string>();
      let last = (await runOf(stream)).at(-1);
      for (let n = 1; n <= 12; n += 1) {
        await simulated.control.load('incident', [{ sys_id: idOf(n) }]);
        await simulated.control.advance(20_000);
        const pages = await runOf(stream, last, 2);
        for (const { records: found } of pages) for (const { ref } of found) seen.add(ref.key);
        last = pages.at(-1);
      }
      await simulated.control.advance(100_000);
      for (const { records: found } of await runOf(stream, last)) for (const { ref } of found) seen.add(ref.key);
      expect(seen.size).toBe(12);
    } finally {
      await simulated.close();
    }
  });
});
