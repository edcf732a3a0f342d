import type { z } from 'zod';
import type { JsonObject } from './json.js';
import type { Instant, Rejection, SourceRecord } from './record.js';

/** Where a connector stands in a stream: JSON of its own making with a version in it. Opaque to everyone else; saved with the page it follows. */
export type Cursor = JsonObject;

/** What `read` answers: one page and the cursor that follows it. */
export interface Page {
  readonly records: readonly SourceRecord[];
  readonly rejected: readonly Rejection[];
  /** Saved in the same transaction as the records. Reading from it again continues right after this page. */
  readonly cursor: Cursor;
  /** The run is complete. A short or an empty page is not the end; only this is. */
  readonly done: boolean;
  /** Everything that changed before this instant has been read. Present when `done`. */
  readonly completeTo?: Instant;
  /** Rows that exist but that the account may not read, where the remote tells. */
  readonly unreadable?: number;
  /** How many rows there are still to read, this page included, where the remote tells: for progress only. */
  readonly remaining?: number;
  /** The remote's clock (its `Date` header), for the clock-skew check. */
  readonly remoteNow: Instant;
}

/** A field that a stream can deliver. */
export interface FieldInfo {
  /** As mappings spell it: `priority`, `business_service.name`, `customfield_10050`. */
  readonly name: string;
  readonly label?: string;
  /** `reference` fields arrive as `{ id, … }` with the dot-walked fields that were asked for. */
  readonly type: 'text' | 'number' | 'boolean' | 'instant' | 'date' | 'duration' | 'reference' | 'list' | 'object' | 'user';
  /** For `reference`: whether `name.anything` is read by dot-walking and cannot be checked further. */
  readonly open?: boolean;
  /** The values it may take, where the remote tells. */
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
}

/** How a run is asked for its next page. */
export interface ReadAsk {
  /** Where a first run starts in history. Ignored when there is a cursor. */
  readonly since: Instant;
  /** Upper bound for the number of records; the connector may take fewer. */
  readonly pageSize: number;
  /** How long the remote may need until a change that it has stamped can be read. */
  readonly settleMs?: number;
  readonly signal?: AbortSignal;
}

/** One kind of record that a system delivers. Frozen data and functions. */
export interface Stream {
  readonly name: string;
  /** One sentence for the administrator. */
  readonly about: string;
  /** What mappings may read, for lint. Asks the system where it can. */
  fields(signal?: AbortSignal): Promise<readonly FieldInfo[]>;
  /** The shape of `SourceRecord.data`: only what the connector itself relies on. */
  readonly record: z.ZodType<JsonObject>;
  /** Top-level fields of `data` that change by themselves (computed at read time): never hashed, so never a new version. */
  readonly volatile: readonly string[];
  /** The next page after `cursor`; without one, a new run from `ask.since`. Never stores, schedules or decides. */
  read(cursor: Cursor | undefined, ask: ReadAsk): Promise<Page>;
  /** The records with these keys as they are now, strongly consistent where the remote can. Missing ones are left out. */
  get?(keys: readonly string[], signal?: AbortSignal): Promise<readonly SourceRecord[]>;
  /**
   * When this record will change without its update stamp moving: an SLA's breach time that is still ahead. Core reads it by key again once that has
   * passed on the remote's clock. Undefined when nothing is to come. Needs `get`.
   */
  lookAgainAt?(data: JsonObject): Instant | undefined;
  /**
   * The census: the keys of everything that the stream can see now, page by page, in an order that no edit disturbs. A record that is there during
   * the whole census is listed. Deletions and lost access move no update stamp; this is how they are noticed. Needs `whereabouts`.
   */
  keys?(cursor: Cursor | undefined, ask: KeysAsk): Promise<KeysPage>;
  /** What became of records that a census did not list, as far as the remote tells. A key without an entry counts as `unknown`. */
  whereabouts?(keys: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, Whereabouts>>;
}

/** How a census is asked for its next page. */
export interface KeysAsk {
  /** Upper bound for the number of keys; the connector may take fewer. */
  readonly pageSize: number;
  readonly signal?: AbortSignal;
}

/** One page of a census. */
export interface KeysPage {
  readonly keys: readonly string[];
  /** Asking with it continues right after this page. */
  readonly cursor: Cursor;
  /** Only this is the end, never a short or empty page. */
  readonly done: boolean;
  /** Rows that exist but that the account may not read, where the remote tells. */
  readonly unreadable?: number;
}

/**
 * What became of a record that the census did not list:
 * - `here`          it is there and in the stream's scope: it came back, or the listing missed it
 * - `out-of-scope`  it is there, and no longer what the stream reads (moved to another project, its filter no longer fits)
 * - `archived`      it is there, put away by the remote
 * - `deleted`       proven: the remote's own record of the deletion, or its word that there is none
 * - `not-visible`   proven: it exists, and the account may not read it
 * - `unknown`       deleted or not visible: the remote does not tell these apart
 */
export type Whereabouts = 'here' | 'out-of-scope' | 'archived' | 'deleted' | 'not-visible' | 'unknown';
