import type { Instance } from './instance.js';
import { newRow, nextVersion, userIdOf } from './records.js';
import type { Row } from './store.js';

/** Who is asked where nobody else is named. */
export const defaultApprover = 'change.manager';

/** Asks the change manager: one `sysapproval_approver` row in state `requested`. */
export function requestApproval(instance: Instance, change: Row): void {
  if (openRequest(instance, change.sys_id)) return;
  putApproval(instance, change, 'requested', userIdOf(instance, defaultApprover), 'system');
}

/** Notes a decision; the row's `sys_updated_on` is the time of the decision. An open request becomes the decision, else a new row is made. */
export function decideApproval(instance: Instance, change: Row, state: 'approved' | 'rejected', by: string): void {
  const approver = userIdOf(instance, by);
  const open = openRequest(instance, change.sys_id);
  if (open) instance.store.put('sysapproval_approver', nextVersion(instance, open, { state, approver }, by));
  else putApproval(instance, change, state, approver, by);
}

function putApproval(instance: Instance, change: Row, state: string, approver: string, by: string): void {
  const values = { sysapproval: change.sys_id, document_id: change.sys_id, source_table: 'change_request', approver, state };
  instance.store.put('sysapproval_approver', newRow(instance, 'sysapproval_approver', values, by));
}

function openRequest({ store }: Instance, change: string): Row | undefined {
  for (const row of store.table('sysapproval_approver')?.rows.values() ?? [])
    if (row['sysapproval'] === change && row['state'] === 'requested') return row;
  return undefined;
}
