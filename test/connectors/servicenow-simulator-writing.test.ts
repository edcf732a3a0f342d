import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Answer, type SimulatorClient, id, resultOf, simulator } from './servicenow-simulator-client.js';

let sim: SimulatorClient;
const changes = '/api/now/table/change_request';
const incidents = '/api/now/table/incident';

beforeEach(async () => {
  sim = await simulator();
});
afterEach(() => sim.close());

const create = (path: string, body: unknown, options: object = {}): Promise<Answer> =>
  sim.call('POST', path, { as: 'writer', body, ...options });
const patch = (path: string, body: unknown): Promise<Answer> => sim.call('PATCH', path, { as: 'writer', body });
const detail = ({ body }: Answer): unknown => (body?.error as { detail?: unknown } | undefined)?.detail;

describe('an insert', () => {
  test('answers 201 with its place, number, stamps and defaults, and derives the priority', async () => {
    const answer = await create(incidents, {
      short_description: 'Mail down',
      impact: 1,
      urgency: '2',
      bunk_field: 'x',
      sys_created_by: 'me',
    });
    const record = resultOf(answer);
    expect([answer.status, answer.headers.get('location')]).toEqual([201, `${sim.url}${incidents}/${record['sys_id']}`]);
    expect(record).toMatchObject({
      number: 'INC0010001',
      priority: '2',
      state: '1',
      active: 'true',
      sys_created_by: 'gt.writer',
      sys_updated_on: '2026-01-01 00:00:00',
      sys_mod_count: '0',
      sys_class_name: 'incident',
    });
    expect(record['sys_id']).toMatch(/^[0-9a-f]{32}$/);
    expect(record).not.toHaveProperty('bunk_field');
  });

  test("takes the client's sys_id; a second one with it is refused and changes nothing", async () => {
    const first = await create(changes, { sys_id: id(7), short_description: 'first', correlation_id: 'IMP-1' });
    const second = await create(changes, { sys_id: id(7), short_description: 'second' });
    expect([first.status, resultOf(first)['sys_id'], second.status]).toEqual([201, id(7), 403]);
    expect(detail(second)).toContain(`Unique Key violation detected by database (Duplicate entry '${id(7)}'`);
    const rows = await sim.control.records('change_request');
    expect(rows.map((row) => row['short_description'])).toEqual(['first']);
  });

  test('of an instance that gives its own sys_id does not take the client’s', async () => {
    await sim.control.switches({ ignoreClientSysId: true });
    expect(resultOf(await create(changes, { sys_id: id(7) }))['sys_id']).not.toBe(id(7));
  });

  test.each([
    ['reader', 403, 'ACL Exception Insert Failed due to security constraints'],
    ['writer', 201, undefined],
  ] as const)('by the %s account gives %i', async (as, status, expected) => {
    const answer = await sim.call('POST', incidents, { as, body: { short_description: 'x' } });
    expect([answer.status, detail(answer)]).toEqual([status, expected]);
    expect(await sim.control.records('incident')).toHaveLength(status === 201 ? 1 : 0);
  });

  test('cuts text at the length of its field, and may refuse it instead', async () => {
    expect(resultOf(await create(incidents, { short_description: 'x'.repeat(200) }))['short_description']).toHaveLength(160);
    await sim.control.switches({ overlongText: 'reject' });
    expect((await create(incidents, { short_description: 'x'.repeat(200) })).status).toBe(403);
  });

  test('without a body that is JSON is a bad request', async () => {
    expect((await create(incidents, '{"short_description":')).status).toBe(400);
  });
});

