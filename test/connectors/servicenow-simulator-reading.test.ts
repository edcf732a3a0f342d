import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type SimulatorClient, id, simulator } from './servicenow-simulator-client.js';

let sim: SimulatorClient;
const path = '/api/now/table/incident';
const ordered = { sysparm_query: 'ORDERBYsys_updated_on^ORDERBYsys_id', sysparm_fields: 'number' };

beforeEach(async () => {
  sim = await simulator();
});
afterEach(() => sim.close());

const incidents = async (count: number): Promise<void> => {
  const record = (n: number): object => ({ sys_id: id(n), number: `N${n}`, sys_updated_on: `2025-06-01 00:00:0${Math.floor(n / 3)}` });
  await sim.control.load(
    'incident',
    Array.from({ length: count }, (_, n) => ({ ...record(n) })),
  );
};

describe('a page', () => {
  test('is cut before access is judged: it may be short or empty although more follows', async () => {
    await incidents(6);
    await sim.control.restrict({ user: 'gt.reader', table: 'incident', hide: [id(0), id(1), id(3)] });
    const page = (offset: string): Promise<{ headers: Headers; text: string }> =>
      sim.call('GET', path, { query: { ...ordered, sysparm_limit: '2', sysparm_offset: offset } });
    const pages = [await page('0'), await page('2'), await page('4')];
    expect(pages.map(({ text }) => text)).toEqual([
      '{"result":[]}',
      '{"result":[{"number":"N2"}]}',
      '{"result":[{"number":"N4"},{"number":"N5"}]}',
    ]);
    expect(pages.map(({ headers }) => headers.get('x-total-count'))).toEqual(['6', '6', '6']);
    expect(pages.map(({ headers }) => headers.get('link')?.includes('rel="next"'))).toEqual([true, true, false]);
  });

  test('has a Link header with a negative prev on the first page, and the query as it was sent', async () => {
    await incidents(5);
    const { headers } = await sim.call('GET', path, { query: { sysparm_limit: '2', sysparm_query: 'active=true' } });
    const link = (offset: number): string => `<${sim.url}${path}?sysparm_limit=2&sysparm_query=active%3Dtrue&sysparm_offset=${offset}>`;
    expect(headers.get('link')).toBe(`${link(0)};rel="first",${link(-2)};rel="prev",${link(2)};rel="next",${link(4)};rel="last"`);
  });

  test('leaves headers out that were not wanted', async () => {
    const query = { sysparm_no_count: 'true', sysparm_suppress_pagination_header: 'true' };
    const { headers } = await sim.call('GET', path, { query });
    expect([headers.get('link'), headers.get('x-total-count')]).toEqual([null, null]);
  });

  test('has at most 10,000 rows unless asked otherwise', async () => {
    const rows = function* (): Generator<object> {
      for (let n = 0; n < 10_001; n++) yield { sys_id: id(n) };
    };
    expect(await sim.control.bulk('incident', rows() as Generator<Record<string, string>>)).toBe(10_001);
    expect(await sim.rows('incident', { sysparm_fields: 'sys_id' })).toHaveLength(10_000);
    const { headers } = await sim.call('HEAD', path);
    expect(headers.get('x-total-count')).toBe('10001');
  });

  test('carries the instance clock and a transaction id', async () => {
    const { headers } = await sim.call('GET', path);
    expect(headers.get('date')).toBe('Thu, 01 Jan 2026 00:00:00 GMT');
    expect(headers.get('server-timing')).toContain(`t;desc="${headers.get('x-transaction-id')}"`);
    expect(headers.getSetCookie().join()).toContain('JSESSIONID');
  });
});

