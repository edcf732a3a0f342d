import { type Account, defaultAccounts, defaultClients } from './accounts.js';
import type { TableDefinition } from './dictionary/dictionary.js';
import type { Instance } from './instance.js';
import { newRow, userIdOf } from './records.js';

/** Accounts, and the rows in which the platform describes itself. */
export function seed(instance: Instance): void {
  for (const account of defaultAccounts) addAccount(instance, account);
  for (const client of defaultClients) instance.clients.set(client.client_id, client);
  for (const [name, value] of [
    ['glide.buildname', 'Zurich'],
    ['glide.sys.default.tz', 'UTC'],
    ['glide.invalid_query.returns_no_rows', String(instance.switches.returnsNoRows)],
  ] as const)
    insert(instance, 'sys_properties', { name, value });
  for (const definition of instance.store.dictionary.all()) describeTable(instance, definition, true);
}

/** Adds an account, or changes it, and its `sys_user` row. */
export function addAccount(instance: Instance, account: Account): void {
  instance.accounts.set(account.user_name, account);
  const known = userIdOf(instance, account.user_name);
  const name = account.name ?? account.user_name;
  const [first = '', ...rest] = name.split(' ');
  insert(instance, 'sys_user', {
    ...(known !== account.user_name && { sys_id: known }),
    user_name: account.user_name,
    name,
    first_name: first,
    last_name: rest.join(' '),
    email: account.email ?? `${account.user_name}@example.com`,
    ...(account.time_zone !== undefined && { time_zone: account.time_zone }),
    ...(account.date_format !== undefined && { date_format: account.date_format }),
  });
  grantRoles(instance, account);
}

/** The account's roles as rows of `sys_user_has_role`, and no others. */
function grantRoles(instance: Instance, account: Account): void {
  const user = userIdOf(instance, account.user_name);
  for (const row of instance.store.table('sys_user_has_role')?.rows.values() ?? [])
    if (row['user'] === user) instance.store.remove('sys_user_has_role', row.sys_id);
  const roleOf = (name: string): string | undefined =>
    [...(instance.store.table('sys_user_role')?.rows.values() ?? [])].find((row) => row['name'] === name)?.sys_id;
  for (const name of account.roles) {
    if (roleOf(name) === undefined) insert(instance, 'sys_user_role', { name });
    insert(instance, 'sys_user_has_role', { user, role: roleOf(name) ?? '', state: 'active' });
  }
}

/** Writes what the dictionary knows of a table into `sys_db_object`, `sys_dictionary` and `sys_choice`: its own columns only, as the platform does. `isNew`: nothing is written of it yet. */
export function describeTable(instance: Instance, { name, label, chain, declaration, columns }: TableDefinition, isNew = false): void {
  const { store } = instance;
  const rowOf = (table: string, test: (field: string) => boolean, field: string): string | undefined => {
    if (isNew) return undefined;
    for (const row of store.table(table)?.rows.values() ?? []) if (row['name'] === name && test(row[field] ?? '')) return row.sys_id;
    return undefined;
  };
  const keep = (sysId: string | undefined): Record<string, string> => (sysId === undefined ? {} : { sys_id: sysId });
  const parent = [...(store.table('sys_db_object')?.rows.values() ?? [])].find((row) => row['name'] === chain[1])?.sys_id ?? '';
  insert(instance, 'sys_db_object', { ...keep(rowOf('sys_db_object', () => true, 'name')), name, label, super_class: parent });
  if (rowOf('sys_dictionary', (element) => element === '', 'element') === undefined)
    insert(instance, 'sys_dictionary', { name, internal_type: 'collection', column_label: label });
  const own = chain.length > 1 ? declaration.columns : [...columns.values()];
  for (const column of own) {
    if (rowOf('sys_dictionary', (element) => element === column.name, 'element') !== undefined) continue;
    insert(instance, 'sys_dictionary', {
      name,
      element: column.name,
      column_label: column.label,
      internal_type: column.type,
      reference: column.reference ?? '',
      max_length: String(column.max ?? 40),
      default_value: column.default ?? '',
      choice: column.choices ? '1' : '0',
      read_only: String(column.readOnly ?? false),
      display: String(declaration.display === column.name),
    });
  }
  const withChoices = [...own, ...Object.keys(declaration.choices ?? {}).flatMap((element) => columns.get(element) ?? [])];
  for (const { name: element, choices } of withChoices)
    for (const [sequence, { value, label: shown }] of (choices ?? []).entries())
      insert(instance, 'sys_choice', { name, element, value, label: shown, sequence: String(sequence) });
}

function insert(instance: Instance, table: string, values: Readonly<Record<string, string>>): void {
  instance.store.put(table, newRow(instance, table, values, 'system'));
}
