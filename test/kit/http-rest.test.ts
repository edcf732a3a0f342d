import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Failure, type HttpClient } from '../../src/kit/index.js';
import { createHttp } from '../../src/kit/host.js';
import { clientFor, failureOf, read } from './client.js';
import { type Loopback, json, startLoopback } from './loopback.js';

describe('what a remote says to one request counts for those that wait behind it', () => {
  let loopback: Loopback;
  beforeEach(async () => {
    loopback = await startLoopback();
  });
  afterEach(() => loopback.close());

  test('refused credentials are not sent again: of ten requests only those under way try them, and none for a while after', async () => {
    loopback.answer(json({ error: 'no' }, 401));
    const { client } = clientFor(loopback.url, { restAfterRefusalMs: 60_000, concurrency: 2 });

    const kinds = await Promise.all(Array.from({ length: 10 }, () => failureOf(client.request(read))));
    const later = await failureOf(client.request(read));

    expect(new Set([...kinds, later].map(({ kind }) => kind))).toEqual(new Set(['auth']));
    expect(loopback.seen.length).toBeLessThanOrEqual(2);
  });

  test('after the rest they are tried again', async () => {
    loopback.answer(json({ error: 'no' }, 401), json({ ok: true }));
    const { client } = clientFor(loopback.url, { restAfterRefusalMs: 1 });
    await failureOf(client.request(read));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await client.request(read)).body).toEqual({ ok: true });
  });

  test('a limit of five requests a second costs at most one refused request per second, once it has been met', async () => {
    // A window begins with its first request, so that no test run can straddle two of them by chance.
    let window = { from: 0, served: 0 };
    let refused: number[] = [];
    loopback.answer((request, response, socket) => {
      const now = performance.now();
      if (now - window.from >= 1000) {
        window = { from: now, served: 0 };
        refused.push(0);
      }
      window.served += 1;
      if (window.served <= 5) return json({ ok: true })(request, response, socket);
      refused = refused.with(-1, (refused.at(-1) ?? 0) + 1);
      return json({ error: 'slow down' }, 429, { 'retry-after': '1' })(request, response, socket);
    });
    const { client } = clientFor(loopback.url, { concurrency: 2 }, { retries: { most: 8, firstMs: 5 } });

    const answers = await Promise.all(Array.from({ length: 14 }, () => client.request(read)));

    expect(answers).toHaveLength(14);
    // Two are under way when the limit shows itself for the first time; from then on they go one at a time.
    expect(refused[0]).toBeLessThanOrEqual(2);
    expect(Math.max(...refused.slice(1))).toBeLessThanOrEqual(1);
  }, 15_000);

  test('clients of one account rest together, those of another go on', async () => {
    loopback.answer(json({ error: 'slow down' }, 429, { 'retry-after': '3600' }), json({ ok: true }));
    const http = createHttp({
      system: 'acme',
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
      signal: new AbortController().signal,
      redact: (text) => text,
    });
    const clientOf = (account: string): HttpClient =>
      http({ baseUrl: loopback.url, account, deadlineMs: 2_000, authorize: () => Promise.resolve({}) });
    const [reads, writes, others] = [clientOf('one'), clientOf('one'), clientOf('other')];

    expect((await failureOf(reads.request(read))).details.retryAfterMs).toBeGreaterThan(3_500_000);
    const held = await failureOf(writes.request(read));
    const answer = await others.request(read);

    expect(held).toBeInstanceOf(Failure);
    expect(held.message).toMatch(/left alone/);
    expect(answer.body).toEqual({ ok: true });
    expect(loopback.seen).toHaveLength(2);
  });
});
