import { describe, expect, test } from '@jest/globals';
import { z } from 'golden-thread/kit';
import servicenow from '../../connectors/servicenow/index.js';
import { secretsIn } from '../../src/kit/host.js';

const good = { instance: 'https://acme.service-now.com', read: { username: 'svc', password: 'four-or-more' } };

function refusal(config: unknown): string {
  const parsed = servicenow.config.safeParse(config);
  if (parsed.success) throw new Error('expected the configuration to be refused');
  return z.prettifyError(parsed.error);
}

describe('the configuration of ServiceNow', () => {
  test('address and one account are enough: the tables that every instance has, no filter', () => {
    expect(servicenow.config.parse(good)).toMatchObject({
      instance: 'https://acme.service-now.com',
      streams: { incident: {}, problem: {}, change_request: {}, change_task: {}, task_sla: {} },
      pageSize: 2_000,
      concurrency: 2,
      settleMinutes: 2,
    });
  });

  test('only the tables that are named are read; a table needs no settings', () => {
    const { streams } = servicenow.config.parse({ ...good, streams: { incident: null, task_sla: { filter: 'has_breached=true' } } });
    expect(streams).toEqual({ incident: {}, task_sla: { filter: 'has_breached=true' } });
  });

  test('passwords and client secrets are known as secrets, names are not', () => {
    const config = {
      ...good,
      write: { clientId: 'client', clientSecret: 'the-client-secret' },
    };
    expect(secretsIn(servicenow.config, config).toSorted()).toEqual(['four-or-more', 'the-client-secret']);
  });

  test('each kind of account is known, and everything in it that is secret', () => {
    const pem = '-----BEGIN PRIVATE KEY-----\nkey\n-----END PRIVATE KEY-----';
    const certificate = '-----BEGIN CERTIFICATE-----\ncert\n-----END CERTIFICATE-----';
    const secretsOf = (read: object): readonly string[] =>
      secretsIn(servicenow.config, servicenow.config.parse({ ...good, read })).toSorted();

    expect(secretsOf({ apiKey: 'the-api-key' })).toEqual(['the-api-key']);
    expect(secretsOf({ certificate, privateKey: pem, passphrase: 'the-phrase' })).toEqual([pem, 'the-phrase'].toSorted());
    expect(secretsOf({ clientId: 'c', username: 'u', privateKey: pem })).toEqual([pem]);
    expect(secretsOf({ clientId: 'c', clientSecret: 'the-secret', username: 'u', password: 'the-password' })).toEqual([
      'the-password',
      'the-secret',
    ]);
  });

  test('the password of a proxy is known as a secret, and none may stand in its address', () => {
    const proxy = { url: 'http://proxy.acme.example:3128', username: 'svc', password: 'of-the-proxy' };
    expect(secretsIn(servicenow.config, servicenow.config.parse({ ...good, proxy }))).toContain('of-the-proxy');
    expect(refusal({ ...good, proxy: 'http://svc:hidden-pw@proxy.acme.example:3128' })).not.toContain('hidden-pw');
  });

  test.each([
    ['a certificate authority that is no PEM', { ...good, ca: '/etc/ssl/ca.pem' }, /PEM text/],
    [
      'a private key that is a path',
      { ...good, read: { clientId: 'c', username: 'u', privateKey: '/run/key.pem' } },
      /expected an account|PEM/,
    ],
    ['an unknown key', { ...good, instances: 'x' }, /instances/],
    ['no account', { instance: good.instance }, /expected an account: username/],
    ['an account of two kinds', { ...good, read: { ...good.read, apiKey: 'xxxx' } }, /read/],
    ['an address without a scheme', { ...good, instance: 'acme.service-now.com' }, /https:\/\/acme/],
    ['an address with a path', { ...good, instance: 'https://acme.service-now.com/api/now' }, /without a path/],
    ['credentials in the address', { ...good, instance: 'https://me:pw@acme.service-now.com' }, /credentials/],
    ['a table that is not offered', { ...good, streams: { sys_audit: {} } }, /sys_audit/],
    ['a column that is none', { ...good, streams: { incident: { columns: { score: 'a b' } } } }, /columns/],
    ['a filter with an order', { ...good, streams: { incident: { filter: 'active=true^ORDERBYnumber' } } }, /ORDERBY/],
    ['a filter with alternatives of whole queries', { ...good, streams: { incident: { filter: 'active=true^NQpriority=1' } } }, /\^NQ/],
    ['a page of one row', { ...good, pageSize: 1 }, /pageSize/],
    ['more requests at once than an instance serves', { ...good, concurrency: 8 }, /concurrency/],
  ])('%s is refused, and the message says where', (_what, config, message) => {
    expect(refusal(config)).toMatch(message);
  });

  test('a wrong address is never repeated with the credentials in it', () => {
    expect(refusal({ ...good, instance: 'https://me:hidden-pw@acme.service-now.com' })).not.toContain('hidden-pw');
  });

  test('no request is made by opening', () => {
    expect(Object.isFrozen(servicenow)).toBe(true);
    const http = (): never => {
      throw new Error('a client was asked to work');
    };
    const log = { debug: http, info: http, warn: http, error: http };
    const { signal } = new AbortController();
    const credentials = { get: () => Promise.resolve(undefined), put: () => Promise.resolve() };
    const open = servicenow.open(servicenow.config.parse(good), {
      system: 'sn',
      http: () => ({ request: http }),
      log,
      signal,
      wanted: {},
      credentials,
    });
    expect(open.streams.map(({ name }) => name)).toEqual(['incident', 'problem', 'change_request', 'change_task', 'task_sla']);
  });
});
