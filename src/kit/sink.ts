import type { Attachment } from './connector.js';
import type { Json, JsonObject } from './json.js';
import type { Instant, SourceRecord } from './record.js';

/** The identity that a write carries into the remote record itself, so that it can be found again after a lost answer. */
export interface IdempotencyKey {
  /** 64 lower-case hex characters: a hash of installation, rule, case, first trigger, target and step. Never a running number. */
  readonly value: string;
  /** Human-readable twin of it (`golden-thread:IMP-0001`), for the correlation display. At most 100 characters. */
  readonly display: string;
}

/** A remote record as a sink sees it: enough to link to it, to read it back and to compare. */
export interface TicketRef {
  readonly key: string;
  readonly number: string;
  readonly url: string;
}

/** What a resource of the sink can be asked to hold. */
export interface SinkResource {
  /** `change_request`, `issue`: the last part of a mapping's `to:`. */
  readonly name: string;
  readonly about: string;
  /** The stream of the same system whose records these are, for read-back: `change_request`, `issue`. */
  readonly stream: string;
  /** Fields that can be written, for lint of push mappings. */
  fields(signal?: AbortSignal): Promise<readonly SinkField[]>;
}

export interface SinkField {
  readonly name: string;
  readonly required: boolean;
  readonly maxLength?: number;
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  /**
   * The form that takes it: `the create screen of Improvement in project IMP`. Where fields have one, a field that is not among them is refused by the
   * remote, and so is a create without a required one.
   */
  readonly on?: string;
}

/** A field whose value the remote did not take over as written (a business rule, a missing screen, a shortened text). */
export interface Difference {
  readonly field: string;
  readonly wrote: Json;
  readonly found: Json;
  /** Why, as far as it can be told, to complete "…, because": `cut to 160 characters`. */
  readonly because?: string;
}

/** What a write left behind, read back from the remote: the receipt that is kept as evidence. */
export interface Receipt {
  readonly ticket: TicketRef;
  readonly at: Instant;
  /** Empty when the remote holds exactly what was written. */
  readonly differences: readonly Difference[];
  /** The fields as read back. */
  readonly data: JsonObject;
}

/**
 * What `find` knows about a key:
 * - `found`     one record carries it
 * - `absent`    proven: a strongly consistent read shows that there is none
 * - `unknown`   not seen, but the remote's index may lag: ask again after `againAfterMs`
 * - `ambiguous` several carry it: for a person
 */
export type Found =
  | { readonly is: 'found'; readonly ticket: TicketRef }
  | { readonly is: 'absent' }
  | { readonly is: 'unknown'; readonly againAfterMs: number }
  | { readonly is: 'ambiguous'; readonly tickets: readonly TicketRef[] };

/** One step in the history of a ticket: who changed what, when. */
export interface HistoryEntry {
  readonly id: string;
  readonly at: Instant;
  readonly actor: Actor;
  /** In the same shape as the stream's `data`, so that a record can be rewound: set `data[field]` to `from`. */
  readonly changes: readonly { readonly field: string; readonly from: Json; readonly to: Json }[];
}

/** A file that is put at a ticket. */
export interface FileToAttach {
  /** Letters, digits, `-`, `_` and `.`, at most 150 characters, the marker among them: no system changes such a name. */
  readonly name: string;
  /** `image/svg+xml` */
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  /** The part of the name that says what the file holds: a hash of what it is made from, at least 12 hex characters. A file that carries it is this one. */
  readonly marker: string;
}

/** Who did something in the remote system. Only a `person` can decide. */
export interface Actor {
  /** Immutable account id in that system. */
  readonly id: string;
  readonly name?: string;
  readonly kind: 'person' | 'app' | 'unknown';
}

/** A mark that a create leaves before it is sent, by which a lost answer can be resolved: for Jira the highest issue id known. */
export type Watermark = JsonObject;

/**
 * Writes into a system. Nothing here retries a create, and nothing decides: the outbox in core does.
 * Every method that writes reads back what it wrote: a 2xx is no proof.
 * On failure `details.committed` says whether the remote may have carried it out.
 */
export interface Sink {
  readonly resources: readonly SinkResource[];
  /**
   * What to remember, durably, before a create is sent, so that `find` can tell absent from not-yet-visible. Present where the remote cannot
   * refuse a second record with the same key by itself: core then also asks `find` before it sends a create for the first time.
   */
  before?(resource: string, signal?: AbortSignal): Promise<Watermark>;
  /** Looks for the record that carries this key. */
  find(resource: string, key: IdempotencyKey, ask: { readonly watermark?: Watermark; readonly signal?: AbortSignal }): Promise<Found>;
  /** Creates once. The key travels inside the request. `resend`: the same create was sent before and `find` says it did not arrive. */
  create(
    resource: string,
    key: IdempotencyKey,
    fields: JsonObject,
    ask: { readonly resend: boolean; readonly signal?: AbortSignal },
  ): Promise<Receipt>;
  /**
   * Sets only these fields. Idempotent. `seen`: what they held when it was decided to write; where one holds something else by now, and not what is to be
   * written either, somebody has changed it meanwhile: then nothing is written, and it fails with `conflict` and `committed: no`.
   */
  update(resource: string, ticketKey: string, fields: JsonObject, signal?: AbortSignal, seen?: JsonObject): Promise<Receipt>;
  /** Moves to the status with this name or id by whichever transition leads there. Already there is success. */
  transition?(resource: string, ticketKey: string, toStatus: string, fields: JsonObject, signal?: AbortSignal): Promise<Receipt>;
  /** Writes a comment, or replaces the one that carries the same marker. Idempotent by marker. */
  comment?(resource: string, ticketKey: string, marker: string, text: string, signal?: AbortSignal): Promise<void>;
  /** The text of the comment of ours that carries the marker; undefined when there is none. */
  commentText?(resource: string, ticketKey: string, marker: string, signal?: AbortSignal): Promise<string | undefined>;
  /** Links the ticket to an address outside, once per `globalId`. */
  link?(resource: string, ticketKey: string, link: RemoteLink, signal?: AbortSignal): Promise<void>;
  /**
   * Puts a file at the ticket, once: the files that are there are listed first, and one whose name carries the marker is success, whoever put it there.
   * What was sent is read back: its size, and its SHA-256 where the remote gives the content. A file that the remote will not take (too large, a type
   * that is forbidden, no right to) fails with `record`, in the words of the remote.
   */
  attach?(resource: string, ticketKey: string, file: FileToAttach, signal?: AbortSignal): Promise<Attachment>;
  /** The ticket as it is now, by id, strongly consistent; undefined when it is gone or no longer visible. Same `data` as the stream. */
  read(resource: string, ticketKey: string, signal?: AbortSignal): Promise<SourceRecord | undefined>;
  /** Everything that happened to the ticket, oldest first, complete. */
  history?(resource: string, ticketKey: string, signal?: AbortSignal): Promise<readonly HistoryEntry[]>;
}

export interface RemoteLink {
  /** At most 255 characters. The same one again replaces the link. */
  readonly globalId: string;
  readonly url: string;
  readonly title: string;
  /** How the ticket relates to it: `is triggered by`. */
  readonly relationship: string;
}
