import Database from 'better-sqlite3';
import { Failure } from '../../kit/index.js';
import { asStoreFailure, codeOf } from './sqlite-failure.js';

/** Held until it is released or the process ends, however it ends: the operating system drops it with the process. */
export interface Lock {
  release(): void;
}

/** Keeps every lock that is held from being collected as garbage, which would close its file and let a second process in. */
const held = new Set<Database.Database>();

/**
 * Makes this process the only one that works on the database at `path`, by an exclusive transaction on `<path>.lock`:
 * nothing stale stays behind after a SIGKILL. Fails with `conflict` when another process holds it (exit code 75).
 */
export function acquireLock(path: string): Lock {
  const file = `${path}.lock`;
  let database: Database.Database | undefined;
  try {
    database = new Database(file, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    if (codeOf(error).startsWith('SQLITE_BUSY'))
      throw new Failure('conflict', 'another golden-thread process works on this database', {
        place: path,
        hint: 'only one may at a time: stop the daemon, or let it do the work; reading commands run beside it',
        cause: error,
      });
    throw asStoreFailure(error, file);
  }
  const lock = database;
  held.add(lock);
  return {
    release: () => {
      held.delete(lock);
      lock.close();
    },
  };
}
