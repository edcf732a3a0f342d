import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Cursor, isFailure, type Stream } from 'golden-thread/kit';
import { openDataCenter } from './jira-data-center-opened.js';
import { type Site, startSite } from './jira-subject.js';

/** What may happen to a Jira, one thing after the other. */
type Happening =
  | { readonly is: 'edit' | 'delete' | 'hide' | 'show' | 'move' | 'archive' | 'bring-back'; readonly issue: number }
  | { readonly is: 'poll'; readonly pageSize: number }
  | {
      readonly is: 'fault';
      readonly kind: 'status-503' | 'html-200' | 'truncated-json' | 'drop' | 'status-429' | 'anonymous' | 'unauthorized';
    }
  | { readonly is: 'pass'; readonly seconds: number }
  | { readonly is: 'lag'; readonly seconds: number };

const issues = 10;
const issue = fc.nat(issues - 1);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ is: fc.constantFrom('edit' as const, 'edit' as const, 'delete' as const, 'hide' as const, 'show' as const), issue }),
  fc.record({ is: fc.constantFrom('move' as const, 'archive' as const, 'bring-back' as const), issue }),
  fc.record({ is: fc.constant('poll' as const), pageSize: fc.constantFrom(1, 3, 50) }),
  fc.record({ is: fc.constant('poll' as const), pageSize: fc.constantFrom(1, 3, 50) }),
  fc.record({
    is: fc.constant('fault' as const),
    kind: fc.constantFrom('status-503', 'html-200', 'truncated-json', 'drop', 'status-429', 'anonymous', 'unauthorized'),
  }),
  fc.record({ is: fc.constant('pass' as const), seconds: fc.integer({ min: 0, max: 3_000 }) }),
  fc.record({ is: fc.constant('lag' as const), seconds: fc.constantFrom(0, 5, 60, 250) }),
);

/** Shortly before the hour from 02:00 to 03:00 comes for the second time in Berlin. */
const wintertime = '2026-10-25T00:20:00.000Z';
const since = '2026-01-01T00:00:00.000Z';
const settled = 600_000;

