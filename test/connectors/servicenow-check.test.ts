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
});
