import type { Column } from './dictionary/column.js';
import type { TableDefinition } from './dictionary/dictionary.js';
import { compilePath, displayOf } from './query/path.js';
import { calculatedSla, calculatedSlaFields } from './sla.js';
import type { Row, Store } from './store.js';
import { formatZoned, fromText } from './time.js';

/** How values are to be given. */
export interface ShapeAsk {
  readonly display: 'false' | 'true' | 'all';
  readonly excludeLinks: boolean;
  /** Names in the order of `sysparm_fields`; undefined = all columns of the table. */
  readonly fields: readonly string[] | undefined;
  /** Fields that the caller may not read: their keys are left out. */
  readonly hidden: ReadonlySet<string>;
  readonly baseUrl: string;
  readonly zone: string;
  readonly dateFormat: string;
  /** Milliseconds since the epoch, for what is calculated when it is read. */
  readonly now: number;
}

/** Turns a row into the JSON text of a record. */
export type Shape = (row: Row) => string;

const references = new Set(['reference', 'domain_id']);
const journals = new Set(['journal_input', 'journal_list', 'password']);

/** Compiled once per request: fields that the dictionary does not know are left out without a word, dot-walked ones become flat keys. */
export function compileShape(store: Store, table: TableDefinition, ask: ShapeAsk): Shape {
  const names = ask.fields ?? [...table.columns.keys()];
  const parts = [...new Set(names)].flatMap((name) => {
    const path = compilePath(store, table, name);
    if (!path || ask.hidden.has(name) || ask.hidden.has(name.split('.', 1)[0] ?? '')) return [];
    return [
      {
        key: `${JSON.stringify(name)}:`,
        read: calculated(table, name, ask.now) ?? path.read,
        write: writer(store, path.table, path.column, ask),
      },
    ];
  });
  return (row) => {
    let out = '{';
    for (const { key, read, write } of parts) out += (out.length > 1 ? ',' : '') + key + write(read(row));
    return `${out}}`;
  };
}

function calculated(table: TableDefinition, field: string, now: number): ((row: Row) => string) | undefined {
  if (table.name !== 'task_sla' || !calculatedSlaFields.has(field)) return undefined;
  return (row) => calculatedSla(field, row, now) ?? row[field] ?? '';
}

function writer(store: Store, table: TableDefinition, column: Column, ask: ShapeAsk): (value: string) => string {
  if (journals.has(column.type)) return ask.display === 'all' ? () => '{"display_value":"","value":""}' : () => '""';
  const display = displayer(store, table, column, ask);
  if (!references.has(column.type) || (column.type === 'reference' && column.reference === undefined)) {
    if (ask.display === 'false') return quote;
    if (ask.display === 'true') return (value) => quote(display(value));
    return (value) => `{"display_value":${quote(display(value))},"value":${quote(value)}}`;
  }
  const target = column.type === 'domain_id' ? 'sys_user_group' : (column.reference ?? '');
  const link = (value: string): string => quote(`${ask.baseUrl}/api/now/table/${target}/${value}`);
  switch (ask.display) {
    case 'false':
      if (ask.excludeLinks) return quote;
      return (value) => (value === '' ? '""' : `{"link":${link(value)},"value":${quote(value)}}`);
    case 'true':
      if (ask.excludeLinks) return (value) => quote(display(value));
      return (value) => (value === '' ? '""' : `{"display_value":${quote(display(value))},"link":${link(value)}}`);
    case 'all':
      return (value) => {
        const shown = value === '' || ask.excludeLinks ? '' : `"link":${link(value)},`;
        return `{"display_value":${quote(display(value))},${shown}"value":${quote(value)}}`;
      };
  }
}

function displayer(store: Store, table: TableDefinition, column: Column, ask: ShapeAsk): (value: string) => string {
  switch (column.type) {
    case 'reference':
      return (value) => displayOf(store, column.reference ?? '', value);
    case 'glide_list':
      return (value) =>
        value
          .split(',')
          .map((one) => displayOf(store, column.reference ?? '', one))
          .join(', ');
    case 'glide_date_time':
      return (value) => {
        const ms = fromText(value);
        return ms === undefined ? value : formatZoned(ms, ask.zone, `${ask.dateFormat} HH:mm:ss`);
      };
    case 'glide_date':
      return (value) => {
        const ms = fromText(value);
        return ms === undefined ? value : formatZoned(ms, 'UTC', ask.dateFormat);
      };
    case 'glide_duration':
      return showDuration;
    case 'domain_id':
      return (value) => value;
    default: {
      if (column.name === 'sys_class_name') return (value) => store.dictionary.get(value)?.label ?? value;
      const labels = new Map((table.columns.get(column.name)?.choices ?? []).map(({ value, label }) => [value, label]));
      return labels.size === 0 ? (value) => value : (value) => labels.get(value) ?? value;
    }
  }
}

/** `1970-01-04 12:00:00` is shown as `3 Days 12 Hours`. */
export function showDuration(value: string): string {
  const ms = fromText(value);
  if (ms === undefined) return '';
  const seconds = Math.floor(ms / 1000);
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(seconds / 86_400), 'Day'],
    [Math.floor(seconds / 3_600) % 24, 'Hour'],
    [Math.floor(seconds / 60) % 60, 'Minute'],
    [seconds % 60, 'Second'],
  ];
  const shown = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`);
  return shown.length === 0 ? '0 Seconds' : shown.join(' ');
}

/** Anything but what JSON text may hold as it is: quote, backslash, control characters, halves of surrogate pairs. */
const needsEscape = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;
const quote = (value: string): string => (needsEscape.test(value) ? JSON.stringify(value) : `"${value}"`);
