import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import Database from 'better-sqlite3';
import { Failure } from '../../kit/index.js';
import { assertIntact, openForReading } from './open-file.js';
import { asStoreFailure } from './sqlite-failure.js';

/**
 * Copies the database at `from` to the new file `to` by SQLite's backup API, while it is written: the copy is what was committed when it began
 * (a copied file is damaged in up to 4 of 10 cases). The copy is checked before it gets its name, so a file called `to` is a good backup.
 * Tokens that remotes rotate are not in it. Fails with `config` when `to` exists.
 */
export async function backUp(from: string, to: string): Promise<void> {
  if (existsSync(to) || resolve(from) === resolve(to))
    throw new Failure('config', 'a file of this name exists and is not overwritten', { place: to, hint: 'name a new file for the backup' });
  const part = `${to}.part`;
  const source = openForReading(from);
  try {
    // A snapshot held open: without it every write of the daemon would start the copy again.
    source.exec('begin');
    source.prepare('select count(*) from sqlite_schema').get();
    rmSync(part, { force: true });
    await source.backup(part, { progress: () => 500 });
    finishCopy(part);
    renameSync(part, to);
  } catch (error) {
    rmSync(part, { force: true });
    throw asStoreFailure(error, to);
  } finally {
    source.close();
  }
}

function finishCopy(part: string): void {
  const copy = new Database(part);
  try {
    copy.pragma('journal_mode = DELETE'); // one file, without a log beside it
    assertIntact(copy);
  } finally {
    copy.close();
  }
  const handle = openSync(part, 'r+');
  fsyncSync(handle);
  closeSync(handle);
}
