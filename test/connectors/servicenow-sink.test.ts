import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Failure, IdempotencyKey, OpenConnector, Sink } from 'golden-thread/kit';
import { type Simulated, simulate } from './servicenow-simulated.js';

const key: IdempotencyKey = { value: '0123456789abcdef'.repeat(4), display: 'golden-thread:IMP-0001' };
const sysId = key.value.slice(0, 32);
const fields = { short_description: 'Renew the certificate by machine', description: 'line 1\nline 2', type: 'normal' };

function sinkOf(open: OpenConnector): Sink {
  if (open.sink === undefined) throw new Error('the connector has no sink');
  return open.sink;
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  return work.then(
    () => Promise.reject(new Error('expected a failure')),
    (failure: Failure) => failure,
  );
}

describe('change requests in an instance', () => {
  let simulated: Simulated;
  let sink: Sink;
  const changes = (): Promise<readonly Readonly<Record<string, string>>[]> => simulated.control.records('change_request');

  beforeAll(async () => {
    simulated = await simulate();
  });
  afterAll(() => simulated.close());
  beforeEach(async () => {
    await simulated.control.clearFaults();
    await simulated.control.unrestrict();
    await simulated.control.switches({ ignoreClientSysId: false, duplicateSysIdStatus: 403, journalAdminOnly: false });
    for (const change of await changes()) await simulated.control.remove('change_request', String(change['sys_id']));
    simulated.forget();
    sink = sinkOf(simulated.open());
  });

  test('a change is created under the sys_id of its key, and read back without a difference', async () => {
    const receipt = await sink.create('change_request', key, fields, { resend: false });

    expect(receipt.differences).toEqual([]);
    expect(receipt.ticket.key).toBe(sysId);
    expect(receipt.data).toMatchObject({ state: -5, approval: 'not requested', short_description: fields.short_description });
    expect(await changes()).toMatchObject([
      { correlation_id: `golden-thread:${key.value.slice(0, 40)}`, correlation_display: key.display },
    ]);
  });

  test('a create whose answer was lost is not sent again here, and is found by its key', async () => {
    await simulated.control.addFaults({ kind: 'commit-then-drop', match: { method: 'POST' }, times: 1 });

    const failure = await failureOf(sink.create('change_request', key, fields, { resend: false }));

    expect(failure.details.committed).toBe('maybe');
    expect(await sink.find('change_request', key, {})).toMatchObject({ is: 'found', ticket: { key: sysId } });
    expect(await changes()).toHaveLength(1);
  });

  test('a create that fails after it was carried out, 500, is in doubt and found by its key', async () => {
    await simulated.control.addFaults({ kind: 'commit-then-500', match: { method: 'POST' }, times: 1 });

    expect((await failureOf(sink.create('change_request', key, fields, { resend: false }))).details.committed).toBe('maybe');
    expect(await sink.find('change_request', key, {})).toMatchObject({ is: 'found' });
  });

  test('before a create is sent its key is proven absent', async () => {
    await sink.create('change_request', { ...key, value: 'f'.repeat(64) }, fields, { resend: false });
    expect(await sink.find('change_request', key, {})).toEqual({ is: 'absent' });
  });

  test('absence is not claimed when one of the two reads fails', async () => {
    await simulated.control.addFaults({ kind: 'status-503', match: { method: 'GET', path: 'sysparm_query' } });
    expect((await failureOf(sink.find('change_request', key, {}))).kind).toBe('transient');
  });

  test.each([400, 403, 409, 500])('the same create sent twice makes one change, however the instance refuses (%i)', async (status) => {
    await simulated.control.switches({ duplicateSysIdStatus: status });
    await sink.create('change_request', key, fields, { resend: false });

    const again = await sink.create('change_request', key, fields, { resend: true });

    expect(again.ticket.key).toBe(sysId);
    expect(again.differences).toEqual([]);
    expect(await changes()).toHaveLength(1);
  });

  test('where the instance chooses its own sys_id the change is adopted, found by correlation_id, and never sent twice', async () => {
    await simulated.control.switches({ ignoreClientSysId: true });

    const receipt = await sink.create('change_request', key, fields, { resend: false });

    expect(receipt.ticket.key).not.toBe(sysId);
    expect(await sink.find('change_request', key, {})).toMatchObject({ is: 'found', ticket: { key: receipt.ticket.key } });
    const restarted = sinkOf(simulated.open());
    expect((await failureOf(restarted.create('change_request', key, fields, { resend: true }))).kind).toBe('conflict');
    expect(await changes()).toHaveLength(1);
  });

  test('two changes that carry one key are for a person', async () => {
    const correlation_id = `golden-thread:${key.value.slice(0, 40)}`;
    await simulated.control.load('change_request', [{ correlation_id }, { correlation_id }]);
    expect(await sink.find('change_request', key, {})).toMatchObject({ is: 'ambiguous', tickets: [{}, {}] });
  });

  test('a title that is too long is cut and the cut is a difference', async () => {
    const long = 'ä'.repeat(158) + '😀😀';
    const { differences } = await sink.create('change_request', key, { ...fields, short_description: long }, { resend: false });

    expect(differences).toEqual([
      { field: 'short_description', wrote: long, found: `${'ä'.repeat(158)}…`, because: 'cut to 160 characters' },
    ]);
  });

  test('a field that the instance does not know is a difference', async () => {
    const { differences } = await sink.create('change_request', key, { ...fields, u_unknown: 'x' }, { resend: false });
    expect(differences).toEqual([
      { field: 'u_unknown', wrote: 'x', found: null, because: expect.stringMatching(/does not show this field/) },
    ]);
  });

  test.each(['state', 'approval', 'close_code', 'correlation_id', 'sys_id', 'work_notes'])('%s is never written', async (field) => {
    const failure = await failureOf(sink.create('change_request', key, { ...fields, [field]: '1' }, { resend: false }));

    expect(failure.kind).toBe('policy');
    expect(failure.details.committed).toBe('no');
    expect(await changes()).toEqual([]);
  });

  test('an update sets its fields and nothing else', async () => {
    await sink.create('change_request', key, fields, { resend: false });

    const { differences } = await sink.update('change_request', sysId, {
      justification: 'recurs weekly',
      start_date: '2026-12-01T10:00:00.000Z',
    });

    expect(differences).toEqual([]);
    expect(await changes()).toMatchObject([
      { justification: 'recurs weekly', start_date: '2026-12-01 10:00:00', short_description: fields.short_description },
    ]);
  });

  test('an update of a change that is gone is refused as that one write', async () => {
    const failure = await failureOf(sink.update('change_request', sysId, { justification: 'x' }));
    expect([failure.kind, failure.details.committed]).toEqual(['record', 'no']);
  });

  test('a note is written once, also when its answer was lost', async () => {
    await sink.create('change_request', key, fields, { resend: false });
    await simulated.control.addFaults({ kind: 'commit-then-drop', match: { method: 'PATCH' }, times: 1 });
    await failureOf(sink.comment?.('change_request', sysId, 'IMP-0001:status', 'Target missed.') ?? Promise.resolve());

    await sink.comment?.('change_request', sysId, 'IMP-0001:status', 'Target missed.');

    const notes = await simulated.control.records('sys_journal_field');
    expect(notes.filter((note) => note['element_id'] === sysId).map((note) => note['value'])).toEqual(['[IMP-0001:status] Target missed.']);
  });

  test('no note is written where notes cannot be looked up', async () => {
    await simulated.control.switches({ journalAdminOnly: true });
    await sink.create('change_request', key, fields, { resend: false });

    const failure = await failureOf(sink.comment?.('change_request', sysId, 'm', 'text') ?? Promise.resolve());

    expect([failure.kind, failure.details.committed]).toEqual(['config', 'no']);
    const notes = await simulated.control.records('sys_journal_field', `element_id=${sysId}`);
    expect(notes.filter((note) => note['element_id'] === sysId && String(note['value']).startsWith('[m]'))).toEqual([]);
  });

  test('a change that its people closed reads back with its outcome, its dates and who approved it', async () => {
    await sink.create('change_request', key, fields, { resend: false });
    await simulated.control.moveChange(sysId, { to: 'approved' });
    await simulated.control.advance(3_600_000);
    await simulated.control.moveChange(sysId, { to: 'closed', close_code: 'successful_issues' });

    const record = await sink.read('change_request', sysId);
    const history = await sink.history?.('change_request', sysId);

    expect(record?.data).toMatchObject({ state: 3, close_code: 'successful_issues', approval: 'approved' });
    expect(record?.data['approvals']).toMatchObject([{ state: 'approved', approver: { name: 'Change Manager' } }]);
    const [start, end] = [record?.data['work_start'], record?.data['work_end']];
    expect(typeof start === 'string' && typeof end === 'string' && start <= end).toBe(true);
    expect(history).toMatchObject([
      { actor: { kind: 'person', name: 'Change Manager' }, changes: [{ field: 'approval', to: 'approved' }] },
    ]);
  });

  test('approvals that may not be read are not in the data, instead of an empty list', async () => {
    await sink.create('change_request', key, fields, { resend: false });
    await simulated.control.restrict({ user: 'gt.reader', table: 'sysapproval_approver', forbid: true });

    const record = await sink.read('change_request', sysId);

    expect(record?.data).not.toHaveProperty('approvals');
  });

  test('a change that is gone reads as undefined', async () => {
    expect(await sink.read('change_request', sysId)).toBeUndefined();
  });

  test('the fields on offer leave out what is not written', async () => {
    const offered = await sink.resources[0]?.fields();
    const names = offered?.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['short_description', 'description', 'assignment_group', 'type']));
    expect(names).not.toEqual(expect.arrayContaining(['state']));
    expect(offered?.find(({ name }) => name === 'short_description')?.maxLength).toBe(160);
  });
});
