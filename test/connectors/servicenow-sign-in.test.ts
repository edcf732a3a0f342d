import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ConnectorContext, isFailure, type JsonObject, type OpenConnector } from 'golden-thread/kit';
import { testContext } from 'golden-thread/kit/testing';
import servicenow from '../../connectors/servicenow/index.js';
import { type Simulator, startServiceNowSimulator } from '../../connectors/servicenow/simulator/index.js';
import { makeCertificate } from '../kit/certificate.js';
import { type Simulated, reader, simulate } from './servicenow-simulated.js';

const since = '2026-01-01T00:00:00.000Z';
const passwordGrant = { clientId: 'gt-reader-client', clientSecret: 'reader-client-secret', ...reader };

async function readOnce(open: OpenConnector, stream = 'incident'): Promise<string> {
  const found = open.streams.find(({ name }) => name === stream);
  if (found === undefined) throw new Error(`there is no stream ${stream}`);
  return found.read(undefined, { since, pageSize: 10 }).then(
    () => 'read',
    (error: unknown) => (isFailure(error) ? error.kind : String(error)),
  );
}

describe('signing in to an instance', () => {
  let simulated: Simulated;
  const tokenRequests = async (): Promise<readonly number[]> =>
    (await simulated.control.journal()).filter(({ path }) => path === '/oauth_token.do').map(({ status }) => status);
  const open = (read: JsonObject): OpenConnector => simulated.open({ config: { read } });
  const expire = (): Promise<unknown> => simulated.control.advance(1_800_000);

  beforeEach(async () => {
    simulated = await simulate();
  });
  afterEach(() => simulated.close());

  test('by password grant reads, and a restart goes on with the refresh token instead of the password', async () => {
    expect(await readOnce(open(passwordGrant))).toBe('read');
    await simulated.control.users({ users: [{ user_name: 'gt.reader', password: 'changed-meanwhile', roles: ['itil', 'snc_read_only'] }] });
    expect(await readOnce(open(passwordGrant))).toBe('read');
    expect(await tokenRequests()).toEqual([200, 200]);
  });

  test('a refresh token that rotates is stored before it is used: each restart finds the latest one', async () => {
    await simulated.control.switches({ rotateRefreshTokens: true, lockOutAfter: 1 });
    expect(await readOnce(open(passwordGrant))).toBe('read');
    // From here on the password would lock the account: only refresh tokens can be what lets these in.
    await simulated.control.users({ users: [{ user_name: 'gt.reader', password: 'changed-meanwhile', roles: ['itil', 'snc_read_only'] }] });
    for (let restart = 0; restart < 3; restart += 1) expect(await readOnce(open(passwordGrant))).toBe('read');
    expect(await tokenRequests()).toEqual([200, 200, 200, 200]);
  });

  test('an access token is not used before the refresh token that came with it is on disk', async () => {
    await simulated.control.switches({ rotateRefreshTokens: true });
    const writing = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const credentials: ConnectorContext['credentials'] = {
      get: () => Promise.resolve(undefined),
      put: () => (begun.resolve(), writing.promise),
    };
    const config = servicenow.config.parse({ instance: simulated.url, read: passwordGrant });
    const reading = readOnce(servicenow.open(config, { ...testContext({ system: 'sn' }).context, credentials }));

    await begun.promise;
    const used = async (): Promise<number> => (await simulated.control.journal()).filter(({ path }) => path.startsWith('/api/now')).length;
    expect(await used()).toBe(0);
    writing.resolve();
    expect(await reading).toBe('read');
    expect(await used()).toBeGreaterThan(0);
  });

  test('a rotated refresh token whose answer was lost costs one try of the password, and the run goes on', async () => {
    await simulated.control.switches({ rotateRefreshTokens: true });
    const opened = open(passwordGrant);
    expect(await readOnce(opened)).toBe('read');
    await expire();
    await simulated.control.addFaults({ kind: 'commit-then-drop', match: { path: 'oauth_token' }, times: 1 });

    expect(await readOnce(opened)).toBe('read');

    // Lost, refused because it was void by then, then the password.
    expect(await tokenRequests()).toEqual([200, 0, 401, 200]);
  });

  test('an access token that expires in the middle is renewed once, however many requests were under way', async () => {
    const opened = open(passwordGrant);
    expect(await readOnce(opened)).toBe('read');
    await expire();

    const outcomes = await Promise.all(['incident', 'problem', 'change_request', 'task_sla'].map((stream) => readOnce(opened, stream)));

    expect(outcomes).toEqual(['read', 'read', 'read', 'read']);
    expect(await tokenRequests()).toEqual([200, 200]);
  });

  test.each([
    ['Basic', { ...reader, password: 'not-the-password' }, '/api/now'],
    ['the password grant', { ...passwordGrant, password: 'not-the-password' }, '/oauth_token.do'],
  ])('a wrong password (%s) is tried at most three times, so that no account is locked', async (_kind, account, path) => {
    await simulated.control.switches({ lockOutAfter: 4 });
    const opened = open(account);

    for (let run = 0; run < 3; run += 1)
      await Promise.all(['incident', 'problem', 'change_request', 'task_sla'].map((stream) => readOnce(opened, stream)));

    const tries = (await simulated.control.journal()).filter((entry) => entry.path.startsWith(path) && entry.status === 401);
    expect(tries.length).toBeGreaterThan(0);
    expect(tries.length).toBeLessThanOrEqual(3);
    expect(await readOnce(open(reader))).toBe('read');
  });

  test.each([
    ['RS256', generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ])('by a JWT signed with %s reads; the key never leaves this machine', async (_algorithm, pair) => {
    const public_key = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const client = { client_id: 'gt-jwt', client_secret: 'unused-secret', user_name: 'gt.reader', public_key };
    await simulated.control.setClock(new Date().toISOString());
    await simulated.control.users({ clients: [client] });

    expect(await readOnce(open({ clientId: 'gt-jwt', username: 'gt.reader', privateKey }))).toBe('read');
    expect(await readOnce(open({ clientId: 'gt-jwt', username: 'nobody', privateKey }))).toBe('auth');
    await simulated.control.switches({ jwtAudience: 'client-id' });
    expect(await readOnce(open({ clientId: 'gt-jwt', username: 'gt.reader', privateKey }))).toBe('auth');
    expect(await readOnce(open({ clientId: 'gt-jwt', username: 'gt.reader', privateKey, audience: 'gt-jwt' }))).toBe('read');
  });

  test('a JWT key that cannot be read is a configuration error before anything is sent, and is not shown', () => {
    const privateKey = '-----BEGIN PRIVATE KEY-----\nc4n4ry\n-----END PRIVATE KEY-----';
    expect(() => open({ clientId: 'gt-jwt', username: 'gt.reader', privateKey })).toThrow(/private key .* cannot be used/);
    expect(() => open({ clientId: 'gt-jwt', username: 'gt.reader', privateKey })).not.toThrow(/c4n4ry/);
  });

  test('by API key reads; another key is refused', async () => {
    const account = { user_name: 'gt.reader', password: 'reader-password', roles: ['itil', 'snc_read_only'], api_key: 'key-of-the-reader' };
    await simulated.control.users({ users: [account] });

    expect(await readOnce(open({ apiKey: 'key-of-the-reader' }))).toBe('read');
    expect(await readOnce(open({ apiKey: 'key-of-nobody' }))).toBe('auth');
  });

  test('reading and writing with one OAuth account renew its token once', async () => {
    const opened = simulated.open({ config: { read: passwordGrant, write: passwordGrant } });
    await Promise.all([readOnce(opened), opened.sink?.find('change_request', { value: 'a'.repeat(64), display: 'x' }, {})]);
    expect(await tokenRequests()).toEqual([200]);
  });
});

const own = makeCertificate('gt.reader');
const server = makeCertificate();
const there = own === undefined || server === undefined ? describe.skip : describe;

there(`signing in by client certificate${own === undefined ? ' (skipped: there is no openssl to make one with)' : ''}`, () => {
  let simulator: Simulator;
  const stored: ConnectorContext['credentials'] = { get: () => Promise.resolve(undefined), put: () => Promise.resolve() };
  const account = { user_name: 'mtls.reader', password: 'never-used', roles: ['itil', 'snc_read_only'], certificate_name: 'gt.reader' };

  beforeEach(async () => {
    const tls = { cert: server?.cert ?? '', key: server?.key ?? '', ca: own?.cert ?? '' };
    simulator = await startServiceNowSimulator({ now: '2026-11-21T12:00:00Z', tls, accounts: [account] });
  });
  afterEach(() => simulator.close());

  const openWith = (read: JsonObject): OpenConnector => {
    const config = servicenow.config.parse({ instance: simulator.url, read, ca: server?.cert ?? '' });
    return servicenow.open(config, { ...testContext({ system: 'sn' }).context, credentials: stored });
  };

  test('reads without a header, and a stranger’s certificate does not', async () => {
    const stranger = makeCertificate('gt.reader');
    expect(await readOnce(openWith({ certificate: own?.cert ?? '', privateKey: own?.key ?? '' }))).toBe('read');
    expect(await readOnce(openWith({ certificate: stranger?.cert ?? '', privateKey: stranger?.key ?? '' }))).toBe('auth');
  });

  test('is checked like any other account, and told when it is about to expire', async () => {
    const results = await openWith({ certificate: own?.cert ?? '', privateKey: own?.key ?? '' }).check();
    expect(results.find(({ what }) => what === 'reading account')).toMatchObject({
      outcome: 'warning',
      found: expect.stringMatching(/client certificate CN=gt\.reader, which expires on \d{4}-\d\d-\d\d/),
    });
  });
});
