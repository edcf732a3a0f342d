import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Cursor, OpenConnector, SourceRecord } from 'golden-thread/kit';
import { testContext } from 'golden-thread/kit/testing';
import jira from '../../connectors/jira/index.js';
import { configFor, type Site, startSite } from './jira-subject.js';

let site: Site;
let connector: OpenConnector;

beforeEach(async () => {
  site = await startSite();
  const { context } = testContext({ system: 'jira', secrets: ['bot-token'] });
  connector = jira.open(jira.config.parse(configFor(site.url)), context) as OpenConnector;
});
afterEach(() => site.close());

const since = '2026-01-01T00:00:00.000Z';

async function poll(
  cursor: Cursor | undefined,
  pageSize: number,
): Promise<{ readonly cursor: Cursor; readonly records: readonly SourceRecord[] }> {
  const records: SourceRecord[] = [];
  let at = cursor;
  for (let pages = 0; pages < 300; pages += 1) {
    const page = await connector.streams.find((one) => one.name === 'improvement')!.read(at, { since, pageSize });
    records.push(...page.records);
    at = page.cursor;
    if (page.done) return { cursor: at, records };
  }
  throw new Error('the run does not end');
}

const requestsOf = async (work: () => Promise<unknown>): Promise<readonly string[]> => {
  const before = (await site.control.journal()).length;
  await work();
  return (await site.control.journal(before)).map((entry) => `${entry.method} ${entry.path}`);
};

const insert = async (count: number, apartMs: number): Promise<void> => {
  const now = Date.parse((await site.control.clock()).now);
  const stamp = (i: number): string => new Date(now + i * apartMs).toISOString();
  await site.control.insert(
    Array.from({ length: count }, (_, i) => ({ project: 'IMP', summary: `Number ${i}`, created: stamp(i), updated: stamp(i) })),
  );
  await site.control.advance(count * apartMs + 3_600_000);
};

const search = 'POST /rest/api/3/search/jql';

describe('what reading costs', () => {
  test('a poll that finds nothing new is one request', async () => {
    await insert(3, 1000);
    const { cursor } = await poll(undefined, 100);
    await site.control.advance(3_600_000);
    const second = await poll(cursor, 100);
    expect(await requestsOf(() => poll(second.cursor, 100))).toEqual([search]);
  });

  test('without the header that names the account it is two, because each answer is proven', async () => {
    await site.control.switches({ accountHeader: false });
    await insert(3, 1000);
    const { cursor } = await poll(undefined, 100);
    expect(await requestsOf(() => poll(cursor, 100))).toEqual([search, 'GET /rest/api/3/myself']);
  });

  for (const [how, apartMs] of [
    ['spread over hours', 20_000],
    ['all within one minute', 10],
  ] as const) {
    test(`1000 changed issues, ${how}, cost at most two requests for each page of 100 and one more, and none for a single issue`, async () => {
      const first = await poll(undefined, 100);
      await insert(1000, apartMs);
      let records: readonly SourceRecord[] = [];
      const requests = await requestsOf(async () => ({ records } = await poll(first.cursor, 100)));
      expect(new Set(records.map((record) => record.ref.key)).size).toBe(1000);
      expect(requests.length).toBeLessThanOrEqual(2 * 10 + 1);
      expect(requests.filter((request) => /issue\/[^b]/.test(request))).toEqual([]);
    });
  }

  test('more issues in one minute than Jira puts on a page are all read, a hundred for two requests', async () => {
    await site.control.switches({ pageCapWithFields: 100 });
    const first = await poll(undefined, 100);
    await insert(650, 10);
    await insert(5, 60_000);
    let records: readonly SourceRecord[] = [];
    const requests = await requestsOf(async () => ({ records } = await poll(first.cursor, 100)));
    expect(new Set(records.map((record) => record.ref.key)).size).toBe(655);
    expect(requests.length).toBeLessThanOrEqual(2 * 7 + 3);
  });

  test('a burst that the index has not settled yet is read in one run, however few issues Jira puts on a page', async () => {
    await site.control.switches({ pageCapWithFields: 60 });
    const first = await poll(undefined, 100);
    await insert(200, 10);
    await site.control.clock();
    const now = Date.parse((await site.control.clock()).now);
    await site.control.insert(
      Array.from({ length: 150 }, (_, i) => ({ project: 'IMP', summary: `Fresh ${i}`, updated: new Date(now - 1000 - i).toISOString() })),
    );
    const { records } = await poll(first.cursor, 100);
    expect(new Set(records.map((record) => record.ref.key)).size).toBe(350);
  });

  test('an answer made for an anonymous caller is not used, though the credentials are good', async () => {
    await insert(3, 1000);
    const { cursor } = await poll(undefined, 100);
    await site.control.addFaults({ kind: 'anonymous', match: { path: '/search/jql$' }, times: 1 });
    await expect(poll(cursor, 100)).rejects.toMatchObject({ kind: 'transient' });
  });

  test('credentials that ran out stop the next poll, also where Jira answers the search as for an anonymous caller', async () => {
    await site.control.switches({ wrongCredentials: 'anonymous' });
    const { cursor } = await poll(undefined, 100);
    await insert(3, 1000);
    const [person] = (await site.control.world()).people;
    await site.control.people({ ...person!, active: false });
    await expect(poll(cursor, 100)).rejects.toMatchObject({ kind: 'auth' });
  });

  test('what was just written is found at once, whatever the index knows', async () => {
    const { cursor } = await poll(undefined, 100);
    await site.control.switches({ indexLagMs: 120_000 });
    const { ticket } = await connector.sink!.create(
      'issue',
      { value: 'a'.repeat(64), display: 'golden-thread:IMP-1' },
      { summary: 'Fewer outages' },
      { resend: false },
    );
    const { records } = await poll(cursor, 100);
    expect(records.map((record) => record.ref.key)).toEqual([ticket.key]);
  });
});
