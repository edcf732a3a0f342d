/** `sys_dictionary.internal_type` of the columns that the simulator knows. */
export type ColumnType =
  | 'string'
  | 'html'
  | 'integer'
  | 'decimal'
  | 'boolean'
  | 'glide_date_time'
  | 'glide_date'
  | 'glide_duration'
  | 'reference'
  | 'glide_list'
  | 'journal_input'
  | 'journal_list'
  | 'percent_complete'
  | 'GUID'
  | 'domain_id'
  | 'table_name'
  | 'password';

/** A row of `sys_choice`. */
export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** A row of `sys_dictionary`. */
export interface Column {
  readonly name: string;
  readonly label: string;
  readonly type: ColumnType;
  readonly reference?: string;
  readonly default?: string;
  readonly max?: number;
  readonly readOnly?: boolean;
  readonly choices?: readonly Choice[];
}

/** One table as it is declared: its own columns only, those of its parents come through `extends`. */
export interface TableDeclaration {
  readonly name: string;
  readonly label: string;
  readonly extends?: string;
  /** The column whose value stands for a record of the table. */
  readonly display?: string;
  readonly number?: { readonly prefix: string; readonly first: number };
  readonly columns: readonly Column[];
  /** Other defaults for columns of a parent. */
  readonly defaults?: Readonly<Record<string, string>>;
  /** Other choices for columns of a parent. */
  readonly choices?: Readonly<Record<string, readonly Choice[]>>;
}

type Extra = Partial<Omit<Column, 'name' | 'type'>>;

const labelOf = (name: string): string => {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};
const column =
  (type: ColumnType) =>
  (name: string, extra: Extra = {}): Column => ({ name, label: labelOf(name), type, ...extra });

/** Columns by type. A label is made of the name where none is given. */
export const integer = column('integer');
export const decimal = column('decimal');
export const instant = column('glide_date_time');
export const day = column('glide_date');
export const duration = column('glide_duration');
export const html = column('html');
export const journal = column('journal_input');
export const tableName = column('table_name');

/** Text of at most `max` characters; the platform's default is 40. */
export const text = (name: string, max = 40, extra: Extra = {}): Column => column('string')(name, { max, ...extra });
/** True or false; without a default it is empty, which counts as false. */
export const flag = (name: string, byDefault?: boolean, extra: Extra = {}): Column =>
  column('boolean')(name, { ...(byDefault !== undefined && { default: String(byDefault) }), ...extra });
/** The sys_id of a record of another table. */
export const reference = (name: string, to: string, extra: Extra = {}): Column =>
  column('reference')(name, { reference: to, max: 32, ...extra });
/** Several sys_ids in one text, separated by commas. */
export const list = (name: string, of: string, extra: Extra = {}): Column =>
  column('glide_list')(name, { reference: of, max: 1024, ...extra });
/** A column of a type that has no function of its own here. */
export const of = column;

/** Values with their labels, in the order in which a form shows them. */
export const choices = (...pairs: readonly (readonly [value: string, label: string])[]): readonly Choice[] =>
  pairs.map(([value, label]) => ({ value, label }));
