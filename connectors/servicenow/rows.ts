import { createHash } from 'node:crypto';
import { Failure, type Json, type JsonObject, type Rejection, type Row, type SourceRecord } from 'golden-thread/kit';
import { aliasReader } from './aliases.js';
import { textOf } from './column-text.js';
import { type Kind, kindOf } from './dictionary.js';
import { isObject } from './meaning.js';
import { fieldName, isPlainKey } from './query.js';
import { columnsAmong, numberOf, type TableDefinition, urlOf } from './tables.js';
import { cleanText, decodeValue, parseInstant } from './value.js';

/** Turns the rows of one table into records. */
export interface RowReader {
  /** For `sysparm_fields`: what mappings read, what the connector needs, and each prefix of a dot-walked name. */
  readonly columns: readonly string[];
  read(row: JsonObject): Row;
  /** The `data` of a row without judging it. */
  dataOf(row: JsonObject): JsonObject;
}

/** A column of the answer and what stands below it when it is a reference. */
interface Column {
  readonly name: string;
  /** As the answer spells it: `business_service.name`. */
  readonly path: string;
  kind: Kind;
  readonly below: Map<string, Column>;
}

/** A {@link Column} as rows are decoded by it. */
interface Decoder {
  readonly name: string;
  readonly path: string;
  readonly kind: Kind;
  readonly below: readonly Decoder[];
  /** Every path below it. */
  readonly pathsBelow: readonly string[];
  /** References that were decoded lately, by their id. */
  readonly known: Map<string, KnownReference>;
}

/** A reference with what the answer said of it. */
interface KnownReference {
  /** As they came, in the order of `pathsBelow`. */
  readonly columns: readonly (Json | undefined)[];
  readonly value: Json;
}

/** Where the records come from. */
export interface Origin {
  readonly system: string;
  /** Address of the instance. */
  readonly instance: string;
}

/**
 * A reader for `table` that delivers `wanted` besides the table's own columns. `business_service.name` arrives as
 * `business_service: { id, name }`, and so does `business_service.id`, which is the reference itself.
 * Fails with `config` for a name that cannot be a column.
 */
export function rowReader(table: TableDefinition, wanted: readonly string[], origin: Origin): RowReader {
  const root = new Map<string, Column>();
  for (const path of [...table.own, ...columnsAmong(table, wanted)].toSorted()) addColumn(root, table.name, path);
  const aliases = aliasReader(table.aliases ?? {}, wanted);
  const columns = [...new Set(['sys_id', 'sys_updated_on', ...paths(root), ...aliases.columns])];
  const decoders = decodersOf(root);
  const columnsOf = (row: JsonObject): JsonObject => decodeColumns(decoders, row) ?? {};
  const dataOf = aliases.columns.length === 0 ? columnsOf : (row: JsonObject): JsonObject => ({ ...columnsOf(row), ...aliases.read(row) });
  return { columns, dataOf, read: (row) => readRow(row, table, origin, dataOf) };
}

function addColumn(columns: Map<string, Column>, tableName: string, path: string): void {
  const names = fieldName(path).split('.');
  // `id` is our name for the reference itself, never a column behind it.
  if (names.length > 1 && names.at(-1) === 'id') names.pop();
  const isReference = names.join('.') !== path;
  let level = columns;
  let table: string | undefined = tableName;
  names.forEach((name, index) => {
    const known = kindOf(table, name);
    const column = level.get(name) ?? { name, path: names.slice(0, index + 1).join('.'), kind: known, below: new Map<string, Column>() };
    if (typeof column.kind === 'string' && (index < names.length - 1 || isReference)) column.kind = { reference: '' };
    level.set(name, column);
    level = column.below;
    table = typeof column.kind === 'string' ? undefined : column.kind.reference;
  });
}

function paths(columns: ReadonlyMap<string, Column>): readonly string[] {
  return [...columns.values()].flatMap((column) => [column.path, ...paths(column.below)]);
}

function decodersOf(columns: ReadonlyMap<string, Column>): readonly Decoder[] {
  return [...columns.values()].map(({ name, path, kind, below }) => {
    return { name, path, kind, below: decodersOf(below), pathsBelow: paths(below), known: new Map<string, KnownReference>() };
  });
}

