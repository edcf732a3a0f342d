import { type Failure, type FieldInfo, type JsonObject, type SinkField, isFailure } from 'golden-thread/kit';
import { columnText } from './column-text.js';
import { kindOf, knownColumns, type Kind } from './dictionary.js';
import { type TableSchema, instanceSchema } from './schema.js';
import type { TableApi } from './table.js';

/** What is known about the columns of a table, and from where. */
export interface TableFields {
  readonly fields: readonly FieldInfo[];
  /** Of columns that hold text. */
  readonly maxLength: ReadonlyMap<string, number>;
  readonly mandatory: ReadonlySet<string>;
  /** `instance`: read from its dictionary. `built-in`: the account may not read that, so only ServiceNow's own columns are known, and those of one record. */
  readonly from: 'instance' | 'built-in';
  /** Why the instance's dictionary could not be read. */
  readonly because?: Failure;
}

export interface FieldCatalogue {
  /** The columns of the table and of its parents. */
  of(table: string, signal?: AbortSignal): Promise<TableFields>;
  /** The same, and one step behind each reference: `business_service.name`. A reference whose table cannot be seen stays open. */
  withReferences(table: string, signal?: AbortSignal): Promise<TableFields>;
}

/**
 * The columns of tables: sys_dictionary of the table and of its parents, with the choices of sys_choice. Where the account may not read
 * these, ServiceNow's own columns are known from here, and one record of the table, asked for without naming fields, shows what there is besides.
 */
export function fieldCatalogue(api: Pick<TableApi, 'list'>): FieldCatalogue {
  const schema = instanceSchema(api);

  const discover = async (table: string, deep: boolean, signal: AbortSignal | undefined): Promise<TableFields> => {
    try {
      const own = (await schema.of([table], signal)).get(table);
      if (own === undefined || own.columns.length === 0) return await builtIn(api, table, signal);
      return describe(table, own, deep ? await behind(own, signal) : new Map());
    } catch (error) {
      // No right to these tables is normal for a least-privilege account; anything else is trouble.
      if (isFailure(error) && error.kind === 'config') return { ...(await builtIn(api, table, signal)), because: error };
      throw error;
    }
  };

  const behind = (own: TableSchema, signal: AbortSignal | undefined): Promise<ReadonlyMap<string, TableSchema>> => {
    const targets = own.columns.map((row) => columnText(row, 'reference')).filter((name) => /^[a-z]\w*$/.test(name));
    return schema.of([...new Set(targets)], signal);
  };

  return {
    of: (table, signal) => discover(table, false, signal),
    withReferences: (table, signal) => discover(table, true, signal),
  };
}

/** One column with the names by which the instance knows it. */
interface Described {
  readonly field: FieldInfo;
  readonly row: JsonObject;
  /** The table that a reference points to. */
  readonly target: string | undefined;
}

function describe(table: string, own: TableSchema, references: ReadonlyMap<string, TableSchema>): TableFields {
  const columns = describeColumns(table, own);
  const fields = columns.flatMap(({ field, target }) => {
    const pointed = target === undefined ? undefined : references.get(target);
    if (pointed === undefined || pointed.columns.length === 0) return [field];
    const { open: _open, ...closed } = field;
    const below = describeColumns(target, pointed).map((one) => ({ ...one.field, name: `${field.name}.${one.field.name}` }));
    return [closed, { name: `${field.name}.id`, type: 'text' as const, label: 'Sys ID' }, ...below];
  });
  const lengths = columns.map(({ field, row }): [string, number] => [field.name, Number(columnText(row, 'max_length') || Number.NaN)]);
  return {
    fields: fields.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    maxLength: new Map(lengths.filter(([, length]) => Number.isInteger(length) && length > 0)),
    mandatory: new Set(columns.flatMap(({ field, row }) => (columnText(row, 'mandatory') === 'true' ? [field.name] : []))),
    from: 'instance',
  };
}

function describeColumns(table: string | undefined, { lineage, columns, choices }: TableSchema): readonly Described[] {
  // Rows come nearest table first, so that an override of a parent's column wins.
  const nearest = new Map(columns.toReversed().map((row) => [columnText(row, 'element'), row]));
  const byElement = Map.groupBy(choices, (row) => columnText(row, 'element'));
  return [...nearest].map(([name, row]) => {
    const kind = kindOf(table, name);
    const isReference = typeof kind !== 'string' || columnText(row, 'internal_type') === 'reference';
    const target = columnText(row, 'reference') || (typeof kind === 'string' ? '' : kind.reference);
    const list = choicesOf(byElement.get(name) ?? [], lineage);
    const label = columnText(row, 'column_label');
    const field: FieldInfo = {
      name,
      ...(label !== '' && { label }),
      ...(isReference ? ({ type: 'reference', open: true } as const) : { type: typeOf(kind) }),
      ...(list.length > 0 && { choices: list }),
    };
    return { field, row, target: isReference && target !== '' ? target : undefined };
  });
}

/** A table's own list of choices replaces its parent's. English where there is English, else whatever the instance has. */
function choicesOf(rows: readonly JsonObject[], lineage: readonly string[]): readonly { readonly value: string; readonly label: string }[] {
  const nearest = lineage.find((table) => rows.some((row) => columnText(row, 'name') === table));
  const own = rows.filter((row) => columnText(row, 'name') === nearest && columnText(row, 'value') !== '');
  const english = own.filter((row) => ['', 'en'].includes(columnText(row, 'language')));
  const labels = new Map((english.length > 0 ? english : own).map((row) => [columnText(row, 'value'), columnText(row, 'label')]));
  return [...labels].map(([value, label]) => ({ value, label }));
}

async function builtIn(api: Pick<TableApi, 'list'>, table: string, signal: AbortSignal | undefined): Promise<TableFields> {
  const known = knownColumns(table);
  const shown = await columnsShown(api, table, signal);
  const fields = [...known].map(([name, kind]): FieldInfo =>
    typeof kind === 'string' ? { name, type: typeOf(kind) } : { name, type: 'reference', open: true },
  );
  // Whether a further column is a reference cannot be seen from its text.
  const further = shown.filter((name) => !known.has(name)).map((name): FieldInfo => ({ name, type: 'text', open: true }));
  return {
    fields: [...fields, ...further].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    maxLength: new Map(),
    mandatory: new Set(),
    from: 'built-in',
  };
}

/** The columns of one record that is asked for without naming fields: all that the account may read. */
async function columnsShown(api: Pick<TableApi, 'list'>, table: string, signal: AbortSignal | undefined): Promise<readonly string[]> {
  try {
    const { rows } = await api.list(table, { query: 'ORDERBYsys_id', fields: [], limit: 1, signal });
    return Object.keys(rows[0] ?? {});
  } catch (error) {
    if (isFailure(error) && error.kind === 'config') return [];
    throw error;
  }
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
