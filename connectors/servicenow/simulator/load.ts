import { deriveTask } from './derive.js';
import { asText } from './input.js';
import type { Instance } from './instance.js';
import { type Values, newRow, nextVersion } from './records.js';
import { watchBreach } from './sla.js';
import type { Row } from './store.js';
import { toText } from './time.js';

/** How rows are put in from outside, past the API's rules but with real stamps. */
export interface LoadAsk {
  readonly by?: string;
  /** Stamped now, readable only when the virtual clock has moved on by this much: a transaction that commits late. */
  readonly visibleInMs?: number;
}

export interface Loaded {
  readonly sys_id: string;
  readonly sys_updated_on: string;
  readonly op: 'insert' | 'update';
}

/** Inserts or updates one record by its `sys_id`. Fails when the table or a field is unknown. */
export function loadRecord(instance: Instance, table: string, record: Readonly<Record<string, unknown>>, ask: LoadAsk): Loaded {
  const { store, clock } = instance;
  const values = checkFields(instance, table, record);
  const by = ask.by ?? 'system';
  const stamp = values['sys_updated_on'] ?? toText(clock.now());
  const known = values['sys_id'] === undefined ? undefined : store.get(table, values['sys_id']);
  const fresh = known ? undefined : newRow(instance, table, { ...values, ...deriveTask(table, values), sys_updated_on: stamp }, by);
  const sysId = fresh?.sys_id ?? values['sys_id'] ?? '';
  clock.at(clock.now() + (ask.visibleInMs ?? 0), () => {
    const before = store.get(table, sysId);
    if (before) store.put(table, nextVersion(instance, before, { ...values, ...mirror(table, values), sys_updated_on: stamp }, by));
    else if (fresh) store.put(table, fresh);
    const loaded = table === 'task_sla' ? store.get(table, sysId) : undefined;
    if (loaded) watchBreach(instance, loaded);
  });
  return { sys_id: sysId, sys_updated_on: stamp, op: fresh ? 'insert' : 'update' };
}

/** Loads newline-delimited JSON; the indexes are rebuilt once. Returns the number of rows. */
export function loadLines(instance: Instance, table: string, lines: string): number {
  const rows: Row[] = [];
  for (let start = 0; start < lines.length;) {
    const found = lines.indexOf('\n', start);
    const end = found === -1 ? lines.length : found;
    if (end > start) {
      const values = checkFields(instance, table, JSON.parse(lines.slice(start, end)) as Readonly<Record<string, unknown>>);
      const before = values['sys_id'] === undefined ? undefined : instance.store.get(table, values['sys_id']);
      rows.push(
        before
          ? nextVersion(instance, before, { ...values, ...mirror(table, values) }, 'system')
          : newRow(instance, table, { ...values, ...deriveTask(table, values) }, 'system'),
      );
    }
    start = end + 1;
  }
  instance.store.putAll(table, rows);
  if (table === 'task_sla') for (const row of rows) watchBreach(instance, row);
  return rows.length;
}

/** An update says `active` and `incident_state` only where it moves the state. */
function mirror(table: string, values: Values): Values {
  if (values['state'] === undefined && values['incident_state'] === undefined) return {};
  const { priority: _, ...derived } = deriveTask(table, values);
  return derived;
}

function checkFields({ store }: Instance, table: string, record: Readonly<Record<string, unknown>>): Values {
  const definition = store.dictionary.get(table);
  if (!definition) throw new Error(`there is no table ${table}; declare it by POST /_sim/tables`);
  const values: Record<string, string> = {};
  for (const name in record) {
    if (!definition.columns.has(name)) throw new Error(`table ${table} has no field ${name}; declare it by POST /_sim/tables`);
    values[name] = asText(record[name]);
  }
  return values;
}
