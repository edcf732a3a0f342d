import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CheckResult } from 'golden-thread/kit';
import { type Simulated, reader, simulate } from './servicenow-simulated.js';

const wanted = { incident: ['short_description', 'business_service.name', 'close_code'] };

describe('checking a ServiceNow instance', () => {
  let simulated: Simulated;
  const line = (results: readonly CheckResult[], what: string): CheckResult | undefined => results.find((result) => result.what === what);

  beforeAll(async () => {
    simulated = await simulate({ now: new Date().toISOString() });
    await simulated.control.load('incident', [
      { short_description: 'a', active: 'true' },
      { short_description: 'b', active: 'false' },
    ]);
  });
  afterAll(() => simulated.close());
  beforeEach(async () => {
    await simulated.control.clearFaults();
    await simulated.control.unrestrict();
    await simulated.control.switches({ dateHeaderSkewMs: 0, returnsNoRows: false, journalAdminOnly: false });
  });

  test('an instance that is as it should be has no line that is not ok', async () => {
    const results = await simulated.open({ wanted }).check();

    expect(results.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
    expect(results.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['connection', 'clock skew', 'reading account', 'writing account', 'incident: read', 'task_sla: fields']),
    );
  });

  test('no condition of ours is one that the instance drops', async () => {
    await simulated.open({ wanted }).check();
    const dropped = (await simulated.control.journal()).filter(({ ignored }) => (ignored ?? []).length > 0);
    expect(dropped.map(({ path, ignored }) => ({ path, ignored }))).toEqual([]);
  });

  test('an unreachable instance is one line with one sentence', async () => {
    const results = await simulated.open({ config: { instance: 'http://127.0.0.1:9' } }).check();

    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({ what: 'connection', outcome: 'failed' });
    expect(results[0]?.found).toMatch(/no connection could be made/);
    expect(results[0]?.hint).toBeDefined();
  });

  test('wrong credentials are one line that names the account and not its password', async () => {
    const results = await simulated.open({ config: { read: { ...reader, password: 'wrong-password' } } }).check();

    expect(results.map(({ outcome }) => outcome)).toEqual(['ok', 'failed']);
    expect(results[1]?.found).toBe('ServiceNow refuses the credentials of user gt.reader.');
    expect(JSON.stringify(results)).not.toContain('wrong-password');
  });

  test('a wrong OAuth client is told in the same way', async () => {
    const results = await simulated.open({ config: { read: { clientId: 'gt-reader-client', clientSecret: 'wrong-secret' } } }).check();

    expect(results.at(-1)).toMatchObject({ what: 'reading account', outcome: 'failed' });
    expect(JSON.stringify(results)).not.toContain('wrong-secret');
  });

  test('an OAuth client that is accepted reads', async () => {
    const results = await simulated
      .open({ config: { read: { clientId: 'gt-reader-client', clientSecret: 'reader-client-secret' } } })
      .check();
    expect(line(results, 'incident: read')).toMatchObject({ outcome: 'ok', found: '2 records can be read.' });
  });

  test('a wrong writing account leaves the reading lines as they are', async () => {
    const results = await simulated.open({ config: { write: { username: 'gt.writer', password: 'wrong-password' } } }).check();

    expect(line(results, 'reading account')?.outcome).toBe('ok');
    expect(line(results, 'writing account')).toMatchObject({
      outcome: 'failed',
      found: 'ServiceNow refuses the credentials of user gt.writer.',
    });
  });

  test('a table that the account may not read fails, and only that stream', async () => {
    await simulated.control.restrict({ user: 'gt.reader', table: 'problem', forbid: true });
    const results = await simulated.open({ wanted }).check();

    expect(line(results, 'problem: read')?.outcome).toBe('failed');
    expect(line(results, 'incident: read')?.outcome).toBe('ok');
  });

  test('rows that the account may not read are counted', async () => {
    await simulated.control.restrict({ user: 'gt.reader', table: 'incident', hide: 'short_description=a' });
    const results = await simulated.open({ wanted }).check();
    expect(line(results, 'incident: read')).toMatchObject({
      outcome: 'warning',
      found: 'The account may read 1 of the first 2 records (of 2).',
    });
  });

  test('a field that does not exist is named', async () => {
    const results = await simulated.open({ wanted: { incident: ['short_desription', 'business_service.name'] } }).check();
    expect(line(results, 'incident: fields')).toMatchObject({ outcome: 'failed', found: 'The table has no field short_desription.' });
  });

  test('a field that no record shows to the account is named', async () => {
    await simulated.control.restrict({ user: 'gt.reader', table: 'incident', hideFields: ['close_code'] });
    const results = await simulated.open({ wanted }).check();
    expect(line(results, 'incident: fields')).toMatchObject({ outcome: 'warning', found: 'No record shows close_code to the account.' });
  });

  test('without the dictionary the check warns and the built-in fields serve', async () => {
    for (const table of ['sys_dictionary', 'sys_db_object', 'sys_choice'])
      await simulated.control.restrict({ user: 'gt.reader', table, forbid: true });
    const open = simulated.open({ wanted: { incident: ['short_description', 'u_custom'] } });

    expect(line(await open.check(), 'incident: fields')).toMatchObject({ outcome: 'warning', found: expect.stringContaining('u_custom') });
    const fields = await open.streams.find(({ name }) => name === 'incident')?.fields();
    expect(fields).toEqual(expect.arrayContaining([{ name: 'business_service', type: 'reference', open: true }]));
  });

  test('a filter that is misspelt, which the instance drops without a word, is told', async () => {
    const misspelt = await simulated.open({ config: { streams: { incident: { filter: 'actve=true' } } } }).check();
    const right = await simulated.open({ config: { streams: { incident: { filter: 'active=true' } } } }).check();

    expect(line(misspelt, 'incident: filter')).toMatchObject({ outcome: 'warning', found: 'The filter leaves all 2 records.' });
    expect(line(right, 'incident: filter')).toMatchObject({ outcome: 'ok', found: 'The filter leaves 1 of 2 records.' });
  });

  test('a clock that is off by minutes is told', async () => {
    await simulated.control.switches({ dateHeaderSkewMs: 600_000 });
    const results = await simulated.open().check();
    expect(line(results, 'clock skew')).toMatchObject({ outcome: 'warning', found: expect.stringMatching(/10 minutes ahead/) });
  });

  test('the fields of a table are its own and its parents’, with their choices', async () => {
    const fields = await simulated
      .open()
      .streams.find(({ name }) => name === 'change_request')
      ?.fields();
    const byName = new Map(fields?.map((field) => [field.name, field]));

    expect(byName.get('work_start')?.type).toBe('instant');
    expect(byName.get('assigned_to')).toEqual({ name: 'assigned_to', label: 'Assigned to', type: 'reference' });
    expect(byName.get('assigned_to.email')?.type).toBe('text');
    expect(byName.get('state')?.choices).toEqual(expect.arrayContaining([{ value: '-5', label: 'New' }]));
  });

  describe('the rights of the accounts', () => {
    const admin = { username: 'admin', password: 'admin-password' };
    const manager = { username: 'change.manager', password: 'change-password' };
    const tooMuch = (results: readonly CheckResult[]): readonly string[] =>
      results.filter(({ what }) => what.includes('too much')).map(({ found }) => found);
    beforeEach(() => simulated.control.switches({ rolesReadable: 'none', changeApi: true }));

    test('an administrator is told for each table, and so is that it sees who holds which role', async () => {
      const found = tooMuch(await simulated.open({ config: { read: admin } }).check());
      for (const table of ['incident', 'problem', 'change_request', 'change_task', 'task_sla'])
        expect(found).toContain(`The reading account may delete records of ${table} (role admin).`);
      expect(found).toContain('The reading account may read who holds which role.');
    });

    test('a reading account that may write is told for each table it may change', async () => {
      await simulated.control.switches({ rolesReadable: 'own' });
      const found = tooMuch(await simulated.open({ config: { read: { username: 'gt.writer', password: 'writer-password' } } }).check());
      expect(found).toEqual(
        expect.arrayContaining([expect.stringMatching(/reading account may change records of incident \(role itil\)/)]),
      );
      expect(found.join()).not.toMatch(/records of task_sla/);
    });

    test('a writing account that may delete changes is told, and by which role', async () => {
      await simulated.control.switches({ rolesReadable: 'own' });
      const found = tooMuch(await simulated.open({ config: { write: manager } }).check());
      expect(found).toContain('The writing account may delete records of change_request (role change_manager).');
      expect(found).toContain('The writing account may change records of incident (role itil), which is only read here.');
    });

    test('accounts that may no more than they need are not told anything', async () => {
      await simulated.control.switches({ rolesReadable: 'own' });
      const role = { user_name: 'gt.narrow', password: 'narrow-password', roles: ['sn_change_write'] };
      await simulated.control.users({ users: [role] });
      const results = await simulated.open({ config: { write: { username: 'gt.narrow', password: 'narrow-password' } } }).check();
      expect(tooMuch(results)).toEqual([]);
      expect(line(results, 'change_request: write')).toMatchObject({ outcome: 'ok', found: expect.stringContaining('sn_change_write') });
    });

    test.each([
      ['may not read the table', { forbid: true }, /may not read change_request, so it could not read back/],
      ['sees none of its rows', { hide: 'all' as const }, /may not read the first of/],
      [
        'does not see the key that is written',
        { hideFields: ['correlation_id'] },
        /may not read the field correlation_id of change_request/,
      ],
    ])('a writing account that %s is told which permission is missing', async (_what, rule, found) => {
      await simulated.control.load('change_request', [{ short_description: 'x' }]);
      await simulated.control.restrict({ user: 'gt.writer', table: 'change_request', ...rule });
      const results = await simulated.open().check();
      expect(line(results, 'change_request: write')).toMatchObject({ outcome: 'failed', found: expect.stringMatching(found) });
      expect(line(results, 'change_request: read')?.outcome).toBe('ok');
    });

    test('a writing account that is read-only is told so before its first write', async () => {
      await simulated.control.switches({ rolesReadable: 'own' });
      const results = await simulated.open({ config: { write: { username: 'gt.reader', password: 'reader-password' } } }).check();
      expect(line(results, 'change_request: write')).toMatchObject({ outcome: 'failed', found: expect.stringContaining('snc_read_only') });
    });

    test('a writing account without a role that creates is told which would', async () => {
      await simulated.control.switches({ rolesReadable: 'own' });
      await simulated.control.users({ users: [{ user_name: 'gt.nobody', password: 'nobody-password', roles: ['knowledge'] }] });
      const results = await simulated.open({ config: { write: { username: 'gt.nobody', password: 'nobody-password' } } }).check();
      expect(line(results, 'change_request: write')).toMatchObject({
        outcome: 'warning',
        hint: expect.stringContaining('sn_change_write'),
      });
    });

    test.each(['incident', 'problem', 'change_request', 'change_task', 'task_sla'])(
      'a reading account without %s is told which permission is missing, for that stream alone',
      async (table) => {
        await simulated.control.restrict({ user: 'gt.reader', table, forbid: true });
        const results = await simulated.open().check();
        const failed = results.filter(({ outcome, what }) => outcome === 'failed' && what.endsWith(': read'));
        expect(failed).toMatchObject([{ what: `${table}: read`, hint: expect.stringContaining(`read on ${table}`) }]);
      },
    );

    test.each([
      ['sysapproval_approver', 'change_request: approvals', 'gt.reader'],
      ['sys_attachment', 'change_request: attachments', 'gt.reader'],
      ['sys_journal_field', 'change_request: work notes', 'gt.writer'],
    ])('without %s the consequence is told', async (table, what, user) => {
      await simulated.control.restrict({ user, table, forbid: true });
      expect(line(await simulated.open().check(), what)).toMatchObject({ outcome: 'warning', hint: expect.stringContaining(table) });
    });

    test('without the Change API that is told', async () => {
      await simulated.control.switches({ changeApi: false });
      expect(line(await simulated.open().check(), 'change_request: Change API')).toMatchObject({ outcome: 'warning' });
    });
  });
});
