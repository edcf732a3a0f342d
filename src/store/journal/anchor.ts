import type { Instant } from '../../kit/index.js';
import type { Db } from '../database/db.js';
import { journalPeaks } from './append.js';
import { rootOf } from './merkle.js';

/** Where the journal stood: kept elsewhere, it proves later that nothing before it was cut off or written anew, even by somebody with the key. */
export interface JournalAnchor {
  /** The last entry. */
  readonly seq: number;
  /** When that entry was written. */
  readonly at: Instant;
  /** Its hash, or the beginning of it. */
  readonly hash: string;
  /** The root of the Merkle tree over entries 1 to `seq`. */
  readonly root?: string;
}

/** The anchor of the journal as it now stands; undefined while it is empty. */
export async function journalAnchor(db: Db): Promise<JournalAnchor | undefined> {
  const row = await db.selectFrom('journal').select(['seq', 'at', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst();
  if (row === undefined) return undefined;
  return { ...row, root: rootOf(await journalPeaks(db)) };
}
