import { applyRules } from './business-rules.js';
import { requestApproval } from './approvals.js';
import type { TableDefinition } from './dictionary/dictionary.js';
import { type Input, readInput } from './input.js';
import type { Instance } from './instance.js';
import type { Committed } from './journal.js';
import { removeRecord } from './deletions.js';
import { newRow, nextVersion } from './records.js';
import { type HttpReply, aclRefused, duplicateKey, failure, noRecord } from './replies.js';
import type { Account } from './accounts.js';
import type { Row } from './store.js';

/** A write as the Table API carries it out: the row and what was committed, or why not. */
export type Written = { readonly row: Row; readonly committed?: Committed } | { readonly refused: HttpReply };

export interface WriteAsk {
  readonly table: TableDefinition;
  readonly account: Account;
  readonly zone: string;
  /** `sysparm_input_display_value` */
  readonly displayValues: boolean;
}

const canWrite = ({ roles }: Account): boolean => !roles.includes('snc_read_only') && (roles.includes('itil') || roles.includes('admin'));
const canDelete = (account: Account, table: string): boolean =>
  canWrite(account) && (account.roles.includes('admin') || (table === 'change_request' && account.roles.includes('change_manager')));

/** POST. A client's sys_id is honoured when it has 32 hexadecimal digits; the second insert of one is refused and changes nothing. */
export function insertRecord(instance: Instance, ask: WriteAsk, body: Readonly<Record<string, unknown>>): Written {
  const { table, account } = ask;
  if (!canWrite(account)) return { refused: aclRefused('Insert') };
  const input = readInput(instance, table, body, { ...ask, update: false });
  if (input.tooLong.length > 0) return { refused: overlong(input) };
  const wanted = typeof body['sys_id'] === 'string' && /^[0-9a-f]{32}$/i.test(body['sys_id']) ? body['sys_id'] : undefined;
  const sysId = instance.switches.ignoreClientSysId ? undefined : wanted;
  if (sysId !== undefined && instance.store.get(table.name, sysId))
    return { refused: duplicateKey(instance.switches.duplicateSysIdStatus, sysId) };
  const ruled = applyRules(instance, table.name, undefined, input.values, account.user_name);
  if ('refused' in ruled) return ruled;
  const row = newRow(instance, table.name, { ...ruled.values, ...(sysId !== undefined && { sys_id: sysId }) }, account.user_name);
  instance.store.put(table.name, row);
  after(instance, table, row, input, account);
  return { row, committed: { table: table.name, sys_id: row.sys_id, op: 'insert' } };
}

/** PATCH and PUT: only what is sent changes. A write that changes nothing leaves the stamp alone. */
export function updateRecord(instance: Instance, ask: WriteAsk, before: Row, body: Readonly<Record<string, unknown>>): Written {
  const { table, account } = ask;
  if (!canWrite(account)) return { refused: aclRefused('Update') };
  const input = readInput(instance, table, body, { ...ask, update: true });
  if (input.tooLong.length > 0) return { refused: overlong(input) };
  const ruled = applyRules(instance, table.name, before, input.values, account.user_name);
  if ('refused' in ruled) return ruled;
  const changes = Object.fromEntries(Object.entries(ruled.values).filter(([field, value]) => (before[field] ?? '') !== value));
  if (Object.keys(changes).length === 0 && Object.keys(input.notes).length === 0) return { row: before };
  const regrouped =
    changes['assignment_group'] !== undefined && before['assignment_group'] !== undefined && before['assignment_group'] !== '';
  const count = regrouped ? { reassignment_count: String(Number(before['reassignment_count'] ?? '0') + 1) } : {};
  const row = nextVersion(instance, before, { ...changes, ...count }, account.user_name);
  instance.store.put(table.name, row);
  if (table.name === 'change_request' && changes['approval'] === 'requested') requestApproval(instance, row);
  after(instance, table, row, input, account);
  return { row, committed: { table: table.name, sys_id: row.sys_id, op: 'update' } };
}

export function deleteRecord(
  instance: Instance,
  { table, account }: WriteAsk,
  row: Row,
): { committed: Committed } | { refused: HttpReply } {
  if (!canDelete(account, table.name)) return { refused: aclRefused('Delete') };
  const removed = removeRecord(instance, table.name, row.sys_id, account.user_name);
  return removed ? { committed: { table: table.name, sys_id: row.sys_id, op: 'delete' } } : { refused: noRecord() };
}

/** Journal entries at once; asynchronous business rules a little later, by the user `system`, on top of whatever the row is then. */
function after(instance: Instance, table: TableDefinition, row: Row, { notes }: Input, account: Account): void {
  for (const [element, value] of Object.entries(notes))
    instance.store.put(
      'sys_journal_field',
      newRow(instance, 'sys_journal_field', { name: table.name, element, element_id: row.sys_id, value }, account.user_name),
    );
  const { touchBackMs } = instance.switches;
  if (touchBackMs === null || !table.chain.includes('task')) return;
  instance.clock.at(instance.clock.now() + touchBackMs, () => {
    const current = instance.store.get(table.name, row.sys_id);
    if (current) instance.store.put(table.name, nextVersion(instance, current, {}, 'system'));
  });
}

const overlong = ({ tooLong }: Input): HttpReply =>
  failure(403, 'Operation Failed', `Data too long for the following fields: ${tooLong.join(', ')}`);
