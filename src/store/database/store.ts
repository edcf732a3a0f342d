import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { Kysely } from 'kysely';
import type { Instant } from '../../kit/index.js';
import { backUp } from './backup.js';
import { checkpointWhenDue } from './checkpoint.js';
import type { Db, Tx } from './db.js';
import { inTransactionScope, sqliteDialect } from './dialect.js';
import { takeKeyIntoUse } from '../journal/append.js';
import { hasAppended, type JournalSecrets, keyRing, useKeys } from '../journal/keys.js';
import { type JournalTrouble, troubleOf } from '../journal/trouble.js';
import { appliedMigrations, migrate, pendingMigrations } from './migrate.js';
import { markInstalled, openFile, openForReading } from './open-file.js';
import { getSetting, putSetting } from '../register/settings.js';
import { type Maintenance, maintenanceOf } from '../retention/maintenance.js';
import type { Schema } from '../schema.js';

/** The database. */
export interface Store {
  /**
   * Runs `f` in one transaction (BEGIN IMMEDIATE). Committed and on disk when it resolves; nothing of it happened when it rejects.
   * Transactions queue. One inside another, or a read past the open one, is an error.
   */
  tx<T>(f: (t: Tx) => Promise<T>): Promise<T>;
  /** A connection of its own that only reads: sees what is committed, also while a transaction is open. */
  readonly read: Db;
  readonly path: string;
  /** Random, made with the database: part of every idempotency key. */
  readonly installationId: string;
  /** Since when and why the journal cannot be written; undefined while it can, as far as is known. Ends with the next entry. */
  readonly journalTrouble: () => JournalTrouble | undefined;
  /** For purging only. */
  readonly maintenance: Maintenance;
  /** Copies the database while it is in use. See {@link backUp}. */
  backup(to: string): Promise<void>;
  /** Ends both connections. Call it when the last transaction has ended. */
  close(): Promise<void>;
}

export interface StoreOptions {
  readonly path: string;
  readonly clock: () => Instant;
  /** Given only by tests and the demo, which are to repeat exactly. */
  readonly installationId?: string;
  /** What the journal is written with. */
  readonly journal?: JournalSecrets;
}

/**
 * Opens the database, makes it when there is none, and brings it to the current schema; before an existing one is migrated, a backup is
 * left beside it (`<path>.before-<migration>`). Fails with `config`, naming the file and the remedy, when the file is damaged, is another program's,
 * is newer than this program, or has vanished; it is never overwritten.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { path } = options;
  const database = openFile(path, (file) => void pendingMigrations(file));
  try {
    const pending = pendingMigrations(database);
    if (pending.length > 0) {
      const kept = `${path}.before-${pending[0]}`;
      if (appliedMigrations(database).length > 0 && !existsSync(kept)) await backUp(path, kept);
      await migrate(database);
    }
    const writer = new Kysely<Schema>({ dialect: sqliteDialect(database, 'write') });
    const ring = keyRing(options.journal);
    let trouble: JournalTrouble | undefined;
    const tx = async <T>(f: (t: Tx) => Promise<T>): Promise<T> => {
      let appended = false;
      const run = (): Promise<T> =>
        writer.transaction().execute(async (t) => {
          useKeys(t, ring);
          const result = await f(t);
          appended = hasAppended(t);
          return result;
        });
      let result: T;
      try {
        result = await inTransactionScope(run);
      } catch (error) {
        trouble = troubleOf(error, options.clock, trouble);
        throw error;
      }
      if (appended) trouble = undefined;
      await checkpointWhenDue(database);
      return result;
    };
    const installationId = await tx((t) => installationOf(t, options));
    await tx((t) => takeKeyIntoUse(t, ring, options.clock()));
    const maintenance = maintenanceOf(database, tx);
    markInstalled(path, installationId);
    const reading = openForReading(path);
    return {
      tx,
      read: new Kysely<Schema>({ dialect: sqliteDialect(reading, 'read') }),
      path,
      installationId,
      journalTrouble: () => trouble,
      maintenance,
      backup: (to) => backUp(path, to),
      close: () => {
        reading.close();
        tidy(database);
        database.close();
        return Promise.resolve();
      },
    };
  } catch (error) {
    if (database.open) database.close();
    throw error;
  }
}

/** Opens an existing database for reading only: for commands that run beside the daemon. Makes and migrates nothing. Refuses a newer database, and one whose tables or indexes are others. */
export function openReader(path: string): { readonly read: Db; close(): void } {
  const database = openForReading(path, (file) => void pendingMigrations(file, 'read'));
  return { read: new Kysely<Schema>({ dialect: sqliteDialect(database, 'read') }), close: () => void database.close() };
}

async function installationOf(t: Tx, options: StoreOptions): Promise<string> {
  const known = await getSetting(t, 'installation');
  if (typeof known === 'object' && known !== null && 'id' in known && typeof known.id === 'string') return known.id;
  const id = options.installationId ?? randomUUID();
  await putSetting(t, 'installation', { id, createdAt: options.clock() });
  return id;
}

/** Lets SQLite keep its statistics fresh. On a disk that is full or fails it does without. https://www.sqlite.org/pragma.html#pragma_optimize */
function tidy(database: Database.Database): void {
  try {
    if (database.open) database.pragma('optimize');
  } catch {
    // The next good end does it.
  }
}
