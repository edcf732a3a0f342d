import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type FaultKind, serviceNowControl } from '../../connectors/servicenow/simulator/index.js';
import { type SimulatorClient, id, simulator } from './servicenow-simulator-client.js';

let sim: SimulatorClient;
const incidents = '/api/now/table/incident';

beforeEach(async () => {
  sim = await simulator();
});
afterEach(() => sim.close());

describe('a lost answer', () => {
  test.each([
    ['commit-then-drop', 1, 0],
    ['commit-then-500', 1, 500],
    ['drop', 0, 0],
    ['status-500', 0, 500],
  ] as const)('%s leaves %i record behind, and the journal says so', async (kind, count, status) => {
    await sim.control.addFaults({ kind, match: { method: 'POST', path: '/table/incident$' }, times: 1 });
    const answer = await sim
      .call('POST', incidents, { as: 'writer', body: { sys_id: id(1), short_description: 'x' } })
      .then((got) => got.status)
      .catch(() => 0);
    expect(answer).toBe(status);
    expect(await sim.control.records('incident')).toHaveLength(count);
    const [entry] = await sim.control.journal();
    expect(entry).toMatchObject({ method: 'POST', path: incidents, status, fault: kind });
    expect(entry?.committed).toEqual(count === 1 ? { table: 'incident', sys_id: id(1), op: 'insert' } : undefined);
  });
});

describe('a fault', () => {
  const statuses = async (count: number): Promise<readonly number[]> => {
    const found: number[] = [];
    for (let n = 0; n < count; n++) found.push((await sim.call('GET', incidents)).status);
    return found;
  };

  test('strikes after so many requests, so many times, and is counted', async () => {
    await sim.control.addFaults({ kind: 'status-503', after: 1, times: 2, retryAfter: 7 });
    expect(await statuses(4)).toEqual([200, 503, 503, 200]);
    expect(await sim.control.faults()).toMatchObject([{ kind: 'status-503', seen: 4, struck: 2 }]);
  });

  test('with a probability strikes by the seed: the same in each run', async () => {
    const run = async (): Promise<readonly number[]> => {
      const other = await simulator({ seed: 7 });
      await other.control.addFaults({ kind: 'status-500', probability: 0.5 });
      const found: number[] = [];
      for (let n = 0; n < 20; n++) found.push((await other.call('GET', incidents)).status);
      await other.close();
      return found;
    };
    const first = await run();
    expect(new Set(first)).toEqual(new Set([200, 500]));
    expect(await run()).toEqual(first);
  });

  test('that is unknown is refused with the names of those there are', async () => {
    await expect(sim.control.addFaults({ kind: 'status-418' as FaultKind })).rejects.toThrow(
      'there is no fault status-418; known are status-500',
    );
  });

  test.each([
    ['status-502-html', 502, 'text/html', (text: string) => text.includes('502 Bad Gateway')],
    ['status-429-semaphore', 429, 'text/html', (text: string) => text === ''],
    ['html-200', 200, 'text/html', (text: string) => text.includes('instance-hibernating-page')],
    ['empty-202', 202, 'application/json', (text: string) => text === ''],
    ['unauthorized', 401, 'application/json', (text: string) => text.includes('User is not authenticated')],
    ['truncated-json', 200, 'application/json', (text: string) => text.startsWith('{"result":[{') && !parses(text)],
    ['malformed-200', 200, 'application/json', (text: string) => text.includes('maximum execution time exceeded') && !parses(text)],
    ['error-beside-result', 200, 'application/json', (text: string) => hasBoth(text)],
  ] as const)('%s answers %i as %s', async (kind, status, type, holds) => {
    await sim.control.load('incident', [{ number: 'A' }, { number: 'B' }]);
    await sim.control.addFaults({ kind });
    const answer = await sim.call('GET', incidents, { query: { sysparm_fields: 'number' } });
    expect([answer.status, answer.headers.get('content-type')?.split(';')[0], holds(answer.text)]).toEqual([status, type, true]);
    expect(answer.headers.get('x-ratelimit-rule')).toBeNull();
  });

  test('hang answers nothing at all', async () => {
    await sim.control.addFaults({ kind: 'hang' });
    await expect(fetch(`${sim.url}${incidents}`, { signal: AbortSignal.timeout(100) })).rejects.toThrow('aborted');
  });
});

