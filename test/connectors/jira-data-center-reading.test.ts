import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Cursor, type Failure, type JsonObject, type SourceRecord, type Stream } from 'golden-thread/kit';
import { searchIssues } from '../../connectors/jira/data-center/search.js';
import type { Via } from '../../connectors/jira/data-center/via.js';
import { openDataCenter } from './jira-data-center-opened.js';
import { type Site, startSite } from './jira-subject.js';

let site: Site;
let stream: Stream;

beforeEach(async () => {
  site = await startSite({}, { deployment: 'data-center' });
  ({ stream } = openDataCenter(site.url));
});
afterEach(() => site.close());

const since = '2026-01-01T00:00:00.000Z';
const search = 'POST /rest/api/2/search';

async function poll(
  cursor: Cursor | undefined,
  pageSize = 100,
  of: Stream = stream,
): Promise<{ readonly cursor: Cursor; readonly records: readonly SourceRecord[] }> {
  const records: SourceRecord[] = [];
  let at = cursor;
  for (let pages = 0; pages < 300; pages += 1) {
    const page = await of.read(at, { since, pageSize });
    records.push(...page.records);
    at = JSON.parse(JSON.stringify(page.cursor)) as Cursor;
    if (page.done) return { cursor: at, records };
  }
  throw new Error('the run does not end');
}

const requestsOf = async (work: () => Promise<unknown>): Promise<readonly string[]> => {
  const before = (await site.control.journal()).length;
  await work();
  return (await site.control.journal(before)).map((entry) => `${entry.method} ${entry.path}`);
};

const insert = async (count: number, apartMs: number, fields: JsonObject = {}): Promise<readonly string[]> => {
  const now = Date.parse((await site.control.clock()).now);
  const stamp = (i: number): string => new Date(now + i * apartMs).toISOString();
  const made = await site.control.insert(
    Array.from({ length: count }, (_, i) => ({ project: 'IMP', summary: `Number ${i}`, created: stamp(i), updated: stamp(i), fields })),
  );
  await site.control.advance(count * apartMs + 3_600_000);
  return made.map(({ id }) => id);
};

const keysIn = (records: readonly SourceRecord[]): ReadonlySet<string> => new Set(records.map((record) => record.ref.key));

describe('reading a Data Center costs', () => {
  test('one request for a poll that finds nothing new', async () => {
    await insert(3, 1000);
    const { cursor } = await poll((await poll(undefined)).cursor);
    expect(await requestsOf(() => poll(cursor))).toEqual([search]);
  });

  for (const [how, apartMs] of [
    ['spread over hours', 20_000],
    ['all within one minute', 10],
  ] as const) {
    test(`at most two requests for a page of 100 and one more for 1000 changed issues, ${how}`, async () => {
      const first = await poll(undefined);
      await insert(1000, apartMs);
      let records: readonly SourceRecord[] = [];
      const requests = await requestsOf(async () => ({ records } = await poll(first.cursor)));
      expect(keysIn(records).size).toBe(1000);
      expect(new Set(requests)).toEqual(new Set([search]));
      expect(requests.length).toBeLessThanOrEqual(2 * 10 + 1);
    });
  }

  test('more issues in one minute than the administrator allows in one search: all are read', async () => {
    await site.control.switches({ searchMaximum: 40 });
    const first = await poll(undefined);
    await insert(300, 10);
    await insert(5, 60_000);
    expect(keysIn((await poll(first.cursor)).records).size).toBe(305);
    expect(keysIn((await poll(first.cursor, 7)).records).size).toBe(305);
  });
});

