import { setImmediate } from 'node:timers/promises';
import type Database from 'better-sqlite3';

/** Pages in the log from which on they are carried over into the database. */
const dueFrom = 2000;

interface LogState {
  readonly log: number;
  readonly checkpointed: number;
}

/**
 * Carries the write-ahead log over into the database when it has grown long, as a piece of work of its own. SQLite would do it inside the commit that makes
 * the log too long; the two together keep health waiting twice as long. What is committed stays committed whatever happens here: a disk
 * that is full or fails shows at the next write.
 */
export async function checkpointWhenDue(database: Database.Database): Promise<void> {
  try {
    // NOOP only tells. https://www.sqlite.org/pragma.html#pragma_wal_checkpoint
    const [state] = database.pragma('wal_checkpoint(NOOP)') as readonly LogState[];
    if (state === undefined || state.log - state.checkpointed < dueFrom) return;
    await setImmediate();
    // The next transaction may have begun meanwhile; it will come by here too.
    if (database.open && !database.inTransaction) database.pragma('wal_checkpoint(PASSIVE)');
  } catch {
    // See above.
  }
}
