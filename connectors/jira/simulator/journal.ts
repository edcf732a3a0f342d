import type { Committed } from './answer.js';
import type { Json } from './json.js';

/** One request to the REST API and how it was answered. Credentials are never in it. */
export interface JournalEntry {
  /** Counts from 1. */
  readonly n: number;
  /** Virtual time, ISO 8601. */
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: Json | undefined;
  /** Account id, or `anonymous`. */
  readonly account: string;
  /** What was sent; 0 when nothing was. */
  readonly status: number;
  readonly fault?: string;
  /** What the request changed, even where its answer was lost. */
  readonly committed?: Committed;
}

export interface Journal {
  add(entry: Omit<JournalEntry, 'n'>): void;
  /** Entries behind number `since`. */
  since(since: number): readonly JournalEntry[];
}

export function createJournal(): Journal {
  const entries: JournalEntry[] = [];
  return {
    add: (entry) => void entries.push({ n: entries.length + 1, ...entry }),
    since: (since) => entries.slice(Math.max(0, since)),
  };
}
