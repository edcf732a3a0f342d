import { Failure, isFailure } from '../../kit/index.js';

const restore = 'stop golden-thread, keep this file aside, and put a backup (golden-thread backup) in its place';

/**
 * What an SQLite result code means to the administrator. Codes: https://www.sqlite.org/rescode.html
 * Anything else (a broken constraint, a wrong statement) is a defect of ours and passes unchanged.
 */
export function asStoreFailure(error: unknown, path: string): unknown {
  if (isFailure(error)) return error;
  const code = codeOf(error);
  const details = { place: path, cause: error };
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return new Failure('transient', 'the database is locked by another process', {
      ...details,
      hint: 'end whatever else has this file open for writing; golden-thread tries again by itself',
    });
  if (code === 'SQLITE_FULL')
    return new Failure('transient', 'the disk is full: nothing of this step was stored', {
      ...details,
      hint: 'free space on the volume; golden-thread goes on by itself',
    });
  if (code === 'SQLITE_NOTADB') return new Failure('config', 'this file is not an SQLite database', { ...details, hint: restore });
  if (code.startsWith('SQLITE_CORRUPT'))
    return new Failure('config', 'the database is damaged', { ...details, hint: `${restore}; this file was not changed` });
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN') || code === 'SQLITE_PERM')
    return new Failure('config', `the database cannot be opened for writing (${code})`, {
      ...details,
      hint: 'the file and its folder must be writable for the user that golden-thread runs as',
    });
  if (code.startsWith('SQLITE_IOERR'))
    return new Failure('transient', `reading or writing the volume failed (${code})`, {
      ...details,
      hint: 'check the volume and its free space',
    });
  return error;
}

/** The extended result code of an SQLite error, or an empty string. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