describe.each([['epoch'], ['account-zone']])('any history of a Data Center on the night of winter time, with dates as %s', (queryDates) => {
  test('leaves the store as what the account may see: nothing lost, nothing gone that is there', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(happening, { minLength: 4, maxLength: 22 }),
        fc.constantFrom(2, 4, 1000),
        async (history, searchMaximum) => {
          const site = await startSite({}, { deployment: 'data-center', now: wintertime });
          try {
            expect(await play(site, history, searchMaximum)).toEqual({ lost: [], stale: [], wrong: [] });
          } finally {
            await site.close();
          }
        },
      ),
      { numRuns: Number(process.env['GOLDEN_THREAD_HISTORIES'] ?? 10) },
    );
  });

  async function play(
    site: Site,
    history: readonly Happening[],
    searchMaximum: number,
  ): Promise<{ lost: string[]; stale: string[]; wrong: string[] }> {
    const { control } = site;
    const [person] = await control.people({ email: 'bot@example.com', timeZone: 'Europe/Berlin' });
    const bot = person?.accountId ?? '';
    await control.switches({
      indexLagMs: 0,
      searchMaximum,
      searchRenders: searchMaximum === 4 ? 'store' : 'index',
      epochDates: queryDates === 'epoch',
    });
    const ids = (
      await control.insert(
        Array.from({ length: issues }, (_, i) => ({ project: 'IMP', summary: '0', created: wintertime, updated: at(i) })),
      )
    ).map(({ id }) => id);
    await control.advance(60_000);

    let { stream } = openDataCenter(site.url, { queryDates });
    const store = new Map<string, unknown>();
    const hidden = new Set<string>();
    const [removed, moved, archived] = [new Set<string>(), new Set<string>(), new Set<string>()];
    let cursor: Cursor | undefined;
    let edits = 0;

    /** One page, as core takes it: data and cursor together, or neither. */
    const poll = async (pageSize: number): Promise<boolean> => {
      const page = await stream.read(cursor, { since, pageSize });
      for (const { ref, data } of page.records) store.set(ref.key, data['summary']);
      cursor = JSON.parse(JSON.stringify(page.cursor)) as Cursor;
      return page.done;
    };

    for (const one of history) {
      if (one.is === 'poll') await poll(one.pageSize).catch(onlyTrouble);
      else if (one.is === 'pass') await control.advance(one.seconds * 1000);
      else if (one.is === 'lag') await control.switches({ indexLagMs: one.seconds === 0 ? 0 : [0, one.seconds * 1000] });
      else if (one.is === 'fault') await control.addFaults({ kind: one.kind, times: 1 });
      else {
        await control.advance(1000);
        const id = ids[one.issue] ?? '';
        if (one.is === 'hide') await hide(id, true);
        else if (one.is === 'show') await hide(id, false);
        else if (removed.has(id)) continue;
        else if (one.is === 'delete') await control.remove(id).then(() => removed.add(id));
        else if (one.is === 'archive') await control.archive(id).then(() => archived.add(id));
        else if (one.is === 'bring-back') await bringBack(id);
        else if (one.is === 'move')
          await control.move(id, moved.has(id) ? 'IMP' : 'AUD').then(() => void (moved.delete(id) || moved.add(id)));
        else await control.edit(id, { by: 'owner@example.com', fields: { summary: String((edits += 1)) } });
      }
    }

    // The dust settles: no more faults, no more lag, a run to its end, a census and a look for what it misses.
    await control.clearFaults();
    await control.switches({ indexLagMs: 0 });
    await control.advance(settled);
    // Credentials that were refused rest for a minute of real time; core's probe comes after it.
    ({ stream } = openDataCenter(site.url, { queryDates }));
    while (!(await poll(5)));
    const listed = new Set(await censusOf(stream));
    const found = await stream.whereabouts!([...store.keys()].filter((key) => !listed.has(key)));
    for (const { ref, data } of await stream.get!([...listed].filter((key) => !store.has(key)))) store.set(ref.key, data['summary']);

    const visible = (await control.issues({ project: 'IMP' })).filter(({ id }) => !hidden.has(id) && !archived.has(id));
    const expected = (key: string): string => {
      if (removed.has(key) || hidden.has(key)) return 'unknown';
      return archived.has(key) ? 'archived' : moved.has(key) ? 'out-of-scope' : 'here';
    };
    // An issue that could not be seen while it was edited is known by an older version until it is touched: showing it moves no stamp.
    const unseen = new Set(history.flatMap((one) => (one.is === 'hide' || one.is === 'archive' ? [ids[one.issue]] : [])));
    return {
      lost: visible.map(({ id }) => id).filter((id) => !store.has(id) || !listed.has(id)),
      stale: visible.filter(({ id, summary }) => !unseen.has(id) && store.get(id) !== summary).map(({ id }) => id),
      wrong: [...found].flatMap(([key, is]) => (is === expected(key) ? [] : [`${key} is ${is}, not ${expected(key)}`])),
    };

    async function hide(id: string, away: boolean): Promise<void> {
      if (removed.has(id)) return;
      if (away) hidden.add(id);
      else hidden.delete(id);
      await (away ? control.hide(id, bot) : control.show(id, bot));
    }

    async function bringBack(id: string): Promise<void> {
      await control.archive(id, false);
      archived.delete(id);
    }
  }
});

function at(i: number): string {
  return new Date(Date.parse(wintertime) + i * 700).toISOString();
}

async function censusOf(stream: Stream): Promise<readonly string[]> {
  const keys: string[] = [];
  for (let cursor: Cursor | undefined; ;) {
    const page = await stream.keys!(cursor, { pageSize: 4 });
    keys.push(...page.keys);
    if (page.done) return keys;
    ({ cursor } = page);
  }
}

/** Trouble is expected; a contract that is broken, or settings that are called wrong, are not. */
function onlyTrouble(error: unknown): void {
  if (!isFailure(error) || (error.kind !== 'transient' && error.kind !== 'auth')) throw error;
}
