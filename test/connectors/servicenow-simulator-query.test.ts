import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type SimulatorClient, id, simulator } from './servicenow-simulator-client.js';

let sim: SimulatorClient;

beforeAll(async () => {
  sim = await simulator({ now: '2026-03-10T12:00:00Z' });
  await sim.control.users({ users: [{ user_name: 'kiwi', password: 'kiwi', roles: ['itil'], time_zone: 'Pacific/Auckland' }] });
  await sim.control.load('core_company', [{ sys_id: id(900), name: 'Acme Hosting', vendor: true }]);
  await sim.control.load('cmdb_ci_service', [
    { sys_id: id(100), name: 'Mail', vendor: id(900) },
    { sys_id: id(101), name: 'Payroll' },
  ]);
  const at = (sys_updated_on: string): object => ({ sys_updated_on, opened_at: sys_updated_on, sys_created_on: sys_updated_on });
  await sim.control.load('incident', [
    {
      sys_id: id(1),
      number: 'A',
      short_description: 'Printer on fire',
      impact: 1,
      urgency: 1,
      business_service: id(100),
      ...at('2026-03-01 10:00:00'),
    },
    {
      sys_id: id(2),
      number: 'B',
      short_description: 'printer jam',
      impact: 3,
      urgency: 3,
      business_service: id(101),
      ...at('2026-03-02 10:00:00'),
    },
    {
      sys_id: id(3),
      number: 'C',
      short_description: 'Mail slow',
      impact: 2,
      urgency: 2,
      business_service: id(100),
      ...at('2026-03-02 10:00:00'),
    },
    {
      sys_id: id(4),
      number: 'D',
      state: 7,
      impact: 2,
      urgency: 2,
      made_sla: '',
      ...at('2026-03-09 11:30:00'),
      closed_at: '2026-03-09 18:30:00',
    },
    { sys_id: id(5), number: 'E', short_description: 'Mail down', category: 'network', ...at('2026-03-10 11:00:00') },
  ]);
});
afterAll(() => sim.close());

const numbers = async (query: string): Promise<string> =>
  (await sim.rows('incident', { sysparm_query: query, sysparm_fields: 'number' })).map((row) => row['number']).join('');

