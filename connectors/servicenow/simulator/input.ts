import type { Column } from './dictionary/column.js';
import type { TableDefinition } from './dictionary/dictionary.js';
import type { Instance } from './instance.js';
import { displayOf } from './query/path.js';
import type { Values } from './records.js';
import { fromText, fromZoneText, toText } from './time.js';

/** Input that the Table API takes over: text values of known, writable fields. */
export interface Input {
  readonly values: Values;
  /** Entries for `sys_journal_field`. */
  readonly notes: Values;
  /** Labels of fields whose text was too long, where the instance refuses that. */
  readonly tooLong: readonly string[];
}

/** A JSON value as the platform stores it: everything is text, null is empty, an object stands for its `value`. */
export function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map(asText).join(',');
  return typeof value === 'object' && 'value' in value ? asText(value.value) : JSON.stringify(value);
}

/** Unknown and read-only fields and those that begin with `sys_` are dropped without a word; so is what is no date in a date field. */
export function readInput(
  instance: Instance,
  table: TableDefinition,
  body: Readonly<Record<string, unknown>>,
  how: { readonly displayValues: boolean; readonly zone: string; readonly update: boolean },
): Input {
  const values: Record<string, string> = {};
  const notes: Record<string, string> = {};
  const tooLong: string[] = [];
  for (const [name, given] of Object.entries(body)) {
    const column = table.columns.get(name);
    if (!column || column.readOnly === true || name.startsWith('sys_')) continue;
    const text = asText(given);
    if (column.type === 'journal_input') {
      if (text !== '') notes[name] = text;
      continue;
    }
    // "To clear a field send an empty string, except for choice fields."
    if (text === '' && how.update && column.choices) continue;
    const value = convert(instance, column, text, how);
    if (value === undefined) continue;
    const max = column.type === 'string' || column.type === 'html' ? (column.max ?? 40) : Infinity;
    if (value.length > max && instance.switches.overlongText === 'reject') tooLong.push(column.label);
    values[name] = value.slice(0, max === Infinity ? undefined : max);
  }
  return { values, notes, tooLong };
}

function convert(
  instance: Instance,
  column: Column,
  text: string,
  { displayValues, zone }: { readonly displayValues: boolean; readonly zone: string },
): string | undefined {
  if (text === '') return '';
  switch (column.type) {
    case 'glide_date_time': {
      const ms = displayValues ? fromZoneText(text, zone) : fromText(text);
      return ms === undefined ? undefined : toText(ms);
    }
    case 'glide_date':
      return fromText(text) === undefined ? undefined : text.slice(0, 10);
    case 'boolean':
      return text === 'true' || text === '1' ? 'true' : 'false';
    case 'integer': {
      const byLabel = displayValues ? column.choices?.find(({ label }) => label === text)?.value : undefined;
      const number = Number(byLabel ?? text);
      return Number.isFinite(number) ? String(Math.trunc(number)) : undefined;
    }
    case 'reference':
      return /^[0-9a-f]{32}$/i.test(text) ? text.toLowerCase() : byDisplay(instance, column.reference ?? '', text);
    default:
      return (displayValues ? column.choices?.find(({ label }) => label === text)?.value : undefined) ?? text;
  }
}

/** A reference may be given by what it shows; without a match it is stored as it came. */
function byDisplay({ store }: Instance, table: string, text: string): string {
  for (const row of store.table(table)?.rows.values() ?? []) if (displayOf(store, table, row.sys_id) === text) return row.sys_id;
  return text;
}