describe('an update', () => {
  test('is touched again seconds later by the system, with its content unchanged', async () => {
    const { sys_id = '' } = resultOf(await create(incidents, { short_description: 'x' }));
    await sim.control.advance(2_000);
    expect((await sim.control.records('incident'))[0]).toMatchObject({ sys_mod_count: '0', sys_updated_by: 'gt.writer' });
    await sim.control.advance(2_000);
    expect((await sim.control.records('incident'))[0]).toMatchObject({
      sys_id,
      short_description: 'x',
      sys_mod_count: '1',
      sys_updated_by: 'system',
      sys_updated_on: '2026-01-01 00:00:03',
    });
  });

  test('that changes nothing leaves the stamp alone', async () => {
    const { sys_id = '' } = resultOf(await create(incidents, { short_description: 'x' }));
    await sim.control.advance(60_000);
    const before = (await sim.control.records('incident'))[0];
    expect((await patch(`${incidents}/${sys_id}`, { short_description: 'x' })).status).toBe(200);
    expect((await sim.control.records('incident'))[0]).toEqual(before);
  });

  test('with notes appends them to the journal; the field reads empty', async () => {
    const { sys_id = '' } = resultOf(await create(incidents, { short_description: 'x' }));
    for (const work_notes of ['one', 'two']) expect(resultOf(await patch(`${incidents}/${sys_id}`, { work_notes }))['work_notes']).toBe('');
    const query = { sysparm_query: `element_id=${sys_id}^element=work_notes^ORDERBYsys_created_on`, sysparm_fields: 'value,name' };
    expect(await sim.rows('sys_journal_field', query)).toEqual([
      { value: 'one', name: 'incident' },
      { value: 'two', name: 'incident' },
    ]);
  });

  test('of a read-only, a system or an unreadable date field is dropped without a word', async () => {
    const { sys_id = '' } = resultOf(await create(incidents, { due_date: '2026-02-01 08:00:00' }));
    const answer = await patch(`${incidents}/${sys_id}`, {
      escalation: '3',
      sys_created_on: '2020-01-01 00:00:00',
      due_date: '2026-02-01T09:00:00Z',
    });
    expect([answer.status, resultOf(answer)]).toEqual([
      200,
      expect.objectContaining({ escalation: '0', sys_created_on: '2026-01-01 00:00:00', due_date: '2026-02-01 08:00:00' }),
    ]);
  });

  test('tunnelled through POST is an update', async () => {
    const { sys_id = '' } = resultOf(await create(incidents, {}));
    const answer = await create(`${incidents}/${sys_id}`, { category: 'network' }, { headers: { 'x-http-method-override': 'PATCH' } });
    expect([answer.status, resultOf(answer)['category']]).toEqual([200, 'network']);
  });

  test('with display values takes labels, and dates in the zone of the account', async () => {
    await sim.control.users({ users: [{ user_name: 'ny', password: 'ny', roles: ['itil'], time_zone: 'America/New_York' }] });
    const { sys_id = '' } = resultOf(await create(incidents, {}));
    const answer = await sim.call('PATCH', `${incidents}/${sys_id}`, {
      as: { authorization: `Basic ${Buffer.from('ny:ny').toString('base64')}` },
      query: { sysparm_input_display_value: 'true' },
      body: { state: 'In Progress', due_date: '2026-07-01 08:00:00' },
    });
    expect(resultOf(answer)).toMatchObject({ state: '2', due_date: '2026-07-01 12:00:00' });
  });
});

describe('an incident', () => {
  test('is resolved only with code and notes; then it knows when, by whom and after how long', async () => {
    const { sys_id = '' } = resultOf(await create(incidents, {}));
    await sim.control.advance(3_600_000);
    const refused = await patch(`${incidents}/${sys_id}`, { state: '6', close_notes: 'restarted' });
    expect([refused.status, detail(refused)]).toEqual([403, 'Data Policy Exception: The following fields are mandatory: Resolution code']);
    const resolved = resultOf(
      await patch(`${incidents}/${sys_id}`, { state: '6', close_code: 'Solution provided', close_notes: 'restarted' }),
    );
    expect(resolved).toMatchObject({ incident_state: '6', resolved_at: '2026-01-01 01:00:00', calendar_stc: '3600', active: 'true' });
    expect(resultOf(await patch(`${incidents}/${sys_id}`, { state: '7' }))).toMatchObject({
      active: 'false',
      closed_at: '2026-01-01 01:00:00',
    });
    expect(resultOf(await patch(`${incidents}/${sys_id}`, { state: '2' }))).toMatchObject({
      reopen_count: '1',
      resolved_at: '',
      active: 'true',
    });
  });
});

