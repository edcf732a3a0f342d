import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { idOf } from './servicenow-reading.js';
import { type Simulated, simulate } from './servicenow-simulated.js';

describe('what stands beside one record of ServiceNow', () => {
  let simulated: Simulated;
  beforeEach(async () => {
    simulated = await simulate();
    await simulated.control.load('incident', [{ sys_id: idOf(1) }, { sys_id: idOf(2) }]);
    const note = (id: number, of: number, element: string, value: string, at: string): Readonly<Record<string, string>> => ({
      sys_id: idOf(id),
      name: 'incident',
      element,
      element_id: idOf(of),
      value,
      sys_created_on: at,
      sys_created_by: 'anna',
    });
    await simulated.control.load('sys_journal_field', [
      note(30, 1, 'work_notes', 'second\0', '2026-11-21 09:00:00'),
      note(31, 1, 'comments', 'first', '2026-11-21 08:00:00'),
      note(32, 2, 'work_notes', 'of another', '2026-11-21 08:30:00'),
      note(33, 1, 'approval_history', 'no note', '2026-11-21 08:30:00'),
    ]);
  });
  afterEach(() => simulated.close());

  test('notes and comments come oldest first, those of this record alone', async () => {
    expect(await simulated.open().notes?.('incident', idOf(1))).toEqual([
      { id: idOf(31), audience: 'public', at: '2026-11-21T08:00:00.000Z', by: 'anna', text: 'first' },
      { id: idOf(30), audience: 'internal', at: '2026-11-21T09:00:00.000Z', by: 'anna', text: 'second' },
    ]);
  });

  test('without the right to read the journal they are unknown, not none', async () => {
    await simulated.control.switches({ journalAdminOnly: true });
    expect(await simulated.open().notes?.('incident', idOf(1))).toBeUndefined();
    expect(await simulated.open().notes?.('incident', 'x^ORelement_idISNOTEMPTY')).toEqual([]);
  });

  test('approvals come with who answered what', async () => {
    await simulated.control.load('sys_user', [{ sys_id: idOf(7), name: 'Amir Rahman', identity_type: 'human' }]);
    await simulated.control.load('sysapproval_approver', [{ sys_id: idOf(8), sysapproval: idOf(1), approver: idOf(7), state: 'approved' }]);
    expect(await simulated.open().approvals?.('change_request', idOf(1))).toEqual([
      {
        id: idOf(8),
        approver: { id: idOf(7), kind: 'person', name: 'Amir Rahman' },
        state: 'approved',
        at: '2026-11-21T12:00:00.000Z',
      },
    ]);
    await simulated.control.restrict({ user: 'gt.reader', table: 'sysapproval_approver', forbid: true });
    expect(await simulated.open().approvals?.('change_request', idOf(1))).toBeUndefined();
  });
});
