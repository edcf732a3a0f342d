import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { clientFor, failureOf, read, write } from './client.js';
import { json, type Loopback, startLoopback, text } from './loopback.js';

let server: Loopback;
let other: Loopback;
beforeAll(async () => {
  server = await startLoopback();
  other = await startLoopback();
});
afterAll(async () => {
  await server.close();
  await other.close();
});

describe('every call ends', () => {
  test('an answer that drips for ever ends with the deadline of the attempt', async () => {
    server.answer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    });
    const { client } = clientFor(server.url, { attemptMs: 150, deadlineMs: 400 });
    const failure = await failureOf(client.request(write));
    expect(failure).toMatchObject({ kind: 'transient', details: { committed: 'maybe' } });
    expect(failure.message).toContain('no complete answer in 150 ms');
  });

  test('a remote that never answers ends with the total deadline, retries included', async () => {
    server.answer(() => {});
    const { client } = clientFor(server.url, { attemptMs: 100, deadlineMs: 250 });
    const failure = await failureOf(client.request(read));
    expect(failure.message).toMatch(/no complete answer in (100|250) ms/);
  });

  test('a hung renewal of credentials ends with it too, and nothing was delivered', async () => {
    const { client } = clientFor(server.url, { deadlineMs: 100, authorize: () => new Promise(() => {}) });
    expect(await failureOf(client.request(write))).toMatchObject({ kind: 'transient', details: { committed: 'no' } });
  });

  test('a request that waits for its turn ends with its own deadline', async () => {
    server.answer(() => {});
    const { client } = clientFor(server.url, { concurrency: 1, attemptMs: 400, deadlineMs: 400 });
    const running = failureOf(client.request(write));
    const stop = new AbortController();
    const waiting = failureOf(client.request({ ...write, signal: stop.signal }));
    stop.abort();
    expect((await waiting).details.committed).toBe('no');
    expect((await running).details.committed).toBe('maybe');
  });

  test('shutdown ends requests under way and repeats none', async () => {
    const stop = new AbortController();
    server.answer(() => stop.abort());
    const before = server.seen.length;
    const failure = await failureOf(clientFor(server.url, {}, { signal: stop.signal }).client.request(read));
    expect(failure.message).toContain('was cancelled');
    expect(server.seen.length).toBe(before + 1);
  });
});

describe('an answer has a limit', () => {
  const huge = JSON.stringify({ result: 'x'.repeat(2_000_000) });
  const asJson = { 'content-type': 'application/json' };
  test.each([
    ['told in advance', text(huge, 200, { ...asJson, 'content-length': String(huge.length) })],
    ['in chunks', text(huge, 200, { ...asJson, 'transfer-encoding': 'chunked' })],
    ['compressed to almost nothing', text(gzipSync(huge), 200, { ...asJson, 'content-encoding': 'gzip' })],
  ])('a body that is too large, %s, is a broken contract', async (_name, behaviour) => {
    server.answer(behaviour);
    const failure = await failureOf(clientFor(server.url, { maxBytes: 1_000_000 }).client.request(read));
    expect(failure.kind).toBe('contract');
    expect(failure.message).toContain('larger than allowed');
  });
});

describe('credentials stay with the configured address', () => {
  test('a redirect is refused, names the other host only, and is not followed', async () => {
    const target = `${other.url}/login?token=abc`;
    server.answer(json({}, 302, { location: target }));
    const failure = await failureOf(clientFor(server.url).client.request(read));
    expect(failure.kind).toBe('contract');
    expect(failure.message).toContain(new URL(other.url).host);
    expect(failure.message).not.toContain('token');
    expect(other.connections()).toBe(0);
  });

  test('no path leads out of the base', async () => {
    const host = new URL(other.url).host;
    const paths = [
      other.url,
      `//${host}/x`,
      `/\\${host}/x`,
      `\\\\${host}`,
      `@${host}/`,
      `.${host}/`,
      '/../admin',
      '/x/../../admin',
      '/%2e%2e/admin',
      '/%2E./admin',
      '/x/..%2f..%2fadmin',
      '/x%5c..%5c..%5cadmin',
      '/x/..;/..',
      '/a?b=c',
      '/a#b',
      '/a\r\nHost: evil',
      '/a b',
      '/%zz',
      'x',
      '',
    ];
    const { client } = clientFor(`${server.url}/jira`);
    const before = server.seen.length;
    for (const path of paths) {
      const failure = await failureOf(client.request({ ...write, path }));
      expect([path, failure.kind, failure.details.committed]).toEqual([path, 'contract', 'no']);
    }
    expect(server.seen.length).toBe(before);
    expect(other.connections()).toBe(0);
  });

  test('the prefix of the base is kept, and a query cannot break out of its value', async () => {
    server.answer(json({}));
    await clientFor(`${server.url}/jira/`).client.request({ ...read, query: { q: 'a=b&c d\ud800', n: 1, f: ['x', 'y'], none: undefined } });
    expect(server.seen.at(-1)?.url).toBe('/jira/api/things?q=a%3Db%26c%20d%EF%BF%BD&n=1&f=x&f=y');
  });

  test.each([['ftp://host'], ['host'], ['https://user:pass@host'], ['https://host/?x=1']])('%s is no base', (baseUrl) => {
    expect(() => clientFor(baseUrl)).toThrow(expect.objectContaining({ kind: 'config' }));
  });
});
