import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { burst } from './incidents.js';
import { dayMs, type Organisation, startOrganisation } from './organisation.js';
import { approve, carryOut, changesOf } from './people.js';

describe('changes that carry improvements out', () => {
  let organisation: Organisation;
  beforeAll(async () => {
    organisation = await startOrganisation();
    await organisation.cycle();
    await organisation.release();
  });
  afterAll(() => organisation.close());

  test('after a failed change it is approved again; another change that people link on an incident is adopted, and never doubled', async () => {
    const { id } = await burst(organisation);
    await approve(organisation, id);
    const [first] = await changesOf(organisation, id);
    await carryOut(organisation, first?.sys_id ?? '', 'unsuccessful');
    const back = await organisation.improvement(id);
    expect(back).toMatchObject({ status: 'approved', changes: [{ number: first?.['number'], state: { phase: 'failed' } }] });
    expect((await organisation.ticket(id)).status).toBe('Approved');
    // Our own failed change triggers nothing, although the policy has a rule for failed changes.
    expect(await organisation.improvements()).toHaveLength(1);

    await organisation.later();
    const [second] = await organisation.servicenow.load('change_request', [
      { short_description: 'Second attempt', type: 'normal', state: '-5' },
    ]);
    const incidents = await organisation.servicenow.records('incident', 'subcategory=session-store');
    await organisation.servicenow.load('incident', [{ sys_id: incidents[0]?.sys_id, rfc: second?.sys_id }]);
    for (let round = 0; round < 3; round += 1) await organisation.later();
    const adopted = await organisation.improvement(id);
    expect(adopted.changes).toMatchObject([
      { origin: 'created', required: true },
      { origin: 'adopted', ref: { key: second?.sys_id } },
    ]);
    expect(await organisation.servicenow.records('change_request')).toHaveLength(2);

    const report = { name: 'test report.txt', content: 'All seven cases pass.' };
    await organisation.servicenow.attach('change_request', second?.sys_id ?? '', report);
    await carryOut(organisation, second?.sys_id ?? '');
    // Completion evidence names what people attached, by the digest of its content.
    expect((await organisation.improvement(id)).evidence).toMatchObject([
      { content: { attachments: [{ name: report.name, sha256: createHash('sha256').update(report.content).digest('hex') }] } },
    ]);
    expect((await organisation.improvement(id)).status).toBe('reviewing');
    expect((await organisation.ticket(id)).status).toBe('Reviewing');
    expect(await organisation.servicenow.records('change_request')).toHaveLength(2);
    expect(await organisation.improvements()).toHaveLength(1);
  });

  test('a change that an incident names already when it is approved is adopted instead of making one', async () => {
    const kind = { subcategory: 'linked before' };
    const { id } = await burst(organisation, 5, kind);
    const [change] = await organisation.servicenow.load('change_request', [
      { short_description: 'Planned anyway', type: 'normal', state: '-5' },
    ]);
    const incidents = await organisation.servicenow.records('incident', 'subcategory=linked before');
    await organisation.servicenow.load('incident', [{ sys_id: incidents[0]?.sys_id, rfc: change?.sys_id }]);
    const before = (await organisation.servicenow.records('change_request')).length;
    await organisation.later();
    const approved = await approve(organisation, id);
    expect(approved.changes).toMatchObject([{ origin: 'adopted', ref: { key: change?.sys_id } }]);
    await organisation.later();
    expect(await organisation.servicenow.records('change_request')).toHaveLength(before);
  });

  test('a change of somebody else that fails is raised by its rule', async () => {
    const known = (await organisation.improvements()).length;
    const [change] = await organisation.servicenow.load('change_request', [
      { short_description: 'Database upgrade', type: 'normal', state: '-5' },
    ]);
    await carryOut(organisation, change?.sys_id ?? '', 'unsuccessful');
    const raised = (await organisation.improvements()).slice(known);
    expect(raised).toMatchObject([{ rule: 'failed-change', status: 'proposed' }]);
  });

  test('a change that is cancelled leads back to approved', async () => {
    const { id } = await burst(organisation, 5, { subcategory: 'cancelled' });
    await approve(organisation, id);
    const [change] = await changesOf(organisation, id);
    await organisation.servicenow.moveChange(change?.sys_id ?? '', { to: 'implement' });
    await organisation.later();
    await organisation.later();
    expect((await organisation.improvement(id)).status).toBe('implementing');
    await organisation.servicenow.moveChange(change?.sys_id ?? '', { to: 'canceled' });
    await organisation.later();
    await organisation.later();
    expect(await organisation.improvement(id)).toMatchObject({ status: 'approved', changes: [{ state: { phase: 'cancelled' } }] });
    expect(await changesOf(organisation, id)).toHaveLength(1);
  });

  test('a change that is deleted leads back to approved; its edge stays', async () => {
    const { id } = await burst(organisation, 5, { subcategory: 'deleted' });
    await approve(organisation, id);
    const [change] = await changesOf(organisation, id);
    await organisation.servicenow.moveChange(change?.sys_id ?? '', { to: 'implement' });
    await organisation.later();
    await organisation.later();
    await organisation.servicenow.remove('change_request', change?.sys_id ?? '');
    for (let day = 0; day < 4; day += 1) await organisation.later(dayMs);
    const after = await organisation.improvement(id);
    expect(after).toMatchObject({ status: 'approved', changes: [{ number: change?.['number'] }] });
    expect(after.changes[0]?.missingSince).toBeDefined();
    expect(await changesOf(organisation, id)).toHaveLength(0);
  });
});