describe('a page in several parts', () => {
  const noZone = { zone: async () => undefined };
  const ask = (limit: number) => ({ jql: 'project = IMP ORDER BY updated ASC', fields: ['summary'], limit });

  /** A Jira of a few issues that gives `most` at once; `between` happens after each answer. */
  function listing(rows: readonly string[], most: number, between: (answered: number) => void, stamps = new Map<string, number>()): Via {
    let answered = 0;
    return async ({ body }) => {
      const { startAt, maxResults } = body as { readonly startAt: number; readonly maxResults: number };
      const size = Math.min(maxResults, most);
      const issues = rows.slice(startAt, startAt + size).map((id) => ({ id, fields: { updated: String(stamps.get(id) ?? 0) } }));
      const answer = { status: 200, headers: {}, body: { startAt, maxResults: size, total: rows.length, issues } };
      between((answered += 1));
      return answer;
    };
  }

  test('holds every issue that kept its place, whatever moves to the end while it is read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 25 }),
        fc.integer({ min: 2, max: 9 }),
        fc.integer({ min: 1, max: 30 }),
        fc.array(fc.record({ after: fc.integer({ min: 1, max: 3 }), at: fc.nat(30) }), { maxLength: 3 }),
        async (count, most, limit, moves) => {
          const rows = Array.from({ length: count }, (_, i) => String(i));
          const left: string[] = [];
          const stamps = new Map<string, number>();
          const touch = (answered: number): void => {
            for (const { at } of moves.filter(({ after }) => after === answered)) move(at % rows.length, answered);
          };
          const move = (at: number, answered: number): void => {
            const [id = ''] = rows.splice(at, 1);
            rows.push(id);
            left.push(id);
            stamps.set(id, answered);
          };
          const via = listing(rows, most, touch, stamps);
          const { issues, more } = await searchIssues(via, ask(limit), noZone);
          const found = issues.map((issue) => (issue as { readonly id: string }).id);
          expect(new Set(found).size).toBe(found.length);
          expect(found.length).toBeLessThanOrEqual(limit);
          const stayed = Array.from({ length: count }, (_, i) => String(i)).filter((id) => !left.includes(id));
          // Up to the last one found nothing that stayed is left out; behind it there is more.
          const last = found.findLast((id) => !left.includes(id));
          const expected = more ? stayed.slice(0, stayed.indexOf(last ?? '') + 1) : stayed;
          expect(found.filter((id) => !left.includes(id))).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('is given up for this run when something leaves its place each time', async () => {
    const rows = Array.from({ length: 20 }, (_, i) => String(i));
    const via = listing(rows, 5, () => void rows.push(...rows.splice(0, 5)));
    await expect(searchIssues(via, ask(20), noZone)).rejects.toMatchObject({ kind: 'transient' });
  });

  test('ends where Jira counts issues that it does not deliver', async () => {
    const via: Via = async ({ body }) => {
      const { startAt } = body as { readonly startAt: number };
      return {
        status: 200,
        headers: {},
        body: { startAt, maxResults: 50, total: 3, issues: startAt === 0 ? [{ id: '1' }, { id: '2' }] : [] },
      };
    };
    expect(await searchIssues(via, ask(50), noZone)).toEqual({ issues: [{ id: '1' }, { id: '2' }], more: false });
  });
});

describe('the census of a Data Center', () => {
  test('lists every issue of the query once, whatever the page size and the maximum of a search', async () => {
    await site.control.switches({ searchMaximum: 4 });
    const ids = [...(await insert(11, 10)), ...(await insert(6, 90_000))];
    for (const pageSize of [1, 5, 100]) {
      const keys: string[] = [];
      let cursor: Cursor | undefined;
      for (let done = false; !done;) {
        const page = await stream.keys!(cursor, { pageSize });
        keys.push(...page.keys);
        ({ cursor, done } = page);
      }
      expect(keys.toSorted()).toEqual(ids.toSorted());
    }
  });

  test('tells what was moved away and archived from what cannot be seen any more', async () => {
    const [here = '', moved = '', archived = '', removed = '', hidden = ''] = await insert(5, 1000);
    const bot = (await site.control.world()).people.find((person) => person.email === 'bot@example.com')?.accountId ?? '';
    await site.control.move(moved, 'AUD');
    await site.control.archive(archived);
    await site.control.remove(removed);
    await site.control.hide(hidden, bot);
    const where = await stream.whereabouts!([here, moved, archived, removed, hidden]);
    expect([here, moved, archived, removed, hidden].map((key) => where.get(key))).toEqual([
      'here',
      'out-of-scope',
      'archived',
      'unknown',
      'unknown',
    ]);
  });
});

describe('what records of a Data Center hold', () => {
  test('people by user key, instants in UTC, wiki text as plain text', async () => {
    await site.control.people({ email: 'bot@example.com', timeZone: 'Asia/Kolkata' });
    const [id = ''] = await insert(1, 0, { assignee: 'owner@example.com' });
    await site.control.edit(id, {
      by: 'owner@example.com',
      fields: { description: 'h2. Cause\n\n* *disk* full\n* see [the log|https://x.example]' },
    });
    const { stream: wanting } = openDataCenter(site.url, {}, ['description', 'assignee.id', 'assignee.name']);
    const { records } = await poll(undefined, 100, wanting);
    const record = records.find((one) => one.ref.key === id);
    expect(record?.data).toMatchObject({
      description: '## Cause\n\n- disk full\n- see the log',
      assignee: { id: 'praman', name: 'Priya Raman' },
      status: { name: 'Proposed', category: 'new' },
      project: { key: 'IMP' },
    });
    expect(record?.updatedAt).toBe((await site.control.issues({ ids: [id] }))[0]?.updated);
    expect(record?.url).toBe(`${site.url}/browse/${record?.number}`);
  });

  test('an issue is got by id though the search does not know it yet', async () => {
    const [late] = await site.control.insert([{ project: 'IMP', summary: 'Late', visibleInMs: 600_000 }]);
    expect((await stream.get!([late?.id ?? '', '99999999'])).map((record) => record.ref.key)).toEqual([late?.id]);
  });
});

describe('a query that names what does not exist', () => {
  const of = (jql: string): Stream => openDataCenter(site.url, { streams: { improvement: { jql } } }).stream;

  test.each([
    ['project = NOPE', /NOPE/],
    ['severity = Major AND nonsense = 1', /nonsense/],
    ['project = IMP AND status = "Nowhere"', /Nowhere/],
    ['project = IMP AND (status =)', /Expecting/],
  ])('%s stops its stream as configuration, with the words of Jira', async (jql, words) => {
    const failure = await of(jql)
      .read(undefined, { since, pageSize: 10 })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: 'config' });
    expect(String(failure)).toMatch(words);
  });

  test('a project that is renamed while it is read stops it as well, and does not look empty', async () => {
    const { cursor } = await poll(undefined);
    const [bot] = (await site.control.world()).people.filter((person) => person.email === 'bot@example.com');
    await site.control.people({ ...bot!, blind: ['IMP'] });
    await expect(poll(cursor)).rejects.toMatchObject({ kind: 'config' });
  });
});

