import type { Entry } from './cursor.js';
import type { Sign } from './disk.js';
import { isNewer } from './inbox.js';
import { unpack } from './ledger.js';

/** Which file counts for a row that several files have: the newest. */
export interface Holders {
  /** Notes that this file has the row. */
  add(identity: string, file: Sign): void;
  of(identity: string): Sign | undefined;
  has(identity: string): boolean;
}

export function holders(): Holders {
  const newest = new Map<string, Sign>();
  return {
    add(identity, file) {
      const holder = newest.get(identity);
      if (holder === undefined || isNewer(file, holder)) newest.set(identity, file);
    },
    of: (identity) => newest.get(identity),
    has: (identity) => newest.has(identity),
  };
}

/** Notes all rows that a file had when it was read. */
export async function addEntry(to: Holders, entry: Entry): Promise<void> {
  for (const identity of await unpack(entry.keys)) to.add(identity, entry);
}
