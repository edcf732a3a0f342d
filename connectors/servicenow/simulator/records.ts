import type { Instance } from './instance.js';
import type { Row, Table } from './store.js';
import { toText } from './time.js';

/** Field values as text; what is absent is left as it is. */
export type Values = Readonly<Record<string, string>>;

/** The next number of a table: prefix and seven digits. */
export function nextNumber({ store, numbers }: Instance, table: string): string | undefined {
  const number = store.dictionary.get(table)?.number;
  if (!number) return undefined;
  const next = (numbers.get(number.prefix) ?? number.first) + 1;
  numbers.set(number.prefix, next);
  return number.prefix + String(next).padStart(7, '0');
}

/** A new row with everything that the platform itself fills in. Nothing is stored. */
export function newRow(instance: Instance, table: string, values: Values, by: string): Row {
  const definition = instance.store.dictionary.get(table);
  const stamp = toText(instance.clock.now());
  const row: Record<string, string> & Row = {
    ...definition?.blank,
    ...values,
    sys_id: values['sys_id'] || instance.random.hex(32),
    sys_created_on: values['sys_created_on'] ?? values['sys_updated_on'] ?? stamp,
    sys_created_by: values['sys_created_by'] ?? by,
    sys_updated_on: values['sys_updated_on'] ?? stamp,
    sys_updated_by: values['sys_updated_by'] ?? by,
    sys_mod_count: values['sys_mod_count'] ?? '0',
  };
  if (definition?.columns.has('number') && !row['number']) row['number'] = nextNumber(instance, table) ?? '';
  if (definition?.columns.has('opened_at')) {
    row['opened_at'] ??= stamp;
    row['opened_by'] ??= userIdOf(instance, by);
    row['task_effective_number'] ??= row['number'] ?? '';
  }
  return row;
}

/** The next version of a row, stamped now unless the values bring a stamp of their own. */
export function nextVersion({ clock }: Instance, row: Row, values: Values, by: string): Row {
  return {
    ...row,
    sys_updated_on: toText(clock.now()),
    sys_updated_by: by,
    sys_mod_count: String(Number(row['sys_mod_count'] ?? '0') + 1),
    ...values,
    sys_id: row.sys_id,
  };
}

/** The sys_id of a user name; the name itself where there is no such user (`glide.maint` and the like stand in references too). */
export function userIdOf({ store }: Instance, userName: string): string {
  const users = store.table('sys_user');
  if (!users) return userName;
  let known = userIds.get(users);
  if (known?.version !== users.version) {
    known = { version: users.version, ids: new Map([...users.rows.values()].map((row) => [row['user_name'] ?? '', row.sys_id])) };
    userIds.set(users, known);
  }
  return known.ids.get(userName) ?? userName;
}

const userIds = new WeakMap<Table, { readonly version: number; readonly ids: ReadonlyMap<string, string> }>();