describe('an encoded query', () => {
  test.each([
    ['number=A', 'A'],
    ['numberINA,C', 'AC'],
    ['numberNOT INA,C', 'BDE'],
    ['number!=A', 'BCDE'],
    ['short_descriptionISEMPTY', 'D'],
    ['short_descriptionISNOTEMPTY', 'ABCE'],
    ['short_descriptionSTARTSWITHMail', 'CE'],
    ['short_descriptionENDSWITHjam', 'B'],
    ['short_descriptionLIKErint', 'AB'],
    ['short_descriptionNOT LIKErint', 'CDE'],
    ['numberBETWEENB@D', 'BCD'],
    ['priority=1', 'A'],
    ['priority<3', 'A'],
    ['priority>=4', 'BE'],
    ['priorityBETWEEN1@3', 'ACD'],
    ['priorityIN1,5', 'ABE'],
    ['impactLT_FIELDpriority', 'BCDE'],
    ['impactSAMEASurgency', 'ABCDE'],
    ['active=false', 'D'],
    ['active!=true', 'D'],
    ['made_sla!=true', 'D'],
    ['business_service=' + id(100), 'AC'],
    ['business_serviceISEMPTY', 'DE'],
    ['business_serviceSTARTSWITHPay', 'B'],
    ['business_service.name=Mail', 'AC'],
    ['business_service.vendor.name=Acme Hosting', 'AC'],
    ['business_service.vendor.vendor=true', 'AC'],
    ['sys_updated_on>2026-03-02 10:00:00', 'DE'],
    ['sys_updated_on>=2026-03-02 10:00:00', 'BCDE'],
    ['sys_updated_on=2026-03-02 10:00:00', 'BC'],
    ['sys_updated_on<2026-03-02', 'A'],
    ['opened_atBETWEEN2026-03-01 00:00:00@2026-03-02 23:59:59', 'ABC'],
    ['opened_atON2026-03-02', 'BC'],
    ['opened_atNOTON2026-03-02', 'ADE'],
    ['opened_atONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()', 'E'],
    ['opened_at>=javascript:gs.daysAgoStart(1)', 'DE'],
    ["opened_at>javascript:gs.dateGenerate('2026-03-09','11:00:00')", 'DE'],
    ['opened_atRELATIVEGT@hour@ago@2', 'E'],
    ['opened_atRELATIVELT@dayofweek@ago@7', 'ABC'],
    ["opened_atDATEPARTMonday@javascript:gs.datePart('dayofweek','monday','EE')", 'BCD'],
    ['closed_atMORETHANopened_at@hour@after@6', 'D'],
    ['closed_atSAMEASopened_at@day', 'D'],
    ['sys_class_nameINSTANCEOFtask', 'ABCDE'],
    ['numberANYTHING', 'ABCDE'],
  ])('%s finds %s', async (query, expected) => {
    expect(await numbers(`${query}^ORDERBYnumber`)).toBe(expected);
  });

  test.each([
    ['active=true^priority=1^ORpriority=3', 'AC', '^OR belongs to the condition before it'],
    ['priority=1^ORpriority=3^active=true', 'AC', 'and not to those behind it'],
    ['number=A^priority=5^NQnumber=D', 'D', '^NQ separates whole clauses'],
    ['number=A^NQnumber=D', 'AD', '^NQ is an OR between clauses'],
  ])('%s finds %s: %s', async (query, expected) => {
    expect(await numbers(`${query}^ORDERBYnumber`)).toBe(expected);
  });

  test.each([
    ['ORDERBYDESCnumber', 'EDCBA'],
    ['ORDERBYsys_updated_on^ORDERBYsys_id', 'ABCDE'],
    ['ORDERBYDESCsys_updated_on^ORDERBYDESCsys_id', 'EDCBA'],
    ['ORDERBYbusiness_service.name^ORDERBYDESCnumber', 'EDCAB'],
    ['ORDERBYDESCpriority^ORDERBYnumber', 'BECDA'],
  ])('%s puts them as %s', async (query, expected) => {
    expect(await numbers(query)).toBe(expected);
  });

  test.each([
    ['keyset in one clause', `sys_updated_on>=2026-03-02 10:00:00^sys_updated_on>2026-03-02 10:00:00^ORsys_id>${id(2)}`],
    ['keyset in two clauses', `sys_updated_on=2026-03-02 10:00:00^sys_id>${id(2)}^NQsys_updated_on>2026-03-02 10:00:00`],
  ])('%s continues exactly behind the last row, among rows of the same second too', async (_, query) => {
    expect(await numbers(`${query}^ORDERBYsys_updated_on^ORDERBYsys_id`)).toBe('CDE');
    expect(await numbers(`${query}^active=true^ORDERBYsys_updated_on^ORDERBYsys_id`)).toBe('CE');
  });

  test('an index and a full scan give the same rows and the same count', async () => {
    const conditions = [
      'sys_updated_on>=2026-03-02 10:00:00',
      'sys_updated_on>2026-03-01 10:00:00',
      'sys_updated_on<=2026-03-09 11:30:00',
      'sys_updated_on<2026-03-10 11:00:00',
      `sys_updated_on>2026-03-02 10:00:00^ORsys_id>${id(2)}`,
      `sys_id>${id(1)}`,
      'active=true^ORpriority=3',
    ];
    for (let chosen = 0; chosen < 2 ** conditions.length; chosen++) {
      const query = conditions.filter((_, bit) => (chosen >> bit) % 2 === 1).join('^');
      const indexed = await sim.call('GET', '/api/now/table/incident', {
        query: { sysparm_query: `${query}^ORDERBYsys_updated_on^ORDERBYsys_id`, sysparm_fields: 'number' },
      });
      const scanned = await sim.call('GET', '/api/now/table/incident', {
        query: { sysparm_query: `${query}^ORDERBYsys_updated_on^ORDERBYsys_id^ORDERBYnumber`, sysparm_fields: 'number' },
      });
      expect([query, indexed.text, indexed.headers.get('x-total-count')]).toEqual([
        query,
        scanned.text,
        scanned.headers.get('x-total-count'),
      ]);
    }
  });
});

describe('what the instance does not understand', () => {
  test.each([
    'nubmer=A',
    'business_service.nmae=Mail',
    'numberNOTINA',
    'opened_at>2026-03-02T10:00:00Z',
    'opened_at>javascript:new GlideDateTime()',
    '=A',
  ])('a condition such as %s is dropped, and everything comes', async (query) => {
    expect(await numbers(`${query}^ORDERBYnumber`)).toBe('ABCDE');
    expect((await sim.control.journal()).at(-1)?.ignored).toEqual([query]);
  });

  test('the rest of the query stands', async () => {
    expect(await numbers('nubmer=X^priority=1')).toBe('A');
  });

  test('with returns_no_rows nothing comes', async () => {
    await sim.control.switches({ returnsNoRows: true });
    expect(await numbers('nubmer=A')).toBe('');
    await sim.control.switches({ returnsNoRows: false });
  });
});

describe('the caller', () => {
  const kiwi = { authorization: `Basic ${Buffer.from('kiwi:kiwi').toString('base64')}` };

  test('a literal is UTC for everybody, dateGenerate is in the zone of the caller', async () => {
    const find = async (query: string): Promise<number> => (await sim.rows('incident', { sysparm_query: query }, kiwi)).length;
    expect(await find('opened_at=2026-03-01 10:00:00')).toBe(1);
    expect(await find("opened_at=javascript:gs.dateGenerate('2026-03-01','23:00:00')")).toBe(1);
  });

  test('finds itself by gs.getUserID() and by the dynamic "me"', async () => {
    for (const query of ['sys_id=javascript:gs.getUserID()', 'user_name=javascript:gs.getUserName()'])
      expect(await sim.rows('sys_user', { sysparm_query: query, sysparm_fields: 'user_name' }, kiwi)).toEqual([{ user_name: 'kiwi' }]);
  });
});
