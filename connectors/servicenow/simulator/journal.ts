/** What a write left behind; there whenever the write was carried out, whatever the client was told. */
export interface Committed {
  readonly table: string;
  readonly sys_id: string;
  readonly op: 'insert' | 'update' | 'delete';
}

/** One request to the instance. Control requests under `/_sim/` are not noted, credentials never are. */
export interface JournalEntry {
  readonly n: number;
  /** Virtual clock, ISO 8601. */
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
  readonly user: string;
  /** 0 where no answer was sent. */
  readonly status: number;
  readonly fault?: string;
  readonly committed?: Committed;
  /** Conditions of the query that were dropped as invalid. */
  readonly ignored?: readonly string[];
  /** The client sent a cookie back: it would be queued on one session. */
  readonly cookie?: true;
}

export interface Journal {
  add(entry: Omit<JournalEntry, 'n'>): void;
  /** Entries with `n` greater than this. */
  since(n: number): readonly JournalEntry[];
}

/** Keeps the last `limit` entries. */
export function createJournal(limit = 100_000): Journal {
  let entries: JournalEntry[] = [];
  let count = 0;
  return {
    add(entry) {
      entries.push({ n: ++count, ...entry });
      if (entries.length > limit * 1.1) entries = entries.slice(-limit);
    },
    since: (n) => entries.filter((entry) => entry.n > n),
  };
}
