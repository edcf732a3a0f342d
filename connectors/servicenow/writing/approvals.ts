import { type Actor, type HistoryEntry, type Json, type JsonObject, type Log, isFailure } from 'golden-thread/kit';
import { columnText } from '../column-text.js';
import { condition } from '../query.js';
import type { TableApi } from '../table.js';
import { cleanText, parseInstant } from '../value.js';

/** One person's or group's answer to a request for approval. */
export interface Approval {
  readonly id: string;
  readonly approver: Actor;
  /** `requested`, `approved`, `rejected`, `cancelled`, `not_required`, … */
  readonly state: string;
  /** When it was last touched: ServiceNow keeps no other time for the answer itself. */
  readonly at: string;
}

const columns = ['sys_id', 'state', 'sysapproval', 'approver', 'approver.name', 'approver.identity_type', 'sys_updated_on'];
const most = 200;

/**
 * The approvals of a change, oldest first (table sysapproval_approver). Undefined where the account may not read them: then who approved is
 * not known here, and only the change's own `approval` and `approval_set` tell that it was.
 */
export async function approvalsOf(
  api: TableApi,
  sysId: string,
  log: Log,
  signal: AbortSignal | undefined,
): Promise<readonly Approval[] | undefined> {
  try {
    const page = await api.list('sysapproval_approver', {
      query: `${condition('sysapproval', '=', sysId)}^ORDERBYsys_updated_on^ORDERBYsys_id`,
      fields: columns,
      limit: most,
      signal,
    });
    if ((page.total ?? 0) > page.rows.length) return undefined;
    // The condition is dropped where the column is not known; then the rows belong to other changes.
    return page.rows.filter((row) => row['sysapproval'] === sysId).flatMap(readApproval);
  } catch (error) {
    if (!isFailure(error) || error.kind !== 'config') throw error;
    log.warn('approvals cannot be read', { because: error.message });
    return undefined;
  }
}

function readApproval(row: JsonObject): readonly Approval[] {
  const { sys_id: id, approver, state } = row;
  const at = parseInstant(columnText(row, 'sys_updated_on'));
  if (typeof id !== 'string' || typeof approver !== 'string' || typeof state !== 'string' || at === undefined) return [];
  const name = row['approver.name'];
  const type = row['approver.identity_type'];
  // Releases that know machine identities say so; before them every account counts as a person's.
  const kind = approver === '' ? 'unknown' : type === 'machine' || type === 'ai_agent' ? 'app' : 'person';
  return [{ id, approver: { id: approver, kind, ...(typeof name === 'string' && name !== '' && { name: cleanText(name) }) }, state, at }];
}

/** The approvals as `data.approvals` of a change that is read singly. */
export function approvalData(approvals: readonly Approval[]): Json {
  return approvals.map(({ approver, state, at }) => ({ approver: { id: approver.id, name: approver.name ?? null }, state, at }));
}

/** The answers among the approvals as history of the field `approval`: who approved or rejected, when. */
export function approvalHistory(approvals: readonly Approval[]): readonly HistoryEntry[] {
  return approvals
    .filter(({ state }) => state === 'approved' || state === 'rejected')
    .map(({ id, approver, state, at }) => ({ id, at, actor: approver, changes: [{ field: 'approval', from: 'requested', to: state }] }));
}
