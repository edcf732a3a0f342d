import type Database from 'better-sqlite3';
import { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { Failure } from '../../kit/index.js';
import { sqliteDialect } from './dialect.js';
import * as first from '../migrations/0001-first.js';
import { refuseOtherSchema } from './schema-check.js';
import { asStoreFailure } from './sqlite-failure.js';

/** In order of name. One that was released is never edited: the next one changes what it made. */
const migrations: Readonly<Record<string, Migration & { readonly statements: readonly string[] }>> = { '0001-first': first };

/** The schema version that this program writes: how many migrations it knows. */
export const schemaVersion = Object.keys(migrations).length;

/** The migrations that this database has been through, oldest first; none for a new one. */
export function appliedMigrations(database: Database.Database): readonly string[] {
  const table = database.prepare("select 1 from sqlite_schema where name = 'kysely_migration'").get();
  if (table === undefined) return [];
  return database
    .prepare<[], { name: string }>('select name from kysely_migration order by name')
    .all()
    .map((row) => row.name);
}

/**
 * Refuses a database that a newer program has written (an older one would not know what the newer relies on), or whose schema is not the one that its
 * migrations make. Says which migrations are still to be made.
 */
export function pendingMigrations(database: Database.Database, use: 'read' | 'write' = 'write'): readonly string[] {
  const applied = appliedMigrations(database);
  const unknown = applied.find((name) => !(name in migrations));
  if (unknown !== undefined)
    throw new Failure('config', `the database was written by a newer golden-thread (it has been through "${unknown}")`, {
      place: database.name,
      hint: 'run the newer version, or restore the backup that it took before it migrated',
    });
  if (applied.length > 0) refuseOtherSchema(database, statementsOf(applied), use);
  return Object.keys(migrations).filter((name) => !applied.includes(name));
}

function statementsOf(applied: readonly string[]): readonly string[] {
  return applied.flatMap((name) => migrations[name]?.statements ?? []);
}

/** Brings the database to this program's schema, in one transaction: a crash leaves the old schema or the new one, nothing between. */
export async function migrate(database: Database.Database): Promise<void> {
  const db = new Kysely<unknown>({ dialect: sqliteDialect(database, 'migrate') });
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve({ ...migrations }) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw asStoreFailure(error, database.name);
}