describe('a value', () => {
  beforeEach(async () => {
    await sim.control.load('sys_user', [{ sys_id: id(50), name: 'Fred "F" Luddy', email: 'fred@example.com' }]);
    await sim.control.load('incident', [{ sys_id: id(1), state: 2, assigned_to: id(50), calendar_duration: '1970-01-04 12:00:00' }]);
  });
  const link = (): string => `${sim.url}/api/now/table/sys_user/${id(50)}`;
  const fields = 'state,assigned_to,caller_id';

  test.each([
    ['false', 'false', () => ({ state: '2', assigned_to: { link: link(), value: id(50) }, caller_id: '' })],
    ['false', 'true', () => ({ state: '2', assigned_to: id(50), caller_id: '' })],
    ['true', 'false', () => ({ state: 'In Progress', assigned_to: { display_value: 'Fred "F" Luddy', link: link() }, caller_id: '' })],
    ['true', 'true', () => ({ state: 'In Progress', assigned_to: 'Fred "F" Luddy', caller_id: '' })],
    [
      'all',
      'false',
      () => ({
        state: { display_value: 'In Progress', value: '2' },
        assigned_to: { display_value: 'Fred "F" Luddy', link: link(), value: id(50) },
        caller_id: { display_value: '', value: '' },
      }),
    ],
    [
      'all',
      'true',
      () => ({
        state: { display_value: 'In Progress', value: '2' },
        assigned_to: { display_value: 'Fred "F" Luddy', value: id(50) },
        caller_id: { display_value: '', value: '' },
      }),
    ],
  ])('with display_value=%s and exclude_reference_link=%s has its documented shape', async (display, exclude, expected) => {
    const query = { sysparm_fields: fields, sysparm_display_value: display, sysparm_exclude_reference_link: exclude };
    expect(await sim.rows('incident', query)).toEqual([expected()]);
  });

  test('behind a reference is a flat key, and an unknown field is left out', async () => {
    const query = { sysparm_fields: 'assigned_to.email,assigned_to.bunk,bunk,caller_id.email' };
    expect(await sim.rows('incident', query)).toEqual([{ 'assigned_to.email': 'fred@example.com', 'caller_id.email': '' }]);
  });

  test('is always text; a duration is a date from the epoch, shown in words', async () => {
    const query = { sysparm_fields: 'active,reopen_count,calendar_duration', sysparm_display_value: 'all' };
    expect(await sim.rows('incident', query)).toEqual([
      {
        active: { display_value: 'true', value: 'true' },
        reopen_count: { display_value: '0', value: '0' },
        calendar_duration: { display_value: '3 Days 12 Hours', value: '1970-01-04 12:00:00' },
      },
    ]);
  });

  test.each([
    ['2026-11-01 05:30:00', '01/11/2026 01:30:00'],
    ['2026-11-01 06:30:00', '01/11/2026 01:30:00'],
  ])('of %s UTC shows the wall clock of the user, ambiguous as it is (%s)', async (stored, shown) => {
    await sim.control.users({
      users: [{ user_name: 'ny', password: 'ny', roles: [], time_zone: 'America/New_York', date_format: 'dd/MM/yyyy' }],
    });
    await sim.control.load('incident', [{ sys_id: id(1), opened_at: stored }]);
    const ny = { authorization: `Basic ${Buffer.from('ny:ny').toString('base64')}` };
    expect(await sim.rows('incident', { sysparm_fields: 'opened_at', sysparm_display_value: 'true' }, ny)).toEqual([{ opened_at: shown }]);
    expect(await sim.rows('incident', { sysparm_fields: 'opened_at' }, ny)).toEqual([{ opened_at: stored }]);
  });

  test('that the user may not read has no key at all', async () => {
    await sim.control.restrict({ user: 'gt.reader', table: 'incident', hideFields: ['assigned_to'] });
    expect(await sim.rows('incident', { sysparm_fields: 'assigned_to,assigned_to.email,state' })).toEqual([{ state: '2' }]);
    expect(await sim.rows('incident', { sysparm_fields: 'assigned_to.email,state' }, 'writer')).toEqual([
      { 'assigned_to.email': 'fred@example.com', state: '2' },
    ]);
  });
});

describe('a table', () => {
  test('holds the records of the tables that extend it', async () => {
    await sim.control.load('incident', [{ number: 'I1' }]);
    await sim.control.load('problem', [{ number: 'P1' }]);
    expect(await sim.rows('task', { sysparm_query: 'ORDERBYnumber', sysparm_fields: 'number,sys_class_name' })).toEqual([
      { number: 'I1', sys_class_name: 'incident' },
      { number: 'P1', sys_class_name: 'problem' },
    ]);
  });

  test('describes itself: parent, columns, choices', async () => {
    expect(await sim.rows('sys_db_object', { sysparm_query: 'name=incident', sysparm_fields: 'label,super_class.name' })).toEqual([
      { label: 'Incident', 'super_class.name': 'task' },
    ]);
    const query = { sysparm_query: 'name=incident^element=problem_id', sysparm_fields: 'internal_type,reference,column_label' };
    expect(await sim.rows('sys_dictionary', query)).toEqual([
      { internal_type: 'reference', reference: 'problem', column_label: 'Problem' },
    ]);
    const choices = { sysparm_query: 'name=incident^element=state^inactive=false^ORDERBYsequence', sysparm_fields: 'value' };
    expect((await sim.rows('sys_choice', choices)).map((row) => row['value'])).toEqual(['1', '2', '3', '6', '7', '8']);
  });

  test('can be given a column of its own, which is then known everywhere', async () => {
    await sim.control.declareTable({
      name: 'incident',
      label: 'Incident',
      columns: [{ name: 'u_symptom', label: 'Symptom', type: 'string' }],
    });
    await sim.control.load('incident', [{ u_symptom: 'Symptom 491' }]);
    expect(await sim.rows('incident', { sysparm_query: 'u_symptomENDSWITH491', sysparm_fields: 'u_symptom' })).toEqual([
      { u_symptom: 'Symptom 491' },
    ]);
    expect(await sim.rows('sys_dictionary', { sysparm_query: 'element=u_symptom', sysparm_fields: 'name' })).toEqual([
      { name: 'incident' },
    ]);
  });
});