/** Keys that the answer lacks are left out: a field that the account may not read is not a field that was cleared. */
function decodeColumns(columns: readonly Decoder[], row: JsonObject): JsonObject | undefined {
  let data: Record<string, Json> | undefined;
  for (const column of columns) {
    const value = decodeColumn(column, row);
    if (value !== undefined) (data ??= {})[column.name] = value;
  }
  return data;
}

function decodeColumn(column: Decoder, row: JsonObject): Json | undefined {
  const text = textOf(row[column.path]);
  if (text === '') return null;
  if (column.below.length > 0) return decodeReference(column, row, text);
  return text === undefined ? undefined : decodeValue(column.kind, text);
}

/** So many references are remembered per column. */
const mostKnown = 500;

/**
 * A page names the same few services, groups and items over and over. One object for all that say the same costs less to make, and most of what a
 * page keeps in memory is these.
 */
function decodeReference({ kind, below, pathsBelow, known }: Decoder, row: JsonObject, text: string | undefined): Json | undefined {
  if (text === undefined) return decodeColumns(below, row);
  const before = known.get(text);
  if (before !== undefined && pathsBelow.every((path, at) => row[path] === before.columns[at])) return before.value;
  const value = { ...(decodeValue(kind, text) as JsonObject), ...decodeColumns(below, row) };
  if (known.size >= mostKnown) known.clear();
  known.set(text, { columns: pathsBelow.map((path) => row[path]), value });
  return value;
}

function readRow(row: JsonObject, table: TableDefinition, origin: Origin, dataOf: RowReader['dataOf']): Row {
  const sysId = textOf(row['sys_id']);
  const stamp = textOf(row['sys_updated_on']);
  const updatedAt = stamp === undefined ? undefined : parseInstant(stamp);
  if (sysId === undefined || updatedAt === undefined || !isPlainKey(sysId) || hasOddColumn(row))
    return { rejection: rejectionOf(row, sysId, updatedAt, objectionsTo(row, sysId, stamp)) };
  const record: SourceRecord = {
    ref: { system: origin.system, stream: table.name, key: sysId },
    number: cleanText(numberOf(table, row)),
    url: urlOf(origin.instance, table.name, sysId),
    updatedAt,
    data: dataOf(row),
  };
  return { record };
}

function objectionsTo(row: JsonObject, sysId: string | undefined, stamp: string | undefined): readonly string[] {
  return [
    ...(sysId === undefined || sysId === ''
      ? ['sys_id is missing']
      : isPlainKey(sysId)
        ? []
        : ['sys_id holds characters that no sys_id has']),
    ...(stamp !== undefined && parseInstant(stamp) !== undefined ? [] : [objectionToStamp(stamp)]),
    ...Object.keys(row)
      .filter((name) => isOdd(row[name]))
      .map((name) => `${cleanText(name)} is neither text nor a reference`),
  ];
}

function hasOddColumn(row: JsonObject): boolean {
  for (const name in row) if (isOdd(row[name])) return true;
  return false;
}

function isOdd(value: Json | undefined): boolean {
  return typeof value !== 'string' && textOf(value) === undefined;
}

function objectionToStamp(stamp: string | undefined): string {
  return stamp === undefined || stamp === ''
    ? 'sys_updated_on is missing'
    : `sys_updated_on is ${JSON.stringify(cleanText(stamp).slice(0, 40))}, expected yyyy-MM-dd HH:mm:ss`;
}

/** A row that cannot be placed in the order carries no stamp, so that no reading position is taken from it. */
function rejectionOf(row: JsonObject, sysId: string | undefined, updatedAt: string | undefined, problems: readonly string[]): Rejection {
  const placed = sysId !== undefined && isPlainKey(sysId);
  const raw = cleanJson(row) as JsonObject;
  const name = cleanText(sysId ?? '');
  const key = name === '' ? `row ${createHash('sha256').update(JSON.stringify(raw)).digest('hex').slice(0, 16)}` : name;
  return { key, problems, raw, ...(placed && updatedAt !== undefined && { updatedAt }) };
}

function cleanJson(value: Json): Json {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map((item: Json) => cleanJson(item));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [cleanText(name), cleanJson(item)]));
}

/** The record of a row that is read singly; one that cannot be used is a failure then, for there is no page to keep it from. */
export function recordOf(row: Row): SourceRecord {
  if ('record' in row) return row.record;
  throw new Failure('record', `the record cannot be used: ${row.rejection.problems.join('; ')}`, { key: row.rejection.key });
}
