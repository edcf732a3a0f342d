import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Fault, jiraControl } from '../../connectors/jira/simulator/index.js';
import { type Site, accountIds, improvement, start, startSite } from './jira-simulator-client.js';

let site: Site;

beforeEach(async () => {
  site = await startSite();
});

afterEach(() => site.close());

const create = (): ReturnType<Site['send']> => site.send('POST', '/issue', { fields: { ...improvement, summary: 'x', labels: ['gt-1'] } });

describe('a lost answer', () => {
  test('leaves the issue behind when it is lost after the commit, and the journal knows', async () => {
    await site.control.addFaults({ kind: 'commit-then-drop', match: { method: 'POST', path: '/issue$' }, times: 1 });
    await expect(create()).rejects.toThrow();
    expect(await site.control.issues({ label: 'gt-1' })).toHaveLength(1);
    expect(await site.control.journal()).toMatchObject([
      { status: 0, fault: 'commit-then-drop', committed: { issueId: '10001', op: 'create' } },
    ]);
  });

  test('leaves nothing behind when the request never arrived', async () => {
    await site.control.addFaults({ kind: 'drop', match: { method: 'POST' }, times: 1 });
    await expect(create()).rejects.toThrow();
    expect(await site.control.issues()).toEqual([]);
    expect((await site.control.journal())[0]).not.toHaveProperty('committed');
    expect((await create()).status).toBe(201);
  });

  test('may look like an error although it was carried out', async () => {
    await site.control.addFaults({ kind: 'commit-then-500', match: { method: 'POST' }, times: 1 });
    expect((await create()).status).toBe(500);
    expect(await site.control.issues()).toHaveLength(1);
  });

  test('may stop in the middle of its body', async () => {
    await site.control.addFaults({ kind: 'truncated-json', bytes: 10, times: 1 });
    await expect(site.send('GET', '/field')).rejects.toThrow();
  });

  test('may never come', async () => {
    await site.control.addFaults({ kind: 'hang', times: 1 });
    await expect(fetch(`${site.url}/rest/api/3/serverInfo`, { signal: AbortSignal.timeout(200) })).rejects.toThrow();
    expect(await site.control.journal()).toMatchObject([{ status: 0, fault: 'hang' }]);
  });
});

describe('a limit', () => {
  test.each([
    ['burst', 'jira-burst-based', '2026-01-01T00:00:07.000Z'],
    ['per-issue', 'jira-per-issue-on-write', '2026-01-01T00:00:07.000Z'],
    ['quota-global', 'jira-quota-global-based', '2026-01-01T01:00:00.000Z'],
    ['quota-tenant', 'jira-quota-tenant-based', '2026-01-01T01:00:00.000Z'],
  ] as const)('of kind %s names itself', async (reason, header, reset) => {
    await site.control.addFaults({ kind: 'status-429', reason, retryAfter: 7, times: 1 });
    const answer = await site.send('GET', '/myself');
    expect(answer.status).toBe(429);
    expect(answer.headers.get('ratelimit-reason')).toBe(header);
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(answer.headers.get('x-ratelimit-reset')).toBe(reset);
  });

  test('may come without Retry-After, as a page', async () => {
    await site.control.addFaults({ kind: 'status-429', html: true, times: 1 });
    const answer = await site.send('GET', '/myself');
    expect(answer.headers.get('retry-after')).toBeNull();
    expect(answer.headers.get('content-type')).toContain('text/html');
  });

  test('on one issue lets twenty writes in two seconds through, and lets go when time passes', async () => {
    await create();
    await site.control.switches({ perIssueWriteLimit: true });
    const write = async (n: number): Promise<number> => (await site.send('PUT', '/issue/IMP-1', { fields: { summary: `s${n}` } })).status;
    for (let n = 0; n < 20; n += 1) expect(await write(n)).toBe(204);
    expect(await write(21)).toBe(429);
    expect((await site.send('GET', '/issue/IMP-1')).status).toBe(200);
    await site.control.advance(2000);
    expect(await write(22)).toBe(204);
  });
});

