import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHttp, stepsTaken } from '../../src/kit/host.js';
import { clientFor, failureOf, read, write } from './client.js';
import { type Behaviour, json, type Loopback, startLoopback, text } from './loopback.js';

let server: Loopback;
beforeAll(async () => {
  server = await startLoopback();
});
afterAll(() => server.close());

const good = json({ ok: true });
const broken = text('oops', 500);
const reset: Behaviour = (_request, _response, socket) => void socket.destroy();
const resetAfterHeaders: Behaviour = (_request, response, socket) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
  response.flushHeaders();
  setImmediate(() => socket.destroy());
};
const resetAtByte =
  (k: number): Behaviour =>
  (_request, response, socket) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
    response.write('{"result":["aaaaaaaaaaaaaaaaaaaaaa"'.slice(0, k), () => setImmediate(() => socket.destroy()));
  };

/** How many requests the server got while `run` ran. */
async function counted(run: () => Promise<unknown>): Promise<number> {
  const before = server.seen.length;
  await run();
  return server.seen.length - before;
}

/** An address where nothing listens. */
async function closedPort(): Promise<string> {
  const probe = createServer();
  const port = await new Promise<number>((resolve) =>
    probe.listen(0, '127.0.0.1', () => resolve((probe.address() as { port: number }).port)),
  );
  await new Promise((resolve) => probe.close(resolve));
  return `http://127.0.0.1:${port}`;
}

describe('what is repeated', () => {
  const lost: readonly (readonly [string, Behaviour])[] = [
    ['a server error', broken],
    ['a reset before any answer', reset],
    ['a reset after the headers', resetAfterHeaders],
    ['a reset within the body', resetAtByte(20)],
    ['an HTML page', text('<html>', 200, { 'content-type': 'text/html' })],
  ];
  test.each(lost)('a read survives %s', async (_name, behaviour) => {
    server.answer(behaviour, good);
    expect((await clientFor(server.url).client.request(read)).body).toEqual({ ok: true });
  });

  test.each(lost)('a create is sent once in spite of %s, and stays in doubt', async (_name, behaviour) => {
    server.answer(behaviour, good);
    const { client } = clientFor(server.url);
    let failure;
    expect(await counted(async () => (failure = await failureOf(client.request(write))))).toBe(1);
    expect(failure).toMatchObject({ kind: 'transient', details: { committed: 'maybe' } });
  });

  test('a create that was refused with 429 is sent again', async () => {
    server.answer(text('slow down', 429), json({ id: 1 }, 201));
    expect((await clientFor(server.url).client.request(write)).status).toBe(201);
  });

  test('a PUT and a POST that calls itself idempotent are sent again', async () => {
    const { client } = clientFor(server.url);
    for (const request of [
      { ...write, method: 'PUT' as const },
      { ...write, idempotent: true },
    ]) {
      server.answer(reset, good);
      expect((await client.request(request)).body).toEqual({ ok: true });
    }
  });

  test('what one attempt left in doubt, a later refusal does not prove', async () => {
    server.answer(reset, json({ error: 'gone' }, 404));
    const failure = await failureOf(clientFor(server.url).client.request({ ...write, method: 'PUT' }));
    expect(failure).toMatchObject({ kind: 'record', details: { status: 404, committed: 'maybe' } });
  });

  test('a refused connection and an unknown host prove that nothing was delivered', async () => {
    for (const url of [await closedPort(), 'http://no-such-host.invalid']) {
      const failure = await failureOf(clientFor(url).client.request(write));
      expect(failure).toMatchObject({ kind: 'transient', details: { committed: 'no' } });
      expect(failure.message).toContain(new URL(url).host);
      expect(failure.details.hint).toContain('address');
    }
  });

  test('TLS spoken to a plain port proves it too', async () => {
    const failure = await failureOf(clientFor(server.url.replace('http:', 'https:')).client.request(write));
    expect(failure).toMatchObject({ kind: 'transient', details: { committed: 'no' } });
    expect(failure.message).toContain('TLS');
  });

  test('a create never rides on a kept-alive connection that the remote may just be closing', async () => {
    server.answer(good);
    const { client } = clientFor(server.url);
    await client.request(read);
    const before = server.connections();
    await client.request(read);
    expect(server.connections()).toBe(before);
    await client.request(write);
    expect(server.connections()).toBe(before + 1);
  });
});

