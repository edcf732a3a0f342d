import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { isFailure, type Failure, type IdempotencyKey, type Sink } from 'golden-thread/kit';
import { type Simulated, simulate } from './servicenow-simulated.js';

const key: IdempotencyKey = { value: '0123456789abcdef'.repeat(4), display: 'golden-thread:IMP-0001' };
const sysId = key.value.slice(0, 32);
const correlationId = `golden-thread:${key.value.slice(0, 40)}`;
const template = 'a'.repeat(32);
const fields = { short_description: 'Renew the certificate by machine', description: 'line 1\nline 2' };

async function failureOf(work: Promise<unknown> | undefined): Promise<Failure> {
  const outcome = await work?.catch((error: unknown) => error);
  if (!isFailure(outcome)) throw new Error(`expected a failure, got ${JSON.stringify(outcome)}`);
  return outcome;
}

describe('changes of every kind', () => {
  let simulated: Simulated;
  let sink: Sink;
  const changes = (): Promise<readonly Readonly<Record<string, string>>[]> => simulated.control.records('change_request');
  const reopen = (): Sink => {
    const opened = simulated.open({ config: { streams: { change_request: null, change_task: null, sn_cim_register: null } } }).sink;
    if (opened === undefined) throw new Error('the connector has no sink');
    return opened;
  };

  beforeEach(async () => {
    simulated = await simulate();
    await simulated.control.load('std_change_record_producer', [
      { sys_id: template, name: 'Renew a certificate', short_description: 'Renew a certificate', closed_fields: 'short_description' },
    ]);
    sink = reopen();
  });
  afterEach(() => simulated.close());

  test.each(['normal', 'emergency'])('a change of type %s is created as New under the sys_id of its key', async (type) => {
    const receipt = await sink.create('change_request', key, { ...fields, type }, { resend: false });
    expect(receipt.differences).toEqual([]);
    expect(await changes()).toMatchObject([{ sys_id: sysId, type, state: '-5' }]);
  });

  test('a standard change is made from its template, found by its key, and what the template fixes is a difference', async () => {
    const receipt = await sink.create('change_request', key, { ...fields, standard_template: template }, { resend: false });

    expect(receipt.differences).toMatchObject([{ field: 'short_description', found: 'Renew a certificate' }]);
    expect(await changes()).toMatchObject([{ type: 'standard', std_change_producer_version: template, correlation_id: correlationId }]);
    expect(await sink.find('change_request', key, {})).toMatchObject({ is: 'found', ticket: { key: receipt.ticket.key } });
  });

  test('a standard change whose answer was lost is found, and until it had time to arrive its absence is not claimed', async () => {
    await simulated.control.addFaults({ kind: 'drop', match: { method: 'POST', path: 'standard' }, times: 1 });
    const failure = await failureOf(sink.create('change_request', key, { ...fields, standard_template: template }, { resend: false }));
    expect(failure.details.committed).toBe('maybe');
    expect(await reopen().find('change_request', key, {})).toMatchObject({ is: 'unknown' });

    await simulated.control.addFaults({ kind: 'commit-then-drop', match: { method: 'POST', path: 'standard' }, times: 1 });
    const other = { ...key, value: 'f'.repeat(64) };
    await failureOf(sink.create('change_request', other, { ...fields, standard_template: template }, { resend: false }));
    expect(await reopen().find('change_request', other, {})).toMatchObject({ is: 'found' });
    expect(await changes()).toHaveLength(1);
  });

  test('a standard change is not sent twice before it is known that the instance keeps its key, and is afterwards', async () => {
    const again = (): Promise<unknown> =>
      reopen().create('change_request', key, { ...fields, standard_template: template }, { resend: true });
    expect(await failureOf(again())).toMatchObject({ kind: 'conflict', details: { committed: 'maybe' } });

    await sink.create('change_request', { ...key, value: 'f'.repeat(64) }, { ...fields, standard_template: template }, { resend: false });
    await again();
    expect((await changes()).filter(({ correlation_id: id }) => id === correlationId)).toHaveLength(1);
  });

  test('where templates do not take the key over it is written after, and such a change is never sent twice', async () => {
    await simulated.control.switches({ changeApiKeepsCorrelation: false });
    await sink.create('change_request', key, { ...fields, standard_template: template }, { resend: false });
    expect(await changes()).toMatchObject([{ correlation_id: correlationId }]);

    const resent = reopen().create('change_request', key, { ...fields, standard_template: template }, { resend: true });
    expect((await failureOf(resent)).kind).toBe('conflict');
    expect(await changes()).toHaveLength(1);
  });

  test.each([
    ['a template that is not there', 'b'.repeat(32), 'record'],
    ['something that is no sys_id', 'Renew: a certificate', 'config'],
  ])('%s is told before anything is made', async (_what, standard_template, kind) => {
    const failure = await failureOf(sink.create('change_request', key, { ...fields, standard_template }, { resend: false }));
    expect([failure.kind, failure.details.committed]).toEqual([kind, 'no']);
    expect(await changes()).toEqual([]);
  });

  test('a standard change without a template is refused before it is sent', async () => {
    const failure = await failureOf(sink.create('change_request', key, { ...fields, type: 'standard' }, { resend: false }));
    expect([failure.kind, failure.details.committed]).toEqual(['config', 'no']);
    expect(await changes()).toEqual([]);
  });

  test('affected configuration items are associated once, and one that is not there is a difference', async () => {
    await simulated.control.setRate(1);
    const items = ['c', 'd'].map((letter) => letter.repeat(32));
    await simulated.control.load(
      'cmdb_ci',
      items.map((sys_id) => ({ sys_id, name: sys_id.slice(0, 3) })),
    );

    const created = await sink.create('change_request', key, { ...fields, affected_cis: items }, { resend: false });
    const updated = await sink.update('change_request', sysId, { affected_cis: items.join(',') });
    const wrong = await sink.update('change_request', sysId, { affected_cis: [{ id: 'e'.repeat(32) }] });

    expect([created.differences, updated.differences]).toEqual([[], []]);
    expect(await simulated.control.records('task_ci')).toHaveLength(2);
    expect(wrong.differences).toMatchObject([{ field: 'affected_cis', because: expect.stringMatching(/not associated/) }]);
  }, 20_000);

  test('without the Change API the change is made all the same, and the items are a difference', async () => {
    await simulated.control.switches({ changeApi: false });
    const { differences } = await sink.create('change_request', key, { ...fields, affected_cis: ['c'.repeat(32)] }, { resend: false });
    expect(differences).toMatchObject([{ field: 'affected_cis' }]);
    expect(await sink.read('change_request', sysId)).not.toHaveProperty('data.next_states');
  });

  test('a change that is read tells where it may be moved and what the conflict check has found', async () => {
    await sink.create('change_request', key, fields, { resend: false });
    const record = await sink.read('change_request', sysId);
    expect(record?.data).toMatchObject({ conflicts: 'Not Run' });
    expect(record?.data['next_states']).toEqual(expect.arrayContaining([{ value: '-4', label: 'Assess' }]));
  });

  test('a task is created once, linked to its change', async () => {
    await sink.create('change_request', key, fields, { resend: false });
    const task: IdempotencyKey = { value: 'f'.repeat(64), display: 'golden-thread:IMP-0001 task' };
    const wanted = { short_description: 'Check the new certificate', change_request: { id: sysId } };
    const receipt = await sink.create('change_task', task, wanted, { resend: false });
    await sink.create('change_task', task, wanted, { resend: true });

    expect(receipt).toMatchObject({ differences: [], ticket: { number: expect.stringMatching(/^CTASK/) } });
    expect(await simulated.control.records('change_task')).toMatchObject([{ change_request: sysId, state: '1' }]);
  });

  test('a task without its change is refused before it is sent', async () => {
    const failure = await failureOf(sink.create('change_task', key, { short_description: 'x' }, { resend: false }));
    expect([failure.kind, failure.details.committed]).toEqual(['config', 'no']);
  });

  test('an improvement becomes an initiative of ServiceNow, under the columns that the instance has, and its state reads back', async () => {
    const wanted = { short_description: 'Fewer expired certificates', targetReviewDate: '2026-12-01T00:00:00.000Z', targetValue: 3 };
    const receipt = await sink.create('sn_cim_register', key, wanted, { resend: false });
    await simulated.control.load('sn_cim_register', [{ sys_id: sysId, state: '11' }]);
    const record = await reopen().read('sn_cim_register', sysId);

    expect(receipt).toMatchObject({ differences: [], ticket: { key: sysId, number: expect.stringMatching(/^CIM/) } });
    expect(await simulated.control.records('sn_cim_register')).toMatchObject([
      { target_value: '3', target_date_time: '2026-12-01 00:00:00' },
    ]);
    expect(record?.data).toMatchObject({ state: 11, number: receipt.ticket.number });
    expect((await failureOf(sink.update('sn_cim_register', sysId, { closureCode: 'Successful' }))).kind).toBe('policy');
  });

  test('where the plugin of the register is missing that is said, and nothing else fails', async () => {
    await simulated.control.switches({ absentTables: ['sn_cim_register'] });
    const failure = await failureOf(sink.create('sn_cim_register', key, { short_description: 'x' }, { resend: false }));
    expect(failure.message).toMatch(/Invalid table|no such table/);
    await sink.create('change_request', key, fields, { resend: false });
  });

  test('an update that changes nothing sends nothing', async () => {
    await sink.create('change_request', key, fields, { resend: false });
    const before = (await simulated.control.journal()).length;
    await sink.update('change_request', sysId, { ...fields });
    const methods = (await simulated.control.journal(before)).map(({ method }) => method);
    expect(methods).toEqual(['GET', 'GET']);
  });

  test('what a person wrote meanwhile stays, and the one who wrote it is named', async () => {
    await sink.create('change_request', key, { ...fields, justification: 'ours' }, { resend: false });
    await simulated.control.load('change_request', [{ sys_id: sysId, justification: 'theirs' }], { by: 'change.manager' });

    const failure = await failureOf(
      sink.update('change_request', sysId, { justification: 'ours again' }, undefined, { justification: 'ours' }),
    );

    expect(failure).toMatchObject({ kind: 'conflict', details: { committed: 'no' } });
    expect(failure.message).toMatch(/change\.manager has changed justification/);
    expect(await changes()).toMatchObject([{ justification: 'theirs' }]);
    const fresh = await sink.update('change_request', sysId, { justification: 'agreed' }, undefined, { justification: 'theirs' });
    expect(fresh.differences).toEqual([]);
  });
});