describe('a problem', () => {
  test('does not change its state through the Table API', async () => {
    const { sys_id = '', state } = resultOf(await create('/api/now/table/problem', { short_description: 'x' }));
    expect(state).toBe('101');
    expect((await patch(`/api/now/table/problem/${sys_id}`, { state: '102' })).status).toBe(403);
    await sim.control.switches({ problemState: 'ignore' });
    expect(resultOf(await patch(`/api/now/table/problem/${sys_id}`, { state: '102', known_error: 'true' }))).toMatchObject({
      state: '101',
      known_error: 'true',
    });
  });
});

describe('a change', () => {
  const newChange = async (fields: object = {}): Promise<string> =>
    resultOf(await create(changes, { short_description: 'Replace the mail gateway', assignment_group: id(5), ...fields }))['sys_id'] ?? '';
  const state = async (sysId: string): Promise<unknown> => (await sim.control.records('change_request', `sys_id=${sysId}`))[0]?.['state'];

  test('goes one legal step at a time, and not past its approval', async () => {
    const sysId = await newChange();
    const steps = ['-1', '-4', '-3', '-2'];
    const answers = [];
    for (const next of steps) answers.push((await patch(`${changes}/${sysId}`, { state: next })).status);
    expect([answers, await state(sysId)]).toEqual([[403, 200, 200, 403], '-3']);
    await sim.control.switches({ illegalChangeState: 'ignore' });
    expect([(await patch(`${changes}/${sysId}`, { state: '3' })).status, await state(sysId)]).toEqual([200, '-3']);
  });

  test('needs an assignment group beyond New, and code and notes to close', async () => {
    const sysId = await newChange({ assignment_group: '' });
    expect(detail(await patch(`${changes}/${sysId}`, { state: '-4' }))).toContain('Assignment group');
    await patch(`${changes}/${sysId}`, { assignment_group: id(5) });
    await sim.control.moveChange(sysId, { to: 'review' });
    expect(detail(await patch(`${changes}/${sysId}`, { state: '3' }))).toContain('Close code, Close notes');
    const closed = await patch(`${changes}/${sysId}`, { state: '3', close_code: 'unsuccessful', close_notes: 'rolled back' });
    expect(resultOf(closed)).toMatchObject({ state: '3', active: 'false', closed_at: '2026-01-01 00:00:00' });
  });

  test('is taken through its life by people: approval, actual dates, closure, each at its own time', async () => {
    const sysId = await newChange();
    const hour = (): Promise<unknown> => sim.control.advance(3_600_000);
    for (const to of ['assess', 'approved', 'implement', 'review', 'closed'] as const) {
      await hour();
      await sim.control.moveChange(sysId, { to, ...(to === 'closed' && { close_code: 'successful_issues' }) });
    }
    const change = (await sim.call('GET', `${changes}/${sysId}`)).body?.result;
    expect(change).toMatchObject({
      state: '3',
      approval: 'approved',
      close_code: 'successful_issues',
      work_start: '2026-01-01 03:00:00',
      work_end: '2026-01-01 04:00:00',
      closed_at: '2026-01-01 05:00:00',
      active: 'false',
    });
    const approvals = { sysparm_query: `sysapproval=${sysId}`, sysparm_fields: 'state,approver.user_name,sys_updated_on' };
    expect(await sim.rows('sysapproval_approver', approvals)).toEqual([
      { state: 'approved', 'approver.user_name': 'change.manager', sys_updated_on: '2026-01-01 02:00:00' },
    ]);
  });

  test('can be rejected and canceled, and is over then', async () => {
    const [rejected, canceled] = [await newChange(), await newChange()];
    await sim.control.moveChange(rejected, { to: 'assess' });
    expect(await sim.control.moveChange(rejected, { to: 'rejected' })).toMatchObject({ state: '-5', approval: 'rejected' });
    expect(await sim.control.moveChange(canceled, { to: 'canceled' })).toMatchObject({ state: '4', active: 'false' });
    await expect(sim.control.moveChange(canceled, { to: 'approved' })).rejects.toThrow('is over already');
  });

  test('is deleted by an administrator only, and gone then', async () => {
    const sysId = await newChange();
    expect((await sim.call('DELETE', `${changes}/${sysId}`, { as: 'writer' })).status).toBe(403);
    expect((await sim.call('DELETE', `${changes}/${sysId}`, { as: 'admin' })).status).toBe(204);
    expect((await sim.call('GET', `${changes}/${sysId}`)).status).toBe(404);
  });
});