describe('how long it waits', () => {
  test('Retry-After is a minimum, also for the other requests of the client', async () => {
    const times: number[] = [];
    const stamp =
      (behaviour: Behaviour): Behaviour =>
      (...all) => {
        times.push(performance.now());
        return behaviour(...all);
      };
    server.answer(stamp(text('', 429, { 'retry-after': '1' })), stamp(good));
    const { client } = clientFor(server.url);
    const first = client.request(read);
    while (times.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await Promise.all([first, client.request(read)]);
    const [refused = 0, ...later] = times;
    expect(later.length).toBe(2);
    for (const time of later) expect(time - refused).toBeGreaterThanOrEqual(995);
  });

  test('a Retry-After as a date is held against the clock of the remote', async () => {
    server.answer(text('', 429, { date: 'Sat, 21 Nov 2026 09:00:00 GMT', 'retry-after': 'Sat, 21 Nov 2026 10:00:00 GMT' }));
    const failure = await failureOf(clientFor(server.url).client.request(read));
    expect(failure.details.retryAfterMs).toBe(3_600_000);
  });

  test('a Retry-After beyond the deadline fails at once, says how long, and keeps the next request off the wire', async () => {
    server.answer(json({ error: 'rate limit' }, 429, { 'retry-after': '3600' }));
    const { client } = clientFor(server.url);
    expect(
      await counted(async () => {
        expect((await failureOf(client.request(write))).details).toMatchObject({ retryAfterMs: 3_600_000, committed: 'no' });
        const next = await failureOf(client.request(read));
        expect(next.kind).toBe('transient');
        expect(next.details.retryAfterMs).toBeGreaterThan(3_590_000);
      }),
    ).toBe(1);
  });

  test('a limit on one record does not stop the others', async () => {
    server.answer(json({}, 429, { 'retry-after': '3600', 'ratelimit-reason': 'jira-per-issue-on-write' }), good);
    const { client } = clientFor(server.url);
    await failureOf(client.request(write));
    expect((await client.request(write)).body).toEqual({ ok: true });
  });

  test.each([['0'], [''], ['soon'], ['Sat, 21 Nov 2020 10:00:00 GMT']])('Retry-After %p means backoff, never a hot loop', async (value) => {
    server.answer(text('', 429, { 'retry-after': value }));
    const { client, lines } = clientFor(server.url);
    expect(await counted(() => failureOf(client.request(read)))).toBe(4);
    const waits = lines.flatMap((line) => /"afterMs":(\d+)/.exec(line)?.[1] ?? []).map(Number);
    expect(waits.length).toBe(3);
    for (const [index, ms] of waits.entries()) expect(ms).toBeGreaterThanOrEqual(Math.floor(2.5 * 2 ** index));
  });
});

test('a dead remote is not stormed: 100 requests cost at most a tenth and the reserve more', async () => {
  server.answer(broken);
  const { client } = clientFor(server.url, {}, { retries: { most: 3, firstMs: 1 } });
  const requests = await counted(async () => {
    for (let i = 0; i < 100; i += 1) await failureOf(client.request(read));
  });
  expect(requests).toBeGreaterThan(100);
  expect(requests).toBeLessThanOrEqual(120);
});

test('all clients of a system together keep to its number of requests at once', async () => {
  let [now, most] = [0, 0];
  server.answer(async (...all) => {
    now += 1;
    most = Math.max(most, now);
    await new Promise((resolve) => setTimeout(resolve, 20));
    now -= 1;
    await good(...all);
  });
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const http = createHttp({ system: 'acme', log: silent, signal: new AbortController().signal, redact: (one) => one });
  const clients = [1, 2].map(() => http({ baseUrl: server.url, concurrency: 3, authorize: () => Promise.resolve({}) }));
  await Promise.all(clients.flatMap((client) => Array.from({ length: 6 }, () => client.request(read))));
  expect(most).toBe(3);
});

test('every exchange lies between two boundaries at which the crash tests can kill: a lost answer too', async () => {
  server.answer(reset, good);
  const before = stepsTaken();
  await clientFor(server.url).client.request(read);
  expect(stepsTaken() - before).toBe(4);
});
