import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Failure } from 'golden-thread/kit';
import { clientFor, failureOf, read, write } from './client.js';
import { json, type Loopback, startLoopback, text } from './loopback.js';

let server: Loopback;
beforeAll(async () => {
  server = await startLoopback();
});
afterAll(() => server.close());

const asJson = { 'content-type': 'application/json' };
const html = '<html><title>Instance Hibernating\u001b[2J\u2028page</title></html>';

describe('an answer is data only if it is', () => {
  test('JSON arrives parsed, with headers in lower case and without cookies', async () => {
    server.answer(json({ result: [1] }, 200, { 'X-Total-Count': '7', 'Set-Cookie': 'JSESSIONID=1' }));
    const answer = await clientFor(server.url).client.request(read);
    expect(answer.body).toEqual({ result: [1] });
    expect(answer.headers['x-total-count']).toBe('7');
    expect(Object.keys(answer.headers)).not.toContain('set-cookie');
  });

  test('compressed JSON, JSON with a byte order mark and application/problem+json are read', async () => {
    server.answer(
      text(gzipSync('{"a":1}'), 200, { ...asJson, 'content-encoding': 'gzip' }),
      text('\ufeff{"a":2}', 200, asJson),
      text('{"a":3}', 200, { 'content-type': 'application/problem+json; charset=utf-8' }),
    );
    const { client } = clientFor(server.url);
    for (const a of [1, 2, 3]) expect((await client.request(read)).body).toEqual({ a });
  });

  test('the remote clock is never later than the moment at which the request arrived', async () => {
    const slow = 1200;
    server.answer(async (_request, response) => {
      await new Promise((resolve) => setTimeout(resolve, slow));
      response.writeHead(200, { ...asJson, date: 'Sat, 21 Nov 2026 09:30:05 GMT' }).end('{}');
    });
    expect((await clientFor(server.url).client.request(read)).remoteNow).toBe('2026-11-21T09:30:03.000Z');
  });

  test('204 and HEAD are answers without a body', async () => {
    server.answer(text('', 204), text('', 200, asJson));
    const { client } = clientFor(server.url);
    expect((await client.request(write)).body).toBeUndefined();
    expect((await client.request({ ...read, method: 'HEAD' })).body).toBeUndefined();
  });

  const bad: readonly (readonly [string, Parameters<Loopback['answer']>[0], string])[] = [
    ['an HTML page', text(html, 200, { 'content-type': 'text/html' }), '<html><title>Instance Hibernating [2J page</title></html>'],
    ['HTML that calls itself JSON', text(html, 200, asJson), 'malformed'],
    ['JSON cut in the middle', text('{"result":[{"number":"INC00', 200, asJson), 'cut off'],
    ['bytes that are not UTF-8', text(Buffer.from('{"a":"\xe9"}', 'latin1'), 200, asJson), 'UTF-8'],
    ['a body of no declared type', text('{"a":1}'), 'no declared type'],
    ['an empty 200', text('', 200, asJson), 'without a body'],
    ['an empty 202', text('', 202), 'without a body'],
  ];
  test.each(bad)('%s is a transient failure, and a write may have been carried out', async (_name, behaviour, said) => {
    server.answer(behaviour);
    const failure = await failureOf(clientFor(server.url).client.request(write));
    expect(failure).toMatchObject({ kind: 'transient', details: { committed: 'maybe', system: 'acme' } });
    expect(failure.message).toContain(said);
    expect(failure.message).toContain(new URL(server.url).host);
    // eslint-disable-next-line no-control-regex
    expect(failure.message).not.toMatch(/[\u0000-\u001f\u2028]/);
  });

  test('an empty 201 is success where the API documents it, an empty 202 never', async () => {
    const { client } = clientFor(server.url);
    server.answer(text('', 201));
    expect(await client.request({ ...write, mayBeEmpty: true })).toMatchObject({ status: 201, body: undefined });
    server.answer(text('', 202));
    expect((await failureOf(client.request({ ...write, mayBeEmpty: true }))).kind).toBe('transient');
  });

  test('a look-up may take 404 for an answer, but not the HTML page of a proxy', async () => {
    const { client } = clientFor(server.url);
    server.answer(json({ error: 'none' }, 404));
    expect(await client.request({ ...read, accept: [404] })).toMatchObject({ status: 404, body: { error: 'none' } });
    server.answer(text(html, 404, { 'content-type': 'text/html' }));
    expect((await failureOf(client.request({ ...read, accept: [404] }))).kind).toBe('transient');
  });

  test('an error beside the result is for the connector to see, before it counts as data', async () => {
    server.answer(json({ result: [], error: { message: 'Transaction cancelled' } }));
    const { client } = clientFor(server.url, {
      classify: ({ body }) =>
        typeof body === 'object' && body !== null && 'error' in body ? new Failure('transient', 'the query was cancelled') : undefined,
    });
    const failure = await failureOf(client.request(write));
    expect(failure).toMatchObject({ kind: 'transient', details: { status: 200, committed: 'maybe', system: 'acme' } });
    expect(failure.message).toBe('the query was cancelled');
  });
});

describe('a status says what happens next', () => {
  test.each([
    [400, 'config', 'record'],
    [403, 'config', 'record'],
    [404, 'config', 'record'],
    [405, 'config', 'record'],
    [410, 'config', 'record'],
    [422, 'config', 'record'],
    [409, 'conflict', 'conflict'],
    [501, 'contract', 'contract'],
    [302, 'contract', 'contract'],
  ])('%i: %s for a read, %s for a write, neither is repeated', async (status, ofRead, ofWrite) => {
    server.answer(json({ error: { message: 'no such\nthing' } }, status, { 'x-transaction-id': 'tx1' }));
    const { client } = clientFor(server.url);
    const before = server.seen.length;
    const reading = await failureOf(client.request(read));
    const writing = await failureOf(client.request(write));
    expect(reading).toMatchObject({ kind: ofRead, details: { status } });
    expect(reading.details.committed).toBeUndefined();
    expect(writing).toMatchObject({ kind: ofWrite, details: { status, committed: status === 302 ? 'maybe' : 'no' } });
    expect(writing.message).toContain('tx1');
    expect(server.seen.length).toBe(before + 2);
  });

  test('a search by POST fails as a read does', async () => {
    server.answer(json({ errorMessages: ["Field 'x' does not exist"] }, 400));
    const failure = await failureOf(clientFor(server.url).client.request({ ...write, readOnly: true }));
    expect(failure.kind).toBe('config');
    expect(failure.message).toContain("Field 'x' does not exist");
  });
});
