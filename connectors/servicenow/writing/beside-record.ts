import type { ConnectorContext, JsonObject, SourceRecord } from 'golden-thread/kit';
import type { TableApi } from '../table.js';
import { approvalData, approvalsOf } from './approvals.js';
import type { ChangeApi } from './change-api.js';
import type { WrittenTable } from './written-tables.js';

const over = [3, 4];

/**
 * What is known of a record that is read singly and stands in no column of it: its approvals; of a change that is not over also the states that it may be
 * moved to (`next_states`) and what the conflict check has found (`conflicts`). What the instance does not offer, or the account may not read, is left out.
 */
export async function besideRecord(
  parts: { readonly reading: TableApi; readonly changes: ChangeApi; readonly log: ConnectorContext['log'] },
  table: WrittenTable,
  { ref: { key }, data }: SourceRecord,
  signal: AbortSignal | undefined,
): Promise<JsonObject> {
  const approvals = table.name === 'change_task' ? undefined : await approvalsOf(parts.reading, key, parts.log, signal);
  const open = table.name === 'change_request' && !(typeof data['state'] === 'number' && over.includes(data['state']));
  const [states, conflicts] = open ? [await parts.changes.nextStates(key, signal), await parts.changes.conflictStatus(key, signal)] : [];
  return {
    ...(approvals !== undefined && { approvals: approvalData(approvals) }),
    ...(states !== undefined && { next_states: states.map(({ value, label }) => ({ value, label })) }),
    ...(conflicts !== undefined && { conflicts }),
  };
}
