import { type Failure, type FieldInfo, type JsonObject, type SinkField, isFailure } from 'golden-thread/kit';
import { columnText } from './column-text.js';
import { kindOf, knownColumns, type Kind } from './dictionary.js';
import { among, condition } from './query.js';
import type { TableApi } from './table.js';

/** What is known about the columns of a table, and from where. */
export interface TableFields {
  readonly fields: readonly FieldInfo[];
  /** Of columns that hold text. */
  readonly maxLength: ReadonlyMap<string, number>;
  readonly mandatory: ReadonlySet<string>;
  /** `instance`: read from its dictionary. `built-in`: the account may not read that, so custom columns are not known. */
  readonly from: 'instance' | 'built-in';
  /** Why the instance's dictionary could not be read. */
  readonly because?: Failure;
}

export interface FieldCatalogue {
  of(table: string, signal?: AbortSignal): Promise<TableFields>;
}

const rowsPerPage = 1_000;
const maxPages = 20;
const maxParents = 12;

/**
 * The columns of a table: sys_dictionary of the table and of its parents (a table's rows in it name only its own columns), with the choices of
 * sys_choice. Read once per process. Where the account may not read these tables, ServiceNow's own columns are known from here.
 */
export function fieldCatalogue(api: TableApi): FieldCatalogue {
  const known = new Map<string, Promise<TableFields>>();
  return {
    async of(table, signal) {
      const earlier = known.get(table);
      if (earlier !== undefined) return earlier;
      const asked = discover(api, table, signal);
      known.set(table, asked);
      try {
        const fields = await asked;
        if (fields.from === 'built-in') known.delete(table);
        return fields;
      } catch (error) {
        known.delete(table);
        throw error;
      }
    },
  };
}

async function discover(api: TableApi, table: string, signal: AbortSignal | undefined): Promise<TableFields> {
  try {
    const lineage = await lineageOf(api, table, signal);
    const rows = await all(api, 'sys_dictionary', `${among('name', lineage)}^elementISNOTEMPTY`, dictionaryColumns, signal);
    // An invalid condition is dropped silently, so rows of other tables are possible.
    const own = rows.filter(
      (row) => lineage.includes(columnText(row, 'name')) && columnText(row, 'element') !== '' && columnText(row, 'active') !== 'false',
    );
    if (own.length === 0) return builtIn(table);
    const choices = await choicesOf(api, lineage, signal);
    return describe(table, lineage, own, choices);
  } catch (error) {
    // No right to these tables is normal for a least-privilege account; anything else is trouble.
    if (isFailure(error) && error.kind === 'config') return { ...builtIn(table), because: error };
    throw error;
  }
}

const dictionaryColumns = ['name', 'element', 'column_label', 'internal_type', 'reference', 'max_length', 'mandatory', 'active'];

/** The table and its parents, nearest first. */
async function lineageOf(api: TableApi, table: string, signal: AbortSignal | undefined): Promise<readonly string[]> {
  const lineage = [table];
  while (lineage.length < maxParents) {
    const name = lineage.at(-1) ?? table;
    const { rows } = await api.list('sys_db_object', {
      query: condition('name', '=', name),
      fields: ['name', 'super_class', 'super_class.name'],
      limit: 2,
      signal,
    });
    const parent = columnText(rows.find((row) => columnText(row, 'name') === name) ?? {}, 'super_class.name');
    if (parent === '' || lineage.includes(parent)) break;
    lineage.push(parent);
  }
  return lineage;
}

async function choicesOf(
  api: TableApi,
  lineage: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, readonly { readonly value: string; readonly label: string }[]>> {
  const rows = await all(
    api,
    'sys_choice',
    `${among('name', lineage)}^inactive=false`,
    ['name', 'element', 'value', 'label', 'language'],
    signal,
  );
  const byElement = Map.groupBy(
    rows.filter((row) => lineage.includes(columnText(row, 'name')) && ['', 'en'].includes(columnText(row, 'language'))),
    (row) => columnText(row, 'element'),
  );
  return new Map(
    [...byElement].map(([element, ofElement]) => {
      // A table's own list of choices replaces its parent's.
      const nearest = lineage.find((name) => ofElement.some((row) => columnText(row, 'name') === name));
      const list = ofElement.filter((row) => columnText(row, 'name') === nearest && columnText(row, 'value') !== '');
      return [element, list.map((row) => ({ value: columnText(row, 'value'), label: columnText(row, 'label') }))];
    }),
  );
}

async function all(
  api: TableApi,
  table: string,
  query: string,
  fields: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly JsonObject[]> {
  const rows: JsonObject[] = [];
  for (let page = 0; page < maxPages; page += 1) {
    const answer = await api.list(table, {
      query: `${query}^ORDERBYsys_id`,
      fields,
      limit: rowsPerPage,
      offset: page * rowsPerPage,
      signal,
    });
    rows.push(...answer.rows);
    if (answer.more !== true) break;
  }
  return rows;
}

function describe(
  table: string,
  lineage: readonly string[],
  rows: readonly JsonObject[],
  choices: ReadonlyMap<string, readonly { readonly value: string; readonly label: string }[]>,
): TableFields {
  // Nearest table first, so that an override of a parent's column wins.
  const ordered = rows.toSorted((a, b) => lineage.indexOf(columnText(a, 'name')) - lineage.indexOf(columnText(b, 'name')));
  const nearest = new Map(ordered.toReversed().map((row) => [columnText(row, 'element'), row]));
  const fields = [...nearest].map(([name, row]) => {
    const kind = kindOf(table, name);
    const isReference = typeof kind !== 'string' || columnText(row, 'internal_type') === 'reference';
    const list = choices.get(name);
    const label = columnText(row, 'column_label');
    return {
      name,
      ...(label !== '' && { label }),
      ...(isReference ? ({ type: 'reference', open: true } as const) : { type: typeOf(kind) }),
      ...(list !== undefined && list.length > 0 && { choices: list }),
    };
  });
  const lengths = [...nearest].map(([name, row]): [string, number] => [name, Number(columnText(row, 'max_length') || Number.NaN)]);
  return {
    fields: fields.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    maxLength: new Map(lengths.filter(([, length]) => Number.isInteger(length) && length > 0)),
    mandatory: new Set([...nearest].flatMap(([name, row]) => (columnText(row, 'mandatory') === 'true' ? [name] : []))),
    from: 'instance',
  };
}

function builtIn(table: string): TableFields {
  const fields = [...knownColumns(table)].map(([name, kind]): FieldInfo =>
    typeof kind === 'string' ? { name, type: typeOf(kind) } : { name, type: 'reference', open: true },
  );
  return { fields: fields.toSorted((a, b) => (a.name < b.name ? -1 : 1)), maxLength: new Map(), mandatory: new Set(), from: 'built-in' };
}

function typeOf(kind: Kind): FieldInfo['type'] {
  if (typeof kind !== 'string') return 'reference';
  return kind === 'integer' ? 'number' : kind;
}

/** The columns as a sink offers them: what ServiceNow sets itself is left out. */
export function writableFields(
  known: TableFields,
  excluded: ReadonlySet<string>,
  lengths: ReadonlyMap<string, number>,
): readonly SinkField[] {
  return known.fields
    .filter(({ name }) => !name.startsWith('sys_') && !excluded.has(name))
    .map(({ name, choices }) => {
      const maxLength = lengths.get(name) ?? known.maxLength.get(name);
      return {
        name,
        required: known.mandatory.has(name),
        ...(maxLength !== undefined && { maxLength }),
        ...(choices !== undefined && { choices }),
      };
    });
}
