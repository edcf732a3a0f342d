import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { describeFailure, type ConnectorContext, type Failure, type JsonObject, type OpenConnector } from 'golden-thread/kit';
import { testContext } from 'golden-thread/kit/testing';
import jira from '../../connectors/jira/index.js';
import { configFor, type Site, startSite } from './jira-subject.js';

let site: Site;
const cloudId = '11111111-2222-4333-8444-555555555555';
const minute = 60_000;

beforeEach(async () => {
  site = await startSite();
});
afterEach(() => site.close());

const serviceAccount = (): JsonObject => ({
  type: 'service-account',
  clientId: 'gt-service',
  clientSecret: 'gt-service-secret',
  authServer: site.url,
});
const app = (refreshToken = 'refresh-token-0'): JsonObject => ({
  type: 'oauth',
  clientId: 'gt-app',
  clientSecret: 'gt-app-secret',
  refreshToken,
  authServer: site.url,
});

function open(auth: JsonObject, credentials?: ConnectorContext['credentials']) {
  const secrets = ['gt-app-secret', 'gt-service-secret', 'refresh-token-0'];
  const { context, lines, stored } = testContext({ system: 'jira', secrets });
  const config = jira.config.parse({ ...configFor(site.url), site: `${site.url}/ex/jira/${cloudId}`, browseUrl: site.url, auth });
  const connector = jira.open(config, credentials === undefined ? context : { ...context, credentials }) as OpenConnector;
  return {
    read: () => connector.streams[0]!.read(undefined, { since: '2026-01-01T00:00:00.000Z', pageSize: 10 }),
    connector,
    lines,
    stored,
  };
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  try {
    await work;
  } catch (error) {
    return error as Failure;
  }
  throw new Error('it did not fail');
}

const grants = async (): Promise<number> =>
  (await site.control.journal()).filter((entry) => entry.path === '/oauth/token' && entry.status === 200).length;

describe('through the gateway', () => {
  test('a scoped API token reads, one without the scopes is told apart, and neither works as the other', async () => {
    const basic = (apiToken: string): JsonObject => ({ type: 'basic', email: 'bot@example.com', apiToken });
    await expect(open(basic('bot-token-scoped')).read()).resolves.toMatchObject({ done: true });
    expect(describeFailure(await failureOf(open(basic('bot-token-narrow')).read()))).toMatch(/lacks a scope[\s\S]*read:jira-work/);
    expect(await failureOf(open(basic('bot-token')).read())).toMatchObject({ kind: 'auth' });
  });

  test('OAuth is refused with the address of the site itself, before anything is asked', () => {
    const config = { ...configFor('https://acme.atlassian.net'), auth: { ...serviceAccount(), authServer: 'https://auth.atlassian.com' } };
    expect(JSON.stringify(jira.config.safeParse(config).error?.issues)).toContain('gateway');
  });
});

describe('a service account', () => {
  test('gets one token for all requests, however many begin at once', async () => {
    const { connector } = open(serviceAccount());
    await Promise.all(connector.streams.map((stream) => stream.read(undefined, { since: '2026-01-01T00:00:00.000Z', pageSize: 10 })));
    expect(await grants()).toBe(1);
  });

  test('renews its token once when it is refused, for all requests that were refused, and reads on', async () => {
    const { connector, read } = open(serviceAccount());
    await read();
    await site.control.advance(61 * minute);
    await Promise.all(connector.streams.map((stream) => stream.read(undefined, { since: '2026-01-01T00:00:00.000Z', pageSize: 10 })));
    expect(await grants()).toBe(2);
  });

  test('that is refused is not tried again at once, says what to do, and shows no secret', async () => {
    const { read, lines } = open({ ...serviceAccount(), clientSecret: 'wrong-secret' });
    const failure = await failureOf(read());
    await failureOf(read());
    expect(failure.kind).toBe('auth');
    expect(describeFailure(failure)).toMatch(/access_denied[\s\S]*clientSecret/);
    expect((await site.control.journal()).filter((entry) => entry.path === '/oauth/token')).toHaveLength(1);
    expect(lines.join('') + describeFailure(failure)).not.toContain('wrong-secret');
  });
});

describe('an app that a person has allowed', () => {
  test('keeps the refresh token that it was given last, so that a restart goes on from there', async () => {
    const first = open(app());
    await first.read();
    expect([...first.stored.values()].join()).toContain('refresh-token-1');
    await site.control.advance(60 * minute);
    const credentials = { get: async (name: string) => first.stored.get(name), put: async () => undefined };
    await expect(open(app(), credentials).read()).resolves.toMatchObject({ done: true });
  });

  test('that is killed between the answer and the store loses nothing: the token before still answers', async () => {
    const killed = { get: async () => undefined, put: () => Promise.reject(new Error('SIGKILL')) };
    await expect(open(app(), killed).read()).rejects.toThrow();
    // Nothing was done with a token whose successor was not stored.
    expect((await site.control.journal()).filter((entry) => entry.path.startsWith('/ex/'))).toEqual([]);
    await site.control.advance(5 * minute);
    await expect(open(app()).read()).resolves.toMatchObject({ done: true });
  });

  test('that is killed right after the store goes on with the new one, long after the old one has died', async () => {
    const stored = new Map<string, string>();
    const credentials = {
      get: async (name: string) => stored.get(name),
      put: async (name: string, value: string) => void stored.set(name, value),
    };
    const dying = {
      ...credentials,
      put: async (name: string, value: string) => (await credentials.put(name, value), Promise.reject(new Error('SIGKILL'))),
    };
    await expect(open(app(), dying).read()).rejects.toThrow();
    await site.control.advance(24 * 60 * minute);
    await expect(open(app(), credentials).read()).resolves.toMatchObject({ done: true });
  });

  test('that was allowed anew begins with the token of the configuration, not with one that descends from the old consent', async () => {
    const first = open(app());
    await first.read();
    const credentials = { get: async (name: string) => first.stored.get(name), put: async () => undefined };
    expect(await failureOf(open(app('refresh-token-of-a-new-consent'), credentials).read())).toMatchObject({
      kind: 'auth',
      message: expect.stringContaining('invalid_grant'),
    });
  });

  test('whose tokens are revoked in the middle of a run renews them and loses nothing', async () => {
    await site.control.insert(
      Array.from({ length: 6 }, (_, i) => ({ project: 'AUD', summary: `Finding ${i}`, fields: { Severity: 'Minor' } })),
    );
    const { connector } = open(app());
    const [stream] = connector.streams;
    const keys = new Set<string>();
    let page = await stream!.read(undefined, { since: '2026-01-01T00:00:00.000Z', pageSize: 2 });
    for (let pages = 0; pages < 20; pages += 1) {
      for (const record of page.records) keys.add(record.ref.key);
      if (page.done) break;
      await site.control.revokeTokens();
      page = await stream!.read(page.cursor, { since: '2026-01-01T00:00:00.000Z', pageSize: 2 });
    }
    expect(keys.size).toBe(6);
  });
});