describe('a Data Center that limits requests', () => {
  test.each([
    ['Retry-After', { retryAfter: 7200 }, 7_000_000],
    ['the interval of its bucket where Retry-After is missing or 0', {}, 3_500_000],
  ])('is left alone for as long as it tells by %s', async (_how, fault, atLeast) => {
    await site.control.switches({ rateIntervalSeconds: 3600 });
    await poll(undefined);
    await site.control.addFaults({ kind: 'status-429', ...fault });
    const failure = await poll(undefined).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: 'transient' });
    expect((failure as Failure).details.retryAfterMs).toBeGreaterThan(atLeast);
    const sent = (await site.control.journal()).filter((entry) => entry.status === 429);
    expect(sent).toHaveLength(1);
  });

  test('is not waited for where its answers say that there is nothing to wait for', async () => {
    await insert(3, 1000);
    expect((await poll(undefined)).records).toHaveLength(3);
  });
});

describe('an answer that is not for the account', () => {
  test('is not used, though the credentials are good', async () => {
    await insert(3, 1000);
    const { cursor } = await poll(undefined);
    await site.control.addFaults({ kind: 'anonymous', match: { path: '/search$' }, times: 2 });
    const failure = await poll(cursor).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: 'transient', details: { hint: expect.stringContaining('Authorization') } });
    expect((await poll(cursor)).records).toHaveLength(0);
  });
});
