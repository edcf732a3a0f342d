import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeFailure, Failure } from 'golden-thread/kit';
import { basic, canary, clientFor, failureOf, read, write } from './client.js';
import { type Behaviour, json, type Loopback, startLoopback, text } from './loopback.js';

let server: Loopback;
beforeAll(async () => {
  server = await startLoopback();
});
afterAll(() => server.close());

const refused = json({ error: { message: 'User Not Authenticated' } }, 401);

test('an expired token is renewed once and the request replayed, a create too', async () => {
  const asked: boolean[] = [];
  const authorize = ({ rejected }: { readonly rejected: boolean }) => {
    asked.push(rejected);
    return Promise.resolve({ authorization: `Bearer token-${asked.length}` });
  };
  server.answer(refused, json({ id: 1 }, 201));
  expect((await clientFor(server.url, { authorize }).client.request(write)).status).toBe(201);
  expect(asked).toEqual([false, true]);
  expect(server.seen.slice(-2).map((one) => one.headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
});

test('a second 401 is an auth failure: renewed once, never hammered', async () => {
  let token = 0;
  server.answer(refused);
  const before = server.seen.length;
  const { client } = clientFor(server.url, { authorize: () => Promise.resolve({ authorization: `Bearer ${++token}` }) });
  expect(await failureOf(client.request(write))).toMatchObject({ kind: 'auth', details: { status: 401, committed: 'no' } });
  expect(server.seen.length).toBe(before + 2);
});

test('a password that was refused is not sent a second time: accounts get locked', async () => {
  server.answer(refused);
  const before = server.seen.length;
  expect((await failureOf(clientFor(server.url).client.request(read))).kind).toBe('auth');
  expect(server.seen.length).toBe(before + 1);
});

test('a renewal that fails tells why, and nothing was delivered', async () => {
  server.answer(refused);
  const { client } = clientFor(server.url, {
    authorize: ({ rejected }) =>
      rejected
        ? Promise.reject(new Failure('auth', `refresh token ${canary} is revoked`))
        : Promise.resolve({ authorization: 'Bearer old' }),
  });
  const failure = await failureOf(client.request(write));
  expect(failure).toMatchObject({ kind: 'auth', details: { committed: 'no' } });
  expect(failure.message).toContain('refresh token [redacted] is revoked');
});

test('no failure and no log line holds a credential, whatever the remote throws back', async () => {
  const echo =
    (status: number, type: string): Behaviour =>
    (request, response) => {
      const said = `you sent ${request.headers.authorization} with ${canary} ${encodeURIComponent(canary)} ${JSON.stringify(canary)}`;
      response
        .writeHead(status, { 'content-type': type, 'x-transaction-id': canary })
        .end(type.includes('json') ? JSON.stringify({ said }) : said);
    };
  const behaviours: readonly Behaviour[] = [
    ...[200, 302, 400, 401, 403, 404, 409, 429, 500, 501, 503].flatMap((status) => [
      echo(status, 'text/html'),
      echo(status, 'application/json'),
    ]),
    (_request, _response, socket) => void socket.destroy(),
    (_request, _response, socket) => void socket.end('not http at all\r\n\r\n'),
    text('{"a":', 200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }),
    text('x'.repeat(5000), 200, { 'content-type': 'application/json' }),
    () => {},
  ];
  const encoded = basic.slice('Basic '.length);
  for (const [index, behaviour] of behaviours.entries()) {
    server.answer(behaviour);
    const { client, lines } = clientFor(server.url, { attemptMs: 60, deadlineMs: 100, maxBytes: 4000 });
    const outcomes = await Promise.all([read, write].map((one) => client.request(one).catch((error: unknown) => error)));
    const failures = outcomes.filter((one) => one instanceof Failure);
    const told = [
      ...failures.flatMap((one) => [
        inspect(one, { depth: 10, showHidden: true }),
        describeFailure(one),
        JSON.stringify(one),
        String(one.stack),
      ]),
      ...lines,
    ].join('\n');
    expect(failures.length > 0 || index === 1).toBe(true); // 200 with JSON is data
    for (const form of [canary, encoded, encoded.slice(8, 20), encodeURIComponent(canary), JSON.stringify(canary).slice(1, -1)])
      expect([index, told.includes(form)]).toEqual([index, false]);
    expect(told).not.toContain('authorization');
  }
});

test('a token that only the connector knows is taken out of what the remote echoes', async () => {
  server.answer((request, response) => {
    response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ header: request.headers.authorization }));
  });
  const { client } = clientFor(server.url, { authorize: () => Promise.resolve({ authorization: 'Bearer eyJhbGciOiJIUzI1NiJ9.secret' }) });
  const failure = await failureOf(client.request(read));
  expect(failure.message).toContain('[redacted]');
  expect(failure.message).not.toContain('eyJ');
});

test('a credential with a line break in it is named as such, without its value', async () => {
  const { client } = clientFor(server.url, { authorize: () => Promise.resolve({ authorization: 'Bearer line\nbreak-secret' }) });
  const failure = await failureOf(client.request(write));
  expect(failure).toMatchObject({ kind: 'config', details: { committed: 'no' } });
  expect(inspect(failure, { depth: 10 })).not.toContain('break-secret');
});

test('each exchange is logged by route and measured, never by id', async () => {
  server.answer(json({}, 200, { 'atl-traceid': 'trace1' }));
  const { client, lines, measured } = clientFor(server.url);
  await client.request({ ...read, path: '/api/things/4711', route: '/api/things/{id}', query: { q: 'personal' } });
  expect(measured).toMatchObject([{ system: 'acme', method: 'GET', route: '/api/things/{id}', outcome: 200 }]);
  expect(lines.length).toBe(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    method: 'GET',
    host: new URL(server.url).host,
    route: '/api/things/{id}',
    status: 200,
    requestId: 'trace1',
  });
  expect(lines[0]).not.toMatch(/4711|personal/);
});
