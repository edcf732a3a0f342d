import type { Instance } from './instance.js';
import { newRow } from './records.js';
import type { Row } from './store.js';

/** Tables whose dictionary entry says `audit=true`: their deletions are recorded in sys_audit_delete. */
const audited = new Set(['incident', 'problem', 'change_request', 'sn_si_incident', 'sn_grc_issue']);

/** Deletes a row, whoever does it, and records it as the platform does; what Table Cleaner purges is not recorded (`record: false`). */
export function removeRecord(instance: Instance, table: string, sysId: string, by: string, record = true): Row | undefined {
  const removed = instance.store.remove(table, sysId);
  const name = removed?.['sys_class_name'] || table;
  if (removed && record && audited.has(name))
    instance.store.put(
      'sys_audit_delete',
      newRow(instance, 'sys_audit_delete', { tablename: name, documentkey: removed.sys_id, display_value: removed['number'] ?? '' }, by),
    );
  return removed;
}

/** Gives a record another class: its sys_id stays, and it stands in the tables of the new class from then on. Undefined when it is not there. */
export function reclassify(instance: Instance, from: string, sysId: string, to: string): Row | undefined {
  const { store } = instance;
  if (!store.dictionary.get(to)) throw new Error(`there is no table ${to}`);
  const row = store.remove(from, sysId);
  if (!row) return undefined;
  store.put(to, { ...row, sys_class_name: to });
  return store.get(to, sysId);
}