describe('the rate limit rule', () => {
  test('refuses what is too much until its window ends on the virtual clock', async () => {
    await sim.control.switches({ rateLimit: { limit: 2, per: 'hour' } });
    await sim.control.advance(1_800_000);
    const [, , third] = [await sim.call('GET', incidents), await sim.call('GET', incidents), await sim.call('GET', incidents)];
    expect(third?.status).toBe(429);
    expect(third?.headers.get('retry-after')).toBe('1800');
    expect(third?.headers.get('x-ratelimit-limit')).toBe('2');
    expect(third?.headers.get('x-ratelimit-reset')).toBe(String(Date.parse('2026-01-01T01:00:00Z') / 1000));
    expect((await sim.call('GET', incidents, { as: 'writer' })).status).toBe(200);
    await sim.control.advance(1_800_000);
    expect((await sim.call('GET', incidents)).status).toBe(200);
  });
});

describe('too many at once', () => {
  const burst = (count: number, headers: Readonly<Record<string, string>> = {}): Promise<readonly number[]> =>
    Promise.all(Array.from({ length: count }, async () => (await sim.call('GET', incidents, { headers })).status));

  test('beyond the semaphores and their queue are refused with 429', async () => {
    await sim.control.switches({ latencyMs: 300, semaphores: { size: 2, queue: 3 } });
    expect((await burst(7)).toSorted((a, b) => a - b)).toEqual([200, 200, 200, 200, 200, 429, 429]);
  });

  test('on one session are dropped with 202, and the journal tells that a cookie was sent', async () => {
    await sim.control.switches({ latencyMs: 200, sessionQueue: 2 });
    expect((await burst(5, { cookie: 'JSESSIONID=ABC' })).toSorted((a, b) => a - b)).toEqual([200, 200, 200, 202, 202]);
    expect((await sim.control.journal()).every(({ cookie }) => cookie)).toBe(true);
  });
});

const errorsFile = join(process.env['GOLDEN_THREAD_DATA'] ?? '../shared/data', 'servicenow', 'errors.json');
const collected = existsSync(errorsFile);
if (!collected)
  process.stdout.write(`skipped: the collected error bodies are not at ${errorsFile} (GOLDEN_THREAD_DATA names another folder)\n`);

(collected ? describe : describe.skip)('the collected error bodies', () => {
  const known = new Map(
    collected
      ? (JSON.parse(readFileSync(errorsFile, 'utf8')) as readonly { readonly id: string; readonly body: unknown }[]).map((one) => [
          one.id,
          one.body,
        ])
      : [],
  );
  const body = async (method: string, path: string, options: object = {}): Promise<unknown> => (await sim.call(method, path, options)).body;

  test('are the bodies of the simulator', async () => {
    await sim.control.load('incident', [{ sys_id: id(1) }]);
    expect(await body('GET', '/api/now/table/u_does_not_exist')).toEqual(known.get('invalid_table'));
    expect(await body('GET', `${incidents}/${id(2)}`)).toEqual(known.get('no_record'));
    expect(await body('PATCH', `${incidents}/${id(1)}`, { body: { category: 'x' } })).toEqual(known.get('acl_update'));
    expect(await body('GET', '/api/now/bunk')).toEqual(known.get('unknown_uri'));
    expect(await body('GET', incidents, { headers: { authorization: '' } })).toEqual(known.get('unauthenticated'));
    expect(await body('PATCH', `${incidents}/${id(1)}`, { as: 'writer', body: { state: 6, close_notes: 'x' } })).toEqual(
      known.get('data_policy'),
    );
    await sim.control.switches({ rateLimit: { limit: 10, per: 'hour' } });
    for (let n = 0; n < 10; n++) await body('GET', incidents);
    expect(await body('GET', incidents)).toEqual(known.get('rate_limit_rule'));
    await sim.control.addFaults({ kind: 'status-429-rule', times: 1 }, { kind: 'status-502-html', times: 1 });
    expect(await body('GET', incidents)).toEqual(known.get('rate_limit_rule'));
    expect((await sim.call('GET', incidents)).text).toEqual(known.get('bad_gateway_html'));
  });
});