describe('a request that cannot be answered', () => {
  test.each([
    ['GET', '/api/now/table/u_nothing', {}, 400, 'Invalid table u_nothing'],
    ['GET', `/api/now/table/incident/${id(9)}`, {}, 404, 'No Record found'],
    ['GET', '/api/now/v1/table/incident', {}, 404, 'No Record found'],
    ['GET', '/api/now/v2/table/incident', {}, 200, undefined],
    ['GET', '/api/now/tabel/incident', {}, 400, 'Requested URI does not represent any resource'],
    ['POST', '/api/now/table/incident', { 'content-type': 'text/plain' }, 415, 'Unsupported media type'],
    ['GET', '/api/now/table/incident', { accept: 'text/html' }, 406, 'Invalid accept'],
    ['GET', '/api/now/table/incident', { authorization: 'Basic eDp5' }, 401, 'User is not authenticated'],
  ])('%s %s with %o gives %i', async (method, target, headers, status, message) => {
    const answer = await sim.call(method, target, { headers });
    expect([answer.status, (answer.body?.error as { message?: string } | undefined)?.message]).toEqual([status, message]);
  });

  test('a table that the account may not use is refused, a hidden record is not found', async () => {
    await incidents(2);
    await sim.control.restrict({ user: 'gt.reader', table: 'problem', forbid: true });
    await sim.control.restrict({ user: 'gt.reader', table: 'incident', hide: 'number=N1' });
    expect((await sim.call('GET', '/api/now/table/problem')).status).toBe(403);
    expect((await sim.call('GET', `${path}/${id(1)}`)).status).toBe(404);
    expect((await sim.call('GET', `${path}/${id(0)}`)).status).toBe(200);
    await sim.control.unrestrict();
    expect((await sim.call('GET', `${path}/${id(1)}`)).status).toBe(200);
  });

  test('a URL beyond 2048 characters is refused', async () => {
    expect((await sim.call('GET', path, { query: { sysparm_query: `numberIN${'x'.repeat(2048)}` } })).status).toBe(414);
  });
});

describe('a switch', () => {
  const numbers = async (query: Readonly<Record<string, string>> = {}): Promise<string> =>
    (await sim.rows('incident', { sysparm_fields: 'number', ...query })).map((row) => row['number']).join('');
  beforeEach(() => sim.control.load('incident', [{ number: 'A' }, { number: 'B' }, { number: 'C' }, { number: 'D' }]));

  test('shuffles what has no ORDERBY, and only that', async () => {
    await sim.control.switches({ shuffleUnordered: true });
    const seen = new Set<string>();
    for (let n = 0; n < 10; n++) seen.add(await numbers());
    expect(seen.size).toBeGreaterThan(1);
    expect([...seen].map((order) => order.split('').toSorted().join(''))).toEqual([...seen].map(() => 'ABCD'));
    expect(await numbers({ sysparm_query: 'ORDERBYDESCnumber' })).toBe('DCBA');
  });

  test('ignores the case of values', async () => {
    expect(await numbers({ sysparm_query: 'number=a' })).toBe('');
    await sim.control.switches({ caseSensitive: false });
    expect(await numbers({ sysparm_query: 'number=a^ORnumberSTARTSWITHb' })).toBe('AB');
  });

  test('makes = on a date-time invalid, and the condition is dropped', async () => {
    const query = { sysparm_query: 'sys_updated_on=2020-01-01 00:00:00' };
    expect(await numbers(query)).toBe('');
    await sim.control.switches({ dateEquals: false });
    expect(await numbers(query)).toBe('ABCD');
  });

  test('leaves Link out where nothing follows or precedes', async () => {
    await sim.control.switches({ linkHeader: 'applicable' });
    const link = async (limit: string): Promise<string | null> =>
      (await sim.call('GET', path, { query: { sysparm_limit: limit } })).headers.get('link');
    expect(await link('4')).toBeNull();
    expect(await link('3')).not.toContain('rel="prev"');
    expect(await link('3')).toContain('rel="next"');
  });

  test('keeps the journal table to administrators', async () => {
    await sim.control.switches({ journalAdminOnly: true });
    expect((await sim.call('GET', '/api/now/table/sys_journal_field')).status).toBe(403);
    expect((await sim.call('GET', '/api/now/table/sys_journal_field', { as: 'admin' })).status).toBe(200);
  });

  test('that is unknown is refused by name', async () => {
    await expect(sim.control.switches({ bunk: true } as object)).rejects.toThrow('there is no switch bunk');
  });
});