describe('other faults', () => {
  test.each<[Fault, number, string]>([
    [{ kind: 'status-500' }, 500, 'application/json'],
    [{ kind: 'status-502-html' }, 502, 'text/html'],
    [{ kind: 'status-503', retryAfter: 3 }, 503, 'application/json'],
    [{ kind: 'html-200' }, 200, 'text/html'],
    [{ kind: 'unauthorized' }, 401, 'application/json'],
  ])('%j', async (fault, status, type) => {
    await site.control.addFaults({ ...fault, times: 1 });
    const answer = await site.send('GET', '/myself');
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain(type);
    expect(answer.headers.get('retry-after')).toBe(fault.retryAfter === undefined ? null : String(fault.retryAfter));
    expect((await site.send('GET', '/myself')).status).toBe(200);
  });

  test('credentials that are silently ignored make a search come back empty', async () => {
    await create();
    await site.control.addFaults({ kind: 'anonymous', match: { path: '/search/jql' } });
    expect(await site.find('project = IMP')).toEqual([]);
    await site.control.clearFaults();
    expect(await site.find('project = IMP')).toEqual(['IMP-1']);
  });

  test('strike where, when and how often they are told to', async () => {
    await site.control.addFaults({ kind: 'status-500', match: { method: 'GET', path: '^/rest/api/3/field' }, after: 1, times: 1 });
    const statuses: number[] = [];
    for (let n = 0; n < 3; n += 1) statuses.push((await site.send('GET', '/field')).status);
    expect(statuses).toEqual([200, 500, 200]);
    expect(await site.control.faults()).toMatchObject([{ seen: 3, struck: 1 }]);
    await expect(site.control.addFaults({ kind: 'nonsense' as Fault['kind'] })).rejects.toThrow("no fault is called 'nonsense'");
  });

  test('strike the same requests again with the same seed', async () => {
    const run = async (): Promise<readonly number[]> => {
      const other = await startSite({ seed: 42 });
      await other.control.addFaults({ kind: 'status-500', probability: 0.5 });
      const statuses: number[] = [];
      for (let n = 0; n < 12; n += 1) statuses.push((await other.send('GET', '/serverInfo')).status);
      await other.close();
      return statuses;
    };
    const first = await run();
    expect(new Set(first).size).toBe(2);
    expect(await run()).toEqual(first);
  });
});

describe('the journal and the clock', () => {
  test('hold every request, who made it and how it was answered, but no credentials', async () => {
    await create();
    await site.send('GET', '/issue/NOPE-1?fields=id', undefined, null);
    const entries = await site.control.journal();
    expect(entries).toMatchObject([
      {
        n: 1,
        at: start,
        method: 'POST',
        path: '/rest/api/3/issue',
        account: accountIds.bot,
        status: 201,
        body: { fields: { summary: 'x' } },
      },
      { n: 2, method: 'GET', query: 'fields=id', account: 'anonymous', status: 404 },
    ]);
    expect(JSON.stringify(entries)).not.toContain('bot-token');
    expect(await site.control.journal(1)).toHaveLength(1);
  });

  test('move only when told, and are what the Date header says', async () => {
    await site.control.advance(90_500);
    expect((await site.send('GET', '/serverInfo')).headers.get('date')).toBe('Thu, 01 Jan 2026 00:01:30 GMT');
    await site.control.setClock('2026-06-01T00:00:00Z');
    expect(await site.control.clock()).toEqual({ now: '2026-06-01T00:00:00.000Z', rate: 0 });
    expect(await site.control.setRate(1)).toMatchObject({ rate: 1 });
    await site.control.switches({ dateSkewMs: 3_600_000 });
    expect((await site.send('GET', '/serverInfo')).headers.get('date')).toContain('01:00:0');
  });

  test('a switch that does not exist is refused', async () => {
    await expect(site.control.switches({ nonsense: 1 } as object)).rejects.toThrow("no switch is called 'nonsense'");
    await expect(site.control.switches({ tokenSemantics: 'magic' } as object)).rejects.toThrow('offset, snapshot');
  });
});

test('a path that does not exist is a problem document', async () => {
  const answer = await site.send('GET', '/issue/IMP-1/no-such-thing');
  expect(answer.status).toBe(404);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.body).toMatchObject({ title: 'Not Found', status: 404, instance: '/rest/api/3/issue/IMP-1/no-such-thing' });
});

describe('as a process of its own', () => {
  const main = fileURLToPath(new URL('../../connectors/jira/simulator/main.js', import.meta.url));
  const started: ChildProcessWithoutNullStreams[] = [];
  afterAll(() => started.forEach((child) => child.kill('SIGKILL')));
  const launch = async (): Promise<{ child: ChildProcessWithoutNullStreams; url: string }> => {
    const child = spawn(process.execPath, [main, '--port', '0', '--seed', '1', '--now', start], { stdio: ['pipe', 'pipe', 'pipe'] });
    started.push(child);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return { child, url: (JSON.parse(line.toString()) as { url: string }).url };
  };

  test('it says where it listens, and ends when its parent closes the pipe', async () => {
    const { child, url } = await launch();
    expect(await jiraControl(url).clock()).toEqual({ now: start, rate: 0 });
    child.stdin.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('it ends on SIGTERM', async () => {
    const { child } = await launch();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
