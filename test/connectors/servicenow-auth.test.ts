import { describe, expect, test } from '@jest/globals';
import type { Failure } from 'golden-thread/kit';
import { createHttp, redactor } from '../../src/kit/host.js';
import { bearer } from '../../connectors/servicenow/sign-in/oauth.js';
import { judgeToken } from '../../connectors/servicenow/sign-in/token.js';
import { answerByHand, incidentRow, instance, listHeaders, nock, openServiceNow, tablePath } from './servicenow-at.js';

const client = { clientId: 'gt', clientSecret: 'secret-of-client' };
const json = { 'content-type': 'application/json' };

function tokens(...answers: readonly (readonly [status: number, body: object])[]): () => number {
  let issued = 0;
  for (const [status, body] of answers)
    nock(instance)
      .post('/oauth_token.do', 'grant_type=client_credentials&client_id=gt&client_secret=secret-of-client')
      .reply(() => {
        issued += 1;
        return [status, body, json];
      });
  return () => issued;
}

const token = (name: string, seconds = 1799): [number, object] => [200, { access_token: name, token_type: 'Bearer', expires_in: seconds }];

function authorization(clock: () => number): ReturnType<typeof bearer> {
  const { signal } = new AbortController();
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const http = createHttp({ system: 'sn', log, signal, redact: redactor([client.clientSecret]), retries: { most: 0, firstMs: 1 } });
  const source = http({ baseUrl: instance, authorize: () => Promise.resolve({}), classify: judgeToken });
  const credentials = { get: () => Promise.resolve(undefined), put: () => Promise.resolve() };
  return bearer(client, { http: source, instance, clock, now: () => 0, credentials, signal });
}

const ask = { rejected: false, signal: new AbortController().signal };

describe('OAuth client credentials', () => {
  answerByHand();

  test('ten requests at once ask for one token', async () => {
    const issued = tokens(token('t1'), token('t2'));
    const authorize = authorization(() => 0);

    const headers = await Promise.all(Array.from({ length: 10 }, () => authorize(ask)));

    expect(issued()).toBe(1);
    expect(new Set(headers.map((header) => header['authorization']))).toEqual(new Set(['Bearer t1']));
  });

  test('a token is used until a minute before it expires, then renewed', async () => {
    const issued = tokens(token('t1', 1799), token('t2', 1799));
    let now = 0;
    const authorize = authorization(() => now);
    await authorize(ask);

    now = 1_738_000;
    expect(await authorize(ask)).toEqual({ authorization: 'Bearer t1' });
    now = 1_740_000;
    expect(await authorize(ask)).toEqual({ authorization: 'Bearer t2' });
    expect(issued()).toBe(2);
  });

  test('a token that is refused is renewed once, and the request is sent again with the new one', async () => {
    tokens(token('old'), token('new'));
    const seen: unknown[] = [];
    nock(instance)
      .get(`${tablePath}/incident`)
      .query(true)
      .times(2)
      .reply(({ headers }: Request) => {
        const sent = headers.get('authorization');
        seen.push(sent);
        if (String(sent).includes('old')) return [401, { error: { message: 'User is not authenticated', detail: null } }, json];
        return [200, { result: [incidentRow(1)] }, listHeaders(1)];
      });
    const { open } = openServiceNow({ config: { read: client } });

    const page = await open.streams[0]?.read(undefined, { since: '2026-11-20T00:00:00.000Z', pageSize: 10 });

    expect(page?.records).toHaveLength(1);
    expect(seen).toEqual(['Bearer old', 'Bearer new']);
  });

  test('a refused client is a failure of kind auth that does not show the secret', async () => {
    tokens([401, { error: 'invalid_client', error_description: 'secret-of-client is wrong' }]);

    const failure = await authorization(() => 0)(ask).then(
      () => Promise.reject(new Error('expected a failure')),
      (thrown: Failure) => thrown,
    );

    expect(failure.kind).toBe('auth');
    expect(failure.details.hint).toMatch(/clientSecret/);
    expect(JSON.stringify({ message: failure.message, details: failure.details })).not.toContain('secret-of-client');
  });

  test('after a failed renewal the next request asks again', async () => {
    tokens([503, {}], token('t1'));
    const authorize = authorization(() => 0);

    await expect(authorize(ask)).rejects.toMatchObject({ kind: 'transient' });
    expect(await authorize(ask)).toEqual({ authorization: 'Bearer t1' });
  });

  test('an answer without a token is refused', async () => {
    tokens([200, { result: 'welcome' }]);
    await expect(authorization(() => 0)(ask)).rejects.toMatchObject({ kind: 'auth' });
  });
});
