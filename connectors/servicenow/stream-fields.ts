import type { FieldInfo } from 'golden-thread/kit';
import { aliasFields } from './aliases.js';
import type { FieldCatalogue } from './fields.js';
import type { TableDefinition } from './tables.js';

/**
 * Everything that mappings may read of a stream: the columns of the instance's own dictionary, those one step behind its references, and what the
 * connector adds. Columns that only a plugin brings are named whether the instance has them or not, so that one mapping serves both.
 */
export async function streamFields(
  table: TableDefinition,
  catalogue: FieldCatalogue,
  signal: AbortSignal | undefined,
): Promise<readonly FieldInfo[]> {
  const { fields } = await catalogue.withReferences(table.name, signal);
  const known = new Set(fields.map(({ name }) => name));
  const perhaps = (table.perhaps ?? []).filter(({ name }) => !known.has(name));
  return [...fields, ...perhaps, ...(table.computed ?? []), ...aliasFields(table.aliases ?? {})];
}