describe('OAuth', () => {
  const token = async (form: Readonly<Record<string, string>>): Promise<{ status: number; body: Readonly<Record<string, unknown>> }> => {
    const response = await fetch(`${sim.url}/oauth_token.do`, { method: 'POST', body: new URLSearchParams(form) });
    return { status: response.status, body: (await response.json()) as Readonly<Record<string, unknown>> };
  };
  const client = { client_id: 'gt-writer-client', client_secret: 'writer-client-secret' };
  const bearer = (body: Readonly<Record<string, unknown>>): { authorization: string } => ({
    authorization: `Bearer ${String(body['access_token'])}`,
  });

  test('client credentials give a token without a refresh token; it acts for its user and expires on the virtual clock', async () => {
    const { body } = await token({ grant_type: 'client_credentials', ...client });
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 1799, scope: 'useraccount' });
    expect(body).not.toHaveProperty('refresh_token');
    expect((await sim.call('GET', incidents, { as: bearer(body) })).status).toBe(200);
    expect((await sim.control.journal()).at(-1)?.user).toBe('gt.writer');
    await sim.control.advance(1_799_000);
    const expired = await sim.call('GET', incidents, { as: bearer(body) });
    expect([expired.status, (expired.body?.error as { message?: string } | undefined)?.message]).toEqual([
      401,
      'User is not authenticated',
    ]);
  });

  test('a password gives a refresh token, which gives the next access token', async () => {
    const { body } = await token({ grant_type: 'password', ...client, username: 'gt.reader', password: 'reader-password' });
    await sim.control.advance(1_799_000);
    const next = await token({ grant_type: 'refresh_token', ...client, refresh_token: String(body['refresh_token']) });
    expect((await sim.call('GET', incidents, { as: bearer(next.body) })).status).toBe(200);
  });

  test('a wrong secret gives none, and no secret is in the journal', async () => {
    expect((await token({ grant_type: 'client_credentials', client_id: client.client_id, client_secret: 'guess-guess' })).status).toBe(401);
    await token({ grant_type: 'client_credentials', ...client });
    const journal = JSON.stringify(await sim.control.journal());
    expect([journal.includes('guess-guess'), journal.includes(client.client_secret)]).toEqual([false, false]);
  });
});

describe('the process', () => {
  const main = join(import.meta.dirname, '../../connectors/servicenow/simulator/main.js');

  test.each(['SIGTERM', 'stdin'])('says where it listens in one line, and ends on %s', async (by) => {
    const child = spawn(process.execPath, [main, '--port', '0', '--seed', '1', '--now', '2026-01-01T00:00:00Z']);
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const line = await new Promise<string>((resolve) => createInterface(child.stdout).once('line', resolve));
    const { url } = JSON.parse(line) as { url: string };
    const clock = await serviceNowControl(url).clock();
    if (by === 'stdin') child.stdin.end();
    else child.kill('SIGTERM');
    expect(clock).toEqual({ now: '2026-01-01T00:00:00.000Z', rate: 0 });
    expect(await ended).toBe(0);
  });
});

describe('the clock', () => {
  test('runs with real time when told, and fires what falls due', async () => {
    await sim.call('POST', incidents, { as: 'writer', body: {} });
    await sim.control.switches({ touchBackMs: 20 });
    await sim.call('POST', incidents, { as: 'writer', body: { sys_id: id(1) } });
    await sim.control.setRate(1);
    const touched = async (): Promise<boolean> => (await sim.control.records('incident', `sys_id=${id(1)}`))[0]?.['sys_mod_count'] === '1';
    while (!(await touched())) await new Promise((resolve) => setTimeout(resolve, 5));
    const { rate, now } = await sim.control.setRate(0);
    expect([rate, now > '2026-01-01T00:00:00.019Z']).toEqual([0, true]);
  });

  test('can be set back as an administrator corrects it, and the Date header can be off', async () => {
    await sim.control.setClock('2025-12-31T23:00:00Z');
    await sim.control.switches({ dateHeaderSkewMs: 90_000 });
    expect((await sim.call('GET', incidents)).headers.get('date')).toBe('Wed, 31 Dec 2025 23:01:30 GMT');
  });
});

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const hasBoth = (text: string): boolean => {
  const { result, error } = JSON.parse(text) as { readonly result?: readonly unknown[]; readonly error?: unknown };
  return result?.length === 1 && error !== undefined;
};
