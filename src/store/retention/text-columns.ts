import { CompiledQuery } from 'kysely';
import type { Db } from '../database/db.js';

/** One table with its columns that hold text. */
export interface TextColumns {
  readonly table: string;
  readonly columns: readonly string[];
  /** The integer by which a row is named, where the table has one. */
  readonly id?: string;
}

/** The chain and its tree hold no name, and must not change; people, nodes and bodies are redacted by rules of their own. */
const apart: ReadonlySet<string> = new Set([
  'journal',
  'journal_tree',
  'journal_body',
  'person',
  'node',
  'redaction',
  'suppressed',
  'kysely_migration',
  'kysely_migration_lock',
]);

const text = `select m.name as "table", c.name as "column", c.type, c.pk from sqlite_schema m join pragma_table_info(m.name) c
  where m.type = 'table' and m.name not like 'sqlite_%' order by m.name, c.cid`;

/**
 * Every text column of every table, as the database itself says: a table that is added later is purged too. Compressed or binary columns would not be; a test
 * fails when there is one.
 */
export async function textColumns(db: Db): Promise<readonly TextColumns[]> {
  const { rows } = await db.executeQuery<{ table: string; column: string; type: string; pk: number }>(CompiledQuery.raw(text));
  const tables = Map.groupBy(
    rows.filter(({ table }) => !apart.has(table)),
    ({ table }) => table,
  );
  return [...tables].map(([table, columns]) => {
    const [key, ...more] = columns.filter(({ pk }) => pk > 0);
    const id = more.length === 0 && key?.type.toLowerCase() === 'integer' ? key.column : undefined;
    return {
      table,
      columns: columns.filter(({ type }) => type.toLowerCase() === 'text').map(({ column }) => column),
      ...(id !== undefined && { id }),
    };
  });
}
