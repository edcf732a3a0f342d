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
  test('address and one account are enough: all four tables, no filter', () => {
    expect(servicenow.config.parse(good)).toMatchObject({
      instance: 'https://acme.service-now.com',
      streams: { incident: {}, problem: {}, change_request: {}, change_task: {}, task_sla: {} },
      pageSize: 1_000,
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

  test.each([
    ['an unknown key', { ...good, instances: 'x' }, /instances/],
    ['no account', { instance: good.instance }, /expected an account: username/],
    ['an account of two kinds', { ...good, read: { ...good.read, clientId: 'x', clientSecret: 'xxxx' } }, /read/],
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
