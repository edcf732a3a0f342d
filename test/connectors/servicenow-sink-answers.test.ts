import { describe, expect, test } from '@jest/globals';
import type { Failure, IdempotencyKey, OpenConnector, Sink } from 'golden-thread/kit';
import { answerByHand, instance, listHeaders, nock, openServiceNow, tablePath } from './servicenow-at.js';

const key: IdempotencyKey = { value: '0123456789abcdef'.repeat(4), display: 'golden-thread:IMP-0001' };
const sysId = key.value.slice(0, 32);
const json = { 'content-type': 'application/json' };

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

describe('answers of an instance that no simulator gives by itself', () => {
  answerByHand();

  test('a search for the key that comes back with other changes is refused, not adopted', async () => {
    nock(instance)
      .get(`${tablePath}/change_request/${sysId}`)
      .query(true)
      .reply(404, { error: { message: 'No Record found' } }, json);
    nock(instance)
      .get(`${tablePath}/change_request`)
      .query(true)
      .reply(200, { result: [{ sys_id: 'e'.repeat(32), number: 'CHG1', correlation_id: '' }] }, listHeaders(1));

    expect((await failureOf(sinkOf(openServiceNow().open).find('change_request', key, {}))).kind).toBe('contract');
  });

  test('a value that a business rule rewrites is a difference', async () => {
    const row = {
      sys_id: sysId,
      number: 'CHG1',
      sys_updated_on: '2026-11-21 12:00:00',
      correlation_id: `golden-thread:${key.value.slice(0, 40)}`,
    };
    nock(instance)
      .post(`${tablePath}/change_request`)
      .query(true)
      .reply(201, { result: { sys_id: sysId } }, json);
    nock(instance)
      .get(`${tablePath}/change_request/${sysId}`)
      .query(true)
      .reply(200, { result: { ...row, correlation_display: key.display, type: 'emergency', assignment_group: 'g2' } }, json);

    const written = { type: 'normal', assignment_group: { id: 'g1' } };
    const { differences } = await sinkOf(openServiceNow().open).create('change_request', key, written, { resend: false });

    expect(differences).toEqual([
      { field: 'type', wrote: 'normal', found: 'emergency', because: expect.stringMatching(/business rule/) },
      { field: 'assignment_group', wrote: { id: 'g1' }, found: 'g2', because: expect.stringMatching(/business rule/) },
    ]);
  });

  test('a refusal that comes although the change was made ends as the change', async () => {
    const row = {
      sys_id: sysId,
      number: 'CHG1',
      sys_updated_on: '2026-11-21 12:00:00',
      correlation_id: `golden-thread:${key.value.slice(0, 40)}`,
    };
    nock(instance)
      .post(`${tablePath}/change_request`)
      .query(true)
      .reply(403, { error: { message: 'Operation Failed', detail: 'ACL' } }, json);
    nock(instance)
      .get(`${tablePath}/change_request/${sysId}`)
      .query(true)
      .twice()
      .reply(200, { result: { ...row, correlation_display: key.display } }, json);

    const receipt = await sinkOf(openServiceNow().open).create('change_request', key, {}, { resend: false });

    expect(receipt.ticket.key).toBe(sysId);
  });

  test('a refused create whose absence is shown says that nothing was made', async () => {
    nock(instance)
      .post(`${tablePath}/change_request`)
      .query(true)
      .reply(
        403,
        { error: { message: 'Operation Failed', detail: 'Data Policy Exception: The following fields are mandatory: Type' } },
        json,
      );
    nock(instance)
      .get(`${tablePath}/change_request/${sysId}`)
      .query(true)
      .reply(404, { error: { message: 'No Record found' } }, json);
    nock(instance).get(`${tablePath}/change_request`).query(true).reply(200, { result: [] }, listHeaders(0));

    const failure = await failureOf(sinkOf(openServiceNow().open).create('change_request', key, {}, { resend: false }));

    expect([failure.kind, failure.details.committed]).toEqual(['record', 'no']);
    expect(failure.message).toMatch(/mandatory: Type/);
  });
});
