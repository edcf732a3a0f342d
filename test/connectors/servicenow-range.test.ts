import { afterEach, describe, expect, test } from '@jest/globals';
import type { Failure, OpenConnector, Page, Stream } from 'golden-thread/kit';
import { answerByHand, incidentRow, instance, listHeaders, nock, openServiceNow, tablePath } from './servicenow-at.js';

const ask = { since: '2026-11-20T00:00:00.000Z', pageSize: 1_000 };
const cancelled = {
  error: { message: 'Transaction cancelled: maximum execution time exceeded', detail: 'Check logs for error trace' },
  status: 'failure',
};

function incidents(open: OpenConnector): Stream {
  const stream = open.streams.find(({ name }) => name === 'incident');
  if (stream === undefined) throw new Error('the connector has no stream incident');
  return stream;
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  return work.then(
    () => Promise.reject(new Error('expected a failure')),
    (failure: Failure) => failure,
  );
}

function answerWith(rows: readonly unknown[], headers: Record<string, string>, status = 200): void {
  nock(instance).get(`${tablePath}/incident`).query(true).reply(status, { result: rows }, headers);
}

describe('reading a range of a ServiceNow table', () => {
  // Hooks run in this order: what was to be asked and was not must show before the clean-up.
  afterEach(() => expect(nock.pendingMocks()).toEqual([]));
  answerByHand();

  test('a page that the instance cuts short is asked for again at half the size, and its rows are not taken', async () => {
    const asked: string[] = [];
    const limitOf = (url: string): number => Number(new URL(url).searchParams.get('sysparm_limit'));
    nock(instance)
      .get(`${tablePath}/incident`)
      .query(true)
      .times(3)
      .reply(({ url }: Request) => {
        asked.push(url);
        const tooLarge = limitOf(url) > 250;
        const body = tooLarge ? { result: [incidentRow(1)], ...cancelled } : { result: [incidentRow(1), incidentRow(2)] };
        return [200, body, listHeaders(2)];
      });

    const page = await incidents(openServiceNow({ retries: 1 }).open).read(undefined, ask);

    expect(asked.map(limitOf)).toEqual([1000, 500, 250]);
    expect(page.records.map(({ number }) => number)).toEqual(['INC0000001', 'INC0000002']);
    expect(page.done).toBe(true);
  });

  test('a halved page of unreadable rows is stepped over by half a page, so that none behind it is skipped', async () => {
    const skipped: number[] = [];
    // 40 rows, the first 30 unreadable; more than 10 at once take too long.
    nock(instance)
      .get(`${tablePath}/incident`)
      .query(true)
      .times(12)
      .reply(({ url }: Request) => {
        const query = new URL(url).searchParams;
        const limit = Number(query.get('sysparm_limit'));
        if (limit > 10) return [500, cancelled, listHeaders(undefined)];
        const offset = Number(query.get('sysparm_offset') ?? 0);
        const behind = /sys_id>(\w+)/.exec(query.get('sysparm_query') ?? '')?.[1];
        const all = Array.from({ length: 40 }, (_, n) => incidentRow(n + 1)).filter((row) => behind === undefined || row.sys_id > behind);
        skipped.push(offset);
        const rows = all.slice(offset, offset + limit).filter((row) => Number(row.number.slice(3)) > 30);
        return [200, { result: rows }, listHeaders(all.length)];
      });
    const stream = incidents(openServiceNow().open);
    const numbers: string[] = [];
    let page: Page | undefined;
    for (let i = 0; i < 10 && page?.done !== true; i += 1) {
      page = await stream.read(page?.cursor, { since: ask.since, pageSize: 40 });
      numbers.push(...page.records.map(({ number }) => number));
    }

    nock.cleanAll();
    expect(numbers).toEqual(Array.from({ length: 10 }, (_, n) => `INC${String(n + 31).padStart(7, '0')}`));
    expect(skipped).toContain(20);
  });

  test('a page that takes too long even with ten rows fails as transient, with what to do', async () => {
    nock(instance)
      .get(`${tablePath}/incident`)
      .query(true)
      .times(2)
      .reply(200, { result: [], ...cancelled }, listHeaders(5));

    const failure = await failureOf(incidents(openServiceNow().open).read(undefined, { ...ask, pageSize: 20 }));

    expect(failure.kind).toBe('transient');
    expect(failure.details.hint).toMatch(/index on sys_updated_on/);
    expect(failure.details.stream).toBe('incident');
  });

  test('an instance that ignores the range and answers with everything is refused', async () => {
    answerWith([incidentRow(1, { sys_updated_on: '2020-01-01 00:00:00' })], listHeaders(1));

    const failure = await failureOf(incidents(openServiceNow().open).read(undefined, ask));

    expect(failure.kind).toBe('contract');
    expect(failure.message).toMatch(/outside of the range/);
    expect(failure.details.hint).toMatch(/query_range/);
  });

  test('without a total count the next-page link decides', async () => {
    const next = `<${instance}/api/now/v2/table/incident?sysparm_limit=1&sysparm_offset=1>;rel="next"`;
    answerWith([incidentRow(1)], { ...listHeaders(undefined), link: next });
    answerWith([incidentRow(2)], { ...listHeaders(undefined), link: next.replace('next', 'last') });
    const stream = incidents(openServiceNow().open);

    const first = await stream.read(undefined, { ...ask, pageSize: 1 });
    const second = await stream.read(first.cursor, { ...ask, pageSize: 1 });

    expect([first.done, second.done]).toEqual([false, true]);
  });

  test('with neither count nor link the end cannot be told, and the stream stops', async () => {
    answerWith([incidentRow(1)], listHeaders(undefined));

    const failure = await failureOf(incidents(openServiceNow().open).read(undefined, ask));

    expect(failure.kind).toBe('contract');
    expect(failure.details.hint).toMatch(/proxy/);
  });

  test('a row touched while its page was read does not carry the position over what lies behind', async () => {
    const touched = incidentRow(3, { sys_updated_on: '2026-11-21 12:00:00' });
    answerWith([incidentRow(1), incidentRow(2), touched], listHeaders(5));
    const positions: string[] = [];
    nock(instance)
      .get(`${tablePath}/incident`)
      .query(true)
      .reply(({ url }: Request) => {
        positions.push(new URL(url).searchParams.get('sysparm_query') ?? '');
        return [200, { result: [incidentRow(4), incidentRow(5), touched] }, listHeaders(3)];
      });
    const stream = incidents(openServiceNow().open);

    const first = await stream.read(undefined, { ...ask, pageSize: 3 });
    const second = await stream.read(first.cursor, { ...ask, pageSize: 3 });

    expect(positions[0]).toContain(`sys_id>${incidentRow(2).sys_id}`);
    expect([...first.records, ...second.records].map(({ number }) => number)).toEqual([1, 2, 4, 5, 3].map((n) => `INC000000${n}`));
    expect(first.unreadable).toBe(0);
  });

  test('a row touched in the middle of its page is left for its new place', async () => {
    answerWith([incidentRow(1), incidentRow(2, { sys_updated_on: '2026-11-21 12:00:01' }), incidentRow(3)], listHeaders(3));

    const page = await incidents(openServiceNow().open).read(undefined, ask);

    expect(page.records.map(({ number }) => number)).toEqual(['INC0000001', 'INC0000003']);
    expect(page.done && page.completeTo !== undefined && page.completeTo <= '2026-11-21T11:58:00.000Z').toBe(true);
  });

  test.each([
    ['an error beside the result', 200, { result: [incidentRow(1)], error: { message: 'x' } }, 'transient'],
    ['no result', 200, { records: [] }, 'contract'],
    ['a dropped request', 202, { result: [] }, 'transient'],
    ['a table that does not exist', 400, { error: { message: 'Invalid table incident', detail: null }, status: 'failure' }, 'config'],
    ['a table that the account may not read', 403, { error: { message: 'Operation Failed', detail: 'ACL' }, status: 'failure' }, 'config'],
    ['refused credentials', 401, { error: { message: 'User is not authenticated', detail: null }, status: 'failure' }, 'auth'],
  ])('%s is a failure of its own kind and not an empty page', async (_what, status, body, kind) => {
    nock(instance).get(`${tablePath}/incident`).query(true).reply(status, body, listHeaders(0));

    const failure = await failureOf(incidents(openServiceNow().open).read(undefined, ask));

    expect(failure.kind).toBe(kind);
    expect(failure.message).not.toContain('secret-of-reader');
  });

  test('a sign-on page is not an empty stream', async () => {
    nock(instance).get(`${tablePath}/incident`).query(true).reply(200, '<html>hibernating</html>', { 'content-type': 'text/html' });

    expect((await failureOf(incidents(openServiceNow().open).read(undefined, ask))).kind).toBe('transient');
  });

  test('a look-up by keys that comes back with other records is refused', async () => {
    answerWith([incidentRow(2)], listHeaders(1));

    const stream = incidents(openServiceNow().open);

    expect((await failureOf(stream.get?.([incidentRow(1).sys_id]) ?? Promise.resolve())).kind).toBe('contract');
  });

  test('a hundred keys are looked up in addresses that an instance accepts', async () => {
    const lengths: number[] = [];
    nock(instance)
      .get(`${tablePath}/incident`)
      .query(true)
      .times(3)
      .reply(({ url }: Request) => {
        lengths.push(url.length - instance.length);
        return [200, { result: [] }, listHeaders(0)];
      });

    const keys = Array.from({ length: 100 }, (_, n) => incidentRow(n).sys_id);
    expect(await incidents(openServiceNow().open).get?.(keys)).toEqual([]);

    expect(lengths).toHaveLength(3);
    expect(Math.max(...lengths)).toBeLessThan(2_048);
  });
});
