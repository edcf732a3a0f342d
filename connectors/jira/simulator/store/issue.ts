import type { Json } from '../json.js';

/** One version of an issue; every write makes a new one. */
export interface Issue {
  readonly id: number;
  readonly key: string;
  readonly projectKey: string;
  /** The number in the key. */
  readonly number: number;
  readonly typeId: string;
  readonly statusId: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly updated: number;
  /**
   * Everything else by field id, as stored: ids of options, priorities and resolutions, account ids, ADF documents, `yyyy-MM-dd` dates,
   * an issue id for the parent, milliseconds for `resolutiondate`. An empty field is absent.
   */
  readonly values: Readonly<Record<string, Json>>;
}

/** One line of a changelog entry, as Jira words it. `toString` shadows the method on purpose: that is its name on the wire. */
export interface ChangeItem {
  readonly field: string;
  readonly fieldtype: 'jira' | 'custom';
  readonly fieldId?: string;
  readonly from: string | null;
  readonly fromString: string | null;
  readonly to: string | null;
  readonly toString: string | null;
}

/** One changelog entry. */
export interface Change {
  readonly id: number;
  readonly author: string;
  readonly at: number;
  readonly items: readonly ChangeItem[];
}

export interface Comment {
  readonly id: number;
  readonly author: string;
  readonly updateAuthor: string;
  readonly created: number;
  readonly updated: number;
  readonly body: Json;
  readonly properties: readonly Json[];
}

export interface RemoteLink {
  readonly id: number;
  readonly globalId?: string;
  readonly application?: Json;
  readonly relationship?: string;
  readonly object: Json;
}

export interface StoredFile {
  readonly id: number;
  readonly filename: string;
  readonly mimeType: string;
  readonly bytes: Buffer;
  readonly author: string;
  readonly created: number;
}

/** A link between two issues: `from` reads "<outward> to". */
export interface IssueLink {
  readonly id: number;
  readonly typeId: string;
  readonly from: number;
  readonly to: number;
}

/** Everything that is kept about one issue, its current version included. */
export interface IssueFile {
  issue: Issue;
  deletedAt?: number;
  archivedAt?: number;
  /** Account ids from which it is hidden. */
  hiddenFrom: Set<string>;
  changes: Change[];
  comments: Comment[];
  attachments: StoredFile[];
  properties: Map<string, Json>;
  remoteLinks: RemoteLink[];
  /** When it was written to, for the per-issue limit; oldest first, never longer than that limit needs. */
  writes: number[];
}
