import type { JsonObject } from './json.js';

/** A UTC instant as ISO 8601 text with milliseconds, for example `2026-11-21T09:30:00.000Z`. Instants compare as strings. */
export type Instant = string;

/** Names one remote record for ever. `key` is the immutable id of the remote system: a ServiceNow sys_id, a Jira issue id (never its key). */
export interface RecordRef {
  /** The id under which the system is configured, for example `servicenow-prod`. */
  readonly system: string;
  readonly stream: string;
  readonly key: string;
}

/** One version of one remote record, as read. Immutable; a version with the same content hash as the last one is no new version. */
export interface SourceRecord {
  readonly ref: RecordRef;
  /** What people call it: `INC0010377`, `OPS-12`. May change. */
  readonly number: string;
  /** The address at which a person sees it. */
  readonly url: string;
  /** The remote's own update stamp. */
  readonly updatedAt: Instant;
  readonly data: JsonObject;
}

/** A record that cannot be used, kept aside with the reason. The page it came with lives. */
export interface Rejection {
  /** The record's immutable id where it could be read, else a stable description of where it stood. */
  readonly key: string;
  /** One sentence per problem: which field, what is wrong, what was expected. */
  readonly problems: readonly string[];
  readonly raw: JsonObject;
  readonly updatedAt?: Instant;
}
