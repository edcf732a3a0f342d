import { type Column, type TableDeclaration, instant, integer, of, tableName, text } from './column.js';

/** A table with the columns of its parents; `chain` runs from itself up to its base. */
export interface TableDefinition {
  readonly name: string;
  readonly label: string;
  readonly chain: readonly string[];
  readonly display: string;
  readonly number: { readonly prefix: string; readonly first: number } | undefined;
  readonly columns: ReadonlyMap<string, Column>;
  /** Values of a new record where none are given. */
  readonly blank: Readonly<Record<string, string>>;
  readonly declaration: TableDeclaration;
}

export interface Dictionary {
  get(table: string): TableDefinition | undefined;
  all(): readonly TableDefinition[];
  /** Adds a table, or columns to a table that is there. Fails when the parent is unknown. */
  declare(declaration: TableDeclaration): TableDefinition;
}

const sysColumns: readonly Column[] = [
  of('GUID')('sys_id', { label: 'Sys ID', max: 32 }),
  instant('sys_created_on', { label: 'Created', readOnly: true }),
  text('sys_created_by', 40, { label: 'Created by', readOnly: true }),
  instant('sys_updated_on', { label: 'Updated', readOnly: true }),
  text('sys_updated_by', 40, { label: 'Updated by', readOnly: true }),
  integer('sys_mod_count', { label: 'Updates', readOnly: true }),
];
const classColumn = tableName('sys_class_name', { label: 'Class', max: 80, readOnly: true });

export function createDictionary(declarations: readonly TableDeclaration[]): Dictionary {
  const tables = new Map<string, TableDefinition>();
  const declare = (declaration: TableDeclaration): TableDefinition => {
    const known = tables.get(declaration.name);
    const whole = known ? merge(known.declaration, declaration) : declaration;
    const definition = define(whole, whole.extends === undefined ? undefined : parentOf(whole, tables));
    tables.set(whole.name, definition);
    const children = known ? [...tables.values()].filter((other) => other.declaration.extends === whole.name) : [];
    for (const child of children) declare({ name: child.name, label: child.label, columns: [] });
    return definition;
  };
  for (const declaration of declarations) declare(declaration);
  return { get: (table) => tables.get(table), all: () => [...tables.values()], declare };
}

function parentOf(declaration: TableDeclaration, tables: ReadonlyMap<string, TableDefinition>): TableDefinition {
  const parent = tables.get(declaration.extends ?? '');
  if (!parent) throw new Error(`table ${declaration.name} extends ${declaration.extends}, which is not declared`);
  return parent;
}

function merge(known: TableDeclaration, added: TableDeclaration): TableDeclaration {
  const names = new Set(added.columns.map(({ name }) => name));
  return { ...known, columns: [...known.columns.filter(({ name }) => !names.has(name)), ...added.columns] };
}

function define(declaration: TableDeclaration, parent: TableDefinition | undefined): TableDefinition {
  const columns = new Map<string, Column>(parent?.columns);
  if (!parent) for (const column of [...sysColumns, ...(hasClass(declaration) ? [classColumn] : [])]) columns.set(column.name, column);
  for (const column of declaration.columns) columns.set(column.name, column);
  for (const [name, value] of Object.entries(declaration.defaults ?? {})) override(columns, name, { default: value });
  for (const [name, choices] of Object.entries(declaration.choices ?? {})) override(columns, name, { choices });
  return {
    name: declaration.name,
    label: declaration.label,
    chain: [declaration.name, ...(parent?.chain ?? [])],
    display: declaration.display ?? parent?.display ?? 'sys_id',
    number: declaration.number ?? parent?.number,
    columns,
    blank: {
      ...Object.fromEntries([...columns.values()].flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, value]]))),
      ...(columns.has('sys_class_name') && { sys_class_name: declaration.name }),
    },
    declaration,
  };
}

function override(columns: Map<string, Column>, name: string, change: Partial<Column>): void {
  const column = columns.get(name);
  if (column) columns.set(name, { ...column, ...change });
}

const hasClass = ({ name }: TableDeclaration): boolean => !name.startsWith('sys') && name !== 'task_sla';
