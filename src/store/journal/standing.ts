import type { Instant } from '../../kit/index.js';
import type { Db } from '../database/db.js';
import { getSetting } from '../register/settings.js';

/** The setting that says up to which entry the journal was anchored outside. */
export const anchoredSetting = 'journal-anchored';

/** Where the journal stands, at a glance. */
export interface JournalStanding {
  readonly entries: number;
  readonly lastAt?: Instant;
  /** The last entry was written with a key. */
  readonly keyed: boolean;
  /** The last entry that was anchored outside. */
  readonly anchoredTo?: number;
}

export async function journalStanding(db: Db): Promise<JournalStanding> {
  const row = await db.selectFrom('journal').select(['seq', 'at', 'key']).orderBy('seq', 'desc').limit(1).executeTakeFirst();
  const anchored = await getSetting(db, anchoredSetting);
  return {
    entries: row?.seq ?? 0,
    keyed: row !== undefined && row.key !== null,
    ...(row !== undefined && { lastAt: row.at }),
    ...(typeof anchored === 'number' && { anchoredTo: anchored }),
  };
}
