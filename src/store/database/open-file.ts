import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { Failure } from '../../kit/index.js';
import { asStoreFailure } from './sqlite-failure.js';

/** `GThr` in ASCII: tells our databases from other programs'. https://www.sqlite.org/pragma.html#pragma_application_id */
export const applicationId = 0x47546872;

/** A database up to this size is read through at every start. A larger one is checked by `golden-thread check`. */
const checkedAtStartBytes = 512 * 1024 * 1024;

/**
 * Opens the database file for writing, or makes it. Refuses, and changes nothing, when the file is not ours, is damaged,
 * or has vanished or become empty although it was there before: an empty file is a valid empty database to SQLite,
 * and starting over would raise every ticket again. `accept` may refuse it too, before anything in it is touched.
 */
export function openFile(path: string, accept: (database: Database.Database) => void = () => undefined): Database.Database {
  refuseVanished(path);
  try {
    mkdirSync(dirname(path), { recursive: true });
    const database = new Database(path, { timeout: 250 });
    try {
      if (isNew(database)) database.pragma(`application_id = ${applicationId}`);
      else assertOurs(database);
      accept(database);
      setPragmas(database);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw asOpenFailure(error, path);
  }
}

/** A second connection that can only read, and reads while the other one writes (WAL). `accept` may refuse the file. */
export function openForReading(path: string, accept: (database: Database.Database) => void = () => undefined): Database.Database {
  refuseVanished(path);
  if (!existsSync(path))
    throw new Failure('config', 'there is no database here yet', {
      place: path,
      hint: 'start golden-thread once, or correct storage.path',
    });
  try {
    const database = new Database(path, { readonly: true, fileMustExist: true, timeout: 250 });
    try {
      database.pragma('query_only = on');
      database.pragma('mmap_size = 0');
      refuseForeign(database);
      accept(database);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw asOpenFailure(error, path);
  }
}

/** Notes beside the database that it exists, so that its loss is noticed at the next start. */
export function markInstalled(path: string, installationId: string): void {
  if (!existsSync(markerOf(path))) writeFileSync(markerOf(path), `${installationId}\n`);
}

/** The file that says that a database was here before: delete it to start anew on purpose. */
export function markerOf(path: string): string {
  return `${path}.installed`;
}

/** Reads the whole file and reports the first damage. Not every flipped byte shows: about one in eight hits free space or data. */
export function assertIntact(database: Database.Database): void {
  const answer = database.pragma('quick_check(1)', { simple: true });
  if (answer !== 'ok')
    throw new Failure('config', `the database is damaged: ${String(answer).split('\n')[0] ?? ''}`, {
      place: database.name,
      hint: 'stop golden-thread, keep this file aside, and put a backup (golden-thread backup) in its place; this file was not changed',
    });
}

function refuseVanished(path: string): void {
  if (!existsSync(markerOf(path)) || (existsSync(path) && statSync(path).size > 0)) return;
  const installation = readFileSync(markerOf(path), 'utf8').trim();
  throw new Failure('config', `the database of installation ${installation} ${existsSync(path) ? 'is an empty file' : 'is gone'}`, {
    place: path,
    hint: `restore a backup to this path, or, to start anew on purpose, delete ${markerOf(path)}`,
  });
}

function isNew(database: Database.Database): boolean {
  const id = database.pragma('application_id', { simple: true });
  return id === 0 && database.prepare('select count(*) from sqlite_schema').pluck().get() === 0;
}

function assertOurs(database: Database.Database): void {
  refuseForeign(database);
  if (statSync(database.name).size <= checkedAtStartBytes) assertIntact(database);
}

function refuseForeign(database: Database.Database): void {
  const id = database.pragma('application_id', { simple: true });
  if (id !== applicationId)
    throw new Failure('config', 'this database belongs to another program', {
      place: database.name,
      hint: 'correct storage.path, or restore a backup of golden-thread to this path; this file was not changed',
    });
}

function setPragmas(database: Database.Database): void {
  database.pragma('journal_mode = WAL');
  // FULL: an intent must be on disk before its request is sent. NORMAL does not sync the log at commit.
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  // The store does it between transactions, before the log is as long as this.
  database.pragma('wal_autocheckpoint = 16000');
  database.pragma('journal_size_limit = 16777216');
  database.pragma('cache_size = -6144');
  database.pragma('temp_store = MEMORY');
}

function asOpenFailure(error: unknown, path: string): unknown {
  if (error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EROFS' || error.code === 'ENOTDIR'))
    return new Failure('config', `the folder of the database cannot be written (${error.code})`, {
      place: path,
      hint: 'mount it writable for the user that golden-thread runs as',
      cause: error,
    });
  return asStoreFailure(error, path);
}
