import type { Json, JsonObject } from 'golden-thread/kit';
import type { FieldCatalogue } from '../fields.js';
import { type TableDefinition } from '../tables.js';

/**
 * The fields under the names of their columns: a field whose column differs from instance to instance (`targetValue`) is written to the first of its
 * columns that the instance has. Where its dictionary cannot be read, to the likeliest: that it was not taken over then shows as a difference.
 */
export async function withColumns(
  table: TableDefinition,
  fields: JsonObject,
  catalogue: FieldCatalogue,
  signal: AbortSignal | undefined,
): Promise<JsonObject> {
  const aliases = table.aliases ?? {};
  if (!Object.keys(fields).some((name) => Object.hasOwn(aliases, name))) return fields;
  const known = new Set((await catalogue.of(table.name, signal)).fields.map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]): [string, Json] => {
      const columns = aliases[name]?.columns ?? [name];
      return [columns.find((column) => known.has(column)) ?? columns[0] ?? name, value];
    }),
  );
}
