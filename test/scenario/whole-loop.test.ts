import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { threadReport } from '../../src/report/index.js';
import { burst, weeks, withHistory } from './incidents.js';
import { type Organisation, startOrganisation } from './organisation.js';
import { approve, changesOf, closeWithNotes } from './people.js';

describe('the golden thread, once from end to end', () => {
  let organisation: Organisation;
  beforeAll(async () => {
    organisation = await withHistory(await startOrganisation());
  });
  afterAll(() => organisation.close());

  test('recurrence becomes a ticket, an approval becomes a linked change, its end is measured, and nothing is missing in the thread', async () => {
    const raised = await burst(organisation);
    expect(raised).toMatchObject({ status: 'proposed', rule: 'recurring-incident', owner: 'm.okafor', approver: 'a.rahman' });
    const ticket = await organisation.ticket(raised.id);
    expect(ticket).toMatchObject({ project: 'IMP', status: 'Proposed' });
    expect(ticket.remoteLinks).toHaveLength(raised.triggers.length);
    expect(await changesOf(organisation, raised.id)).toHaveLength(0);

    const approved = await approve(organisation, raised.id);
    expect(approved.decisions).toMatchObject([{ kind: 'approved', by: 'a.rahman', objective: 'fewer-repeats' }]);
    const changes = await changesOf(organisation, raised.id);
    expect(changes).toHaveLength(1);
    const [change] = changes;
    expect(approved.changes).toMatchObject([{ number: change?.['number'], origin: 'created', required: true }]);
    expect(JSON.stringify((await organisation.ticket(raised.id)).remoteLinks)).toContain(change?.['number']);

    await organisation.servicenow.moveChange(change?.sys_id ?? '', { to: 'implement' });
    await organisation.later();
    await organisation.later();
    expect((await organisation.ticket(raised.id)).status).toBe('Implementing');
    await organisation.servicenow.moveChange(change?.sys_id ?? '', { to: 'closed', close_notes: 'Done and verified.' });
    await organisation.later();
    await organisation.later();
    expect((await organisation.ticket(raised.id)).status).toBe('Reviewing');

    await weeks(organisation, 10, 1);
    const measured = await organisation.improvement(raised.id);
    expect(measured.measurements).toMatchObject([{ result: 'effective', final: true }]);
    expect((await organisation.comments(raised.id)).join('\n')).toContain('Result: effective');

    const closed = await closeWithNotes(organisation, raised.id);
    expect(closed).toMatchObject({
      status: 'closed',
      closure: { by: 'm.okafor', result: 'effective', notes: 'Confirmed with the service desk.' },
    });
    const report = await threadReport(organisation.world.store.read, organisation.world.config, raised.id, organisation.now());
    expect(report?.thread.gaps).toEqual([]);
    expect(report?.thread.complete).toBe(true);
    expect(report?.thread.stages.map(({ stage, state, items }) => `${stage} ${state} ${items.length > 0}`)).toEqual([
      ...['trigger', 'decision', 'change', 'completion', 'effectiveness'].map((stage) => `${stage} complete true`),
      'updated-controls ended false',
    ]);
    expect(await changesOf(organisation, raised.id)).toHaveLength(1);
    expect(await organisation.improvements()).toHaveLength(1);
  });
});
