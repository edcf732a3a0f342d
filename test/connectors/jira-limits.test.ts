import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Cursor, Failure, OpenConnector, Sink, Stream } from 'golden-thread/kit';
import { testContext } from 'golden-thread/kit/testing';
import jira from '../../connectors/jira/index.js';
import { configFor, type Site, startSite } from './jira-subject.js';

let site: Site;
let stream: Stream;
let sink: Sink;
let ids: readonly string[];

beforeEach(async () => {
  site = await startSite();
  const { context } = testContext({ system: 'jira', secrets: ['bot-token'] });
  const connector = jira.open(jira.config.parse(configFor(site.url)), context) as OpenConnector;
  stream = connector.streams.find((one) => one.name === 'improvement')!;
  sink = connector.sink!;
  ids = (await site.control.insert([1, 2].map((i) => ({ project: 'IMP', summary: `Number ${i}` })))).map(({ id }) => id);
  await poll();
  await sink.read('issue', ids[0]!);
});
afterEach(() => site.close());

const poll = (): Promise<unknown> => stream.read(undefined, { since: '2026-01-01T00:00:00.000Z', pageSize: 10 });

async function watched(work: () => Promise<unknown>): Promise<readonly string[]> {
  const before = (await site.control.journal()).length;
  await work();
  return (await site.control.journal(before)).map((entry) => `${entry.path.replace('/rest/api/3', '')} ${entry.status}`);
}

describe('a rate limit', () => {
  test('on a burst lets its endpoint rest and no other', async () => {
    await site.control.addFaults({ kind: 'status-429', reason: 'burst', retryAfter: 1, times: 1, match: { path: '/search/jql$' } });
    const requests = await watched(async () => {
      const first = poll();
      await new Promise((resolve) => setTimeout(resolve, 200)); // the refusal has come
      await Promise.all([first, poll(), stream.get!(ids)]);
    });
    expect(requests).toEqual(['/search/jql 429', '/issue/bulkfetch 200', '/search/jql 200', '/search/jql 200']);
  });

  test('on the writes of one issue lets that issue rest, also for other writes, and no other issue', async () => {
    const [a, b] = ids as [string, string];
    await site.control.addFaults({
      kind: 'status-429',
      reason: 'per-issue',
      retryAfter: 1,
      times: 1,
      match: { method: 'PUT', path: `/issue/${a}$` },
    });
    const requests = await watched(async () => {
      const first = sink.update('issue', a, { duedate: '2027-01-01' });
      await new Promise((resolve) => setTimeout(resolve, 200));
      const link = sink.link!('issue', a, { globalId: 'g', url: 'https://acme.example/1', title: 't', relationship: 'r' });
      await sink.update('issue', b, { duedate: '2027-01-01' });
      await Promise.all([first, link]);
    });
    const writes = requests.filter((request) => !request.endsWith(' 200'));
    expect(writes[0]).toBe(`/issue/${a} 429`);
    expect(writes[1]).toBe(`/issue/${b} 204`);
    expect(writes.slice(2).toSorted()).toEqual([`/issue/${a} 204`, `/issue/${a}/remotelink 201`].toSorted());
  });

  test('on the quota lets the whole system rest until the hour is over, and says how long that is, without asking again', async () => {
    await site.control.addFaults({ kind: 'status-429', reason: 'quota-tenant', match: { path: '/search/jql$' }, times: 1 });
    const failures: Failure[] = [];
    const requests = await watched(async () => {
      for (const work of [
        poll,
        () => stream.get!(ids),
        () => sink.read('issue', ids[0]!),
        () => sink.update('issue', ids[0]!, { duedate: null }),
      ])
        await work().catch((error: unknown) => failures.push(error as Failure));
    });
    expect(requests).toEqual(['/search/jql 429']);
    expect(failures.map((failure) => failure.kind)).toEqual(['transient', 'transient', 'transient', 'transient']);
    // 08:00 on the site's clock, so the hour is over in sixty minutes.
    for (const failure of failures.slice(1)) expect(failure.details.retryAfterMs).toBeGreaterThan(59 * 60_000);
  });

  test('of five requests a second with Retry-After costs at most one refused request in each of its windows', async () => {
    await site.control.insert(
      Array.from({ length: 40 }, (_, i) => ({
        project: 'IMP',
        summary: `More ${i}`,
        updated: new Date(Date.UTC(2026, 10, 1, i)).toISOString(),
      })),
    );
    await site.control.setRate(1);
    await site.control.switches({ requestsPerSecond: 5 });
    const before = (await site.control.journal()).length;
    let cursor: Cursor | undefined;
    let done = false;
    for (let pages = 0; !done && pages < 100; pages += 1) {
      const [page] = await Promise.all([stream.read(cursor, { since: '2026-01-01T00:00:00.000Z', pageSize: 3 }), stream.get!(ids)]);
      ({ cursor, done } = page);
    }
    const asked = await site.control.journal(before);
    expect(done).toBe(true);
    for (const path of ['/search/jql', '/issue/bulkfetch']) {
      const own = asked.filter((entry) => entry.path.endsWith(path));
      const bad = own.filter((entry) => entry.status === 429);
      expect(bad.length).toBeGreaterThan(0);
      expect(bad.length).toBeLessThanOrEqual(Math.ceil((own.length - bad.length) / 5));
    }
  });
});