describe('a transaction that commits late', () => {
  test('shows nothing until then, and carries the stamp of its beginning', async () => {
    await sim.control.load('incident', [{ sys_id: id(1), short_description: 'old' }]);
    await sim.control.advance(1_000);
    await sim.control.load('incident', [{ sys_id: id(1), short_description: 'new' }, { sys_id: id(2) }], { visibleInMs: 30_000 });
    const query = { sysparm_query: 'ORDERBYsys_id', sysparm_fields: 'short_description,sys_updated_on' };
    expect(await sim.rows('incident', query)).toEqual([{ short_description: 'old', sys_updated_on: '2026-01-01 00:00:00' }]);
    await sim.control.advance(30_000);
    expect(await sim.rows('incident', query)).toEqual([
      { short_description: 'new', sys_updated_on: '2026-01-01 00:00:01' },
      { short_description: '', sys_updated_on: '2026-01-01 00:00:01' },
    ]);
  });
});

describe('a running SLA', () => {
  const fields = 'has_breached,percentage,time_left,sys_updated_on,sys_mod_count';

  test('shows other durations at each read without a new version, and is breached when its time comes', async () => {
    await sim.control.load('task_sla', [
      { sys_id: id(1), start_time: '2026-01-01 00:00:00', planned_end_time: '2026-01-01 04:00:00' },
      { sys_id: id(2), start_time: '2026-01-01 00:00:00', planned_end_time: '2026-01-01 04:00:00' },
    ]);
    const read = async (): Promise<unknown> =>
      (await sim.rows('task_sla', { sysparm_query: `sys_id=${id(1)}`, sysparm_fields: fields }))[0];
    const running = { has_breached: 'false', sys_updated_on: '2026-01-01 00:00:00', sys_mod_count: '0' };
    await sim.control.advance(3_600_000);
    expect(await read()).toEqual({ ...running, percentage: '25.00', time_left: '1970-01-01 03:00:00' });
    await sim.control.load('task_sla', [{ sys_id: id(2), stage: 'completed', active: false }]);
    await sim.control.advance(4 * 3_600_000);
    // The deadline passes; nobody updates the row.
    expect(await read()).toMatchObject({ ...running, has_breached: 'true', percentage: '125.00' });
    expect((await sim.control.records('task_sla', `sys_id=${id(2)}`))[0]).toMatchObject({ has_breached: 'false' });
  });

  test('moves its update stamp when it is breached, on an instance that is switched to that', async () => {
    await sim.control.switches({ breachMovesStamp: true });
    await sim.control.load('task_sla', [{ sys_id: id(1), start_time: '2026-01-01 00:00:00', planned_end_time: '2026-01-01 04:00:00' }]);
    await sim.control.advance(5 * 3_600_000);
    expect((await sim.control.records('task_sla'))[0]).toMatchObject({
      has_breached: 'true',
      sys_updated_on: '2026-01-01 04:00:00',
      sys_mod_count: '1',
    });
  });
});
