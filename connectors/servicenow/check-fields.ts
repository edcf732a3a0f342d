import type { CheckResult, FieldInfo, JsonObject } from 'golden-thread/kit';
import type { CheckParts } from './check-parts.js';
import { streamFields } from './stream-fields.js';
import type { RawPage } from './table.js';
import { columnsAmong, type TableDefinition } from './tables.js';

/**
 * Whether the fields that mappings read are there: those of the table and one step behind its references, where the dictionary may be read; those that
 * no record shows to the account; and those of our own naming for which the instance has no column.
 */
export async function checkFields(
  table: TableDefinition,
  parts: CheckParts,
  sample: RawPage,
  signal: AbortSignal | undefined,
): Promise<readonly CheckResult[]> {
  const what = `${table.name}: fields`;
  const read = parts.context.wanted[table.name] ?? [];
  const wanted = columnsAmong(table, read);
  const known = await parts.fields.of(table.name, signal);
  if (known.from === 'built-in') {
    const missing = missingFields(wanted, known.fields, sample.rows);
    return [
      {
        what,
        outcome: 'warning',
        found: `The account may not read the instance's dictionary${missing.length === 0 ? '' : `, and not known here: ${missing.join(', ')}`}.`,
        hint: 'let it read sys_dictionary, sys_db_object and sys_choice, so that field names in mappings can be checked',
      },
    ];
  }
  const all = await streamFields(table, parts.fields, signal);
  const missing = missingFields(wanted, all, []);
  if (missing.length > 0)
    return [
      {
        what,
        outcome: 'failed',
        found: `The table has no field ${missing.join(', ')}.`,
        hint: 'ServiceNow leaves unknown fields out without a word; correct the mapping',
      },
    ];
  const own = new Set(known.fields.map(({ name }) => name));
  const hidden = hiddenFields(
    wanted.filter((path) => own.has(path.split('.', 1)[0] ?? path)),
    sample.rows,
  );
  if (hidden.length > 0)
    return [
      {
        what,
        outcome: 'warning',
        found: `No record shows ${hidden.join(', ')} to the account.`,
        hint: 'give the account a role that reads these fields; until then mappings see nothing there',
      },
    ];
  const nameless = unnamed(table, read, (await parts.fields.withReferences(table.name, signal)).fields);
  if (nameless.length > 0)
    return [
      {
        what,
        outcome: 'warning',
        found: `The instance has no column for ${nameless.map(({ name, columns }) => `${name} (${columns.join(', ')})`).join(', ')}.`,
        hint: `name the column of this instance under streams: ${table.name}: columns; until then mappings see nothing there`,
      },
    ];
  const found = read.length === 0 ? 'No mapping reads this stream.' : `All ${read.length} fields that mappings read exist.`;
  return [{ what, outcome: 'ok', found }];
}

function missingFields(wanted: readonly string[], known: readonly FieldInfo[], rows: readonly JsonObject[]): readonly string[] {
  const names = new Set([...known.map(({ name }) => name), 'sys_id', 'sys_updated_on']);
  const steps = wanted.map((path) => stepOf(path, known, names));
  return [...new Set(steps)].filter((step) => !names.has(step) && !rows.some((row) => step in row));
}

/** As much of a dot-walked name as can be checked: two parts where the table behind the reference can be seen, else the first. */
function stepOf(path: string, known: readonly FieldInfo[], names: ReadonlySet<string>): string {
  const [head = path, next] = path.split('.');
  const isOpen = known.some((field) => field.name === head && field.open === true);
  return next === undefined || isOpen || !names.has(`${head}.id`) ? head : `${head}.${next}`;
}

/** The aliases that mappings read and none of whose columns the instance has. */
function unnamed(
  table: TableDefinition,
  read: readonly string[],
  known: readonly FieldInfo[],
): readonly { readonly name: string; readonly columns: readonly string[] }[] {
  const names = new Set(known.map(({ name }) => name));
  const heads = new Set(read.map((path) => path.split('.', 1)[0] ?? path));
  return Object.entries(table.aliases ?? {}).flatMap(([name, { columns }]) =>
    heads.has(name) && !columns.some((column) => names.has(stepOf(column, known, names))) ? [{ name, columns }] : [],
  );
}

function hiddenFields(wanted: readonly string[], rows: readonly JsonObject[]): readonly string[] {
  const heads = new Set(wanted.map((path) => path.split('.', 1)[0] ?? path));
  return rows.length === 0 ? [] : [...heads].filter((head) => rows.every((row) => !(head in row)));
}
