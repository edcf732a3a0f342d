import type { Connector, Instant, JsonObject, OpenConnector, SourceRecord } from 'golden-thread/kit';
import type { Asked, Wire } from './wire.js';

/** Ways in which a remote goes wrong, switched on for all requests until `clearFaults`. */
export type FaultName =
  /** 401 for every request, token endpoint included. */
  | 'unauthorized'
  /** 500 or 503 for every request. */
  | 'server-error'
  /** 200 with an HTML page. */
  | 'html'
  /** 200 with JSON that ends in the middle, well framed. */
  | 'truncated'
  /** 429 with a Retry-After longer than any request's deadline: 3,600. */
  | 'rate-limited'
  /** 429 without Retry-After. */
  | 'rate-limited-without-header'
  /** The next write (a request that changes something) is carried out, and the connection is cut before its answer. Once. */
  | 'answer-lost-after-commit'
  /** Every connection is refused, before a request can be sent: no listener. A connector that is opened meanwhile may get the address of a closed port. */
  | 'unreachable';

/** How the suite makes a real system or a simulator change under one stream. Times are of the remote's clock, which only `advance` moves. */
export interface StreamDriver {
  readonly stream: string;
  /** Fields to ask for, as mappings would (`wanted` of the context); `version` may read no others. */
  readonly wanted: readonly string[];
  /** A name for the record's present content: different after every `touch`, the same for the same content. Never `updatedAt` alone. */
  version(record: SourceRecord): string;
  /** The newest committed version of every record that the account may read and the connector can use, by key. */
  visible(): Promise<ReadonlyMap<string, string>>;
  /** Makes records and answers their keys. One second apart, the clock moving along; `sameSecond`: all with one stamp, the clock standing still. */
  create(count: number, options?: { readonly sameSecond?: boolean }): Promise<readonly string[]>;
  /** Changes a record's content and stamps it now. */
  touch(key: string): Promise<void>;
  /** Makes a record that is stamped now and can be read only `delayMs` later: a transaction that commits late, an index that lags. */
  createLate?(delayMs: number): Promise<string>;
  /** Takes the right to read these records away from the account, as an access rule does: they still count, they are not delivered. */
  hide?(keys: readonly string[]): Promise<void>;
  /** Gives it back, without touching the records. */
  show?(keys: readonly string[]): Promise<void>;
  /** Makes one record that the connector must reject, one second after the last, and answers its key. */
  poison?(): Promise<string>;
  /** Deletes these records for good. */
  remove?(keys: readonly string[]): Promise<void>;
  /** Gives a record another number, as a move to another project does, and stamps it now. It stays in the stream, and its key stays. */
  renumber?(key: string): Promise<void>;
  /** Makes very many records at once, whatever their stamps. */
  createMany?(count: number): Promise<void>;
  /** The system tells how many rows it has taken out of an answer: what is hidden must then be counted as `unreadable`. */
  readonly tellsUnreadable?: true;
  /**
   * The records of this stream in an answer of the system, parsed from JSON: the very objects, for the suite to spoil. None in an answer that lists no
   * records, or that nothing but their keys is taken from.
   */
  rowsIn?(answer: unknown): readonly RowInAnswer[];
}

/** A record as it stands in an answer. */
export interface RowInAnswer {
  readonly key: string;
  readonly row: Record<string, unknown>;
}

/** How the suite looks at what a sink wrote: from outside, not through the connector. */
export interface SinkDriver {
  readonly resource: string;
  /** Valid fields for the i-th ticket, different for each i. */
  fields(i: number): JsonObject;
  /** A valid change to such a ticket. Default: `fields(i + 1000)`. */
  change?(i: number): JsonObject;
  /** How many tickets of the remote carry this idempotency key (its `value`), whatever an index knows. */
  ticketsWith(key: string): Promise<number>;
  /** How many comments or notes the ticket has. */
  comments?(ticketKey: string): Promise<number>;
  /** The contents of the files at the ticket, by name: one entry for each file, so that the same name twice is two. Where the sink offers `attach`. */
  files?(ticketKey: string): Promise<readonly { readonly name: string; readonly bytes: Uint8Array }[]>;
  /** How many links to addresses outside the ticket has. */
  links?(ticketKey: string): Promise<number>;
  /** A status that a new ticket can be moved to, and the fields that the move needs. */
  readonly move?: { readonly to: string; readonly fields: JsonObject };
  /** Names of fields that hold free text; `fields()` of the resource says how long they may be. */
  readonly texts?: readonly string[];
  /** Tickets that the system refuses to create: what is wrong, and the words of the system that a person must be shown. */
  readonly refused?: readonly {
    readonly why: string;
    /** Makes the system refuse it, for as long as the case lasts. */
    readonly arrange?: () => Promise<void>;
    readonly fields: JsonObject;
    readonly says: RegExp;
  }[];
}

/**
 * A connector and the system it is tried against, for {@link conformance}. What is optional and missing must have a reason in `skip`
 * under the name of every case that needs it; otherwise that case fails.
 */
export interface Subject {
  readonly connector: Connector;
  /** A configuration that works, as it would stand in golden-thread.yaml after its variables were replaced. */
  readonly goodConfig: unknown;
  /** Configurations that must be refused: a missing field, an unknown key, a wrong type. */
  readonly badConfigs: readonly { readonly why: string; readonly config: unknown }[];
  /** Opens the connector against the system of the last `reset`; `testContext` makes the context. `wrong`: with credentials that it refuses. */
  open(options?: { readonly wanted?: Readonly<Record<string, readonly string[]>>; readonly credentials?: 'wrong' }): Promise<OpenConnector>;
  /** An empty system without faults, its clock anywhere. Called before every case and every random history: make it cheap. */
  reset(): Promise<void>;
  /** The remote's clock. */
  now(): Promise<Instant>;
  /** Moves the remote's clock on. */
  advance(ms: number): Promise<void>;
  fault(name: FaultName): Promise<void>;
  clearFaults(): Promise<void>;
  /** HTTP requests that the system has received since `reset`. */
  requests(): Promise<number>;
  /** How late a stamped change may become readable. The suite reads with this settle time and delays up to it. */
  readonly settleMs: number;
  readonly streams: readonly [StreamDriver, ...StreamDriver[]];
  readonly sinks?: readonly SinkDriver[];
  /** Case name -> why it cannot be tried on this system. The reason is part of the name under which the case is reported. */
  readonly skip?: Readonly<Record<string, string>>;
  /** Control that the subject does not offer (`wire`, `remove`, …), or `census` where its streams have none -> why: a reason for every case that needs it. */
  readonly lacks?: Readonly<Record<string, string>>;
  /** The way over which `open` reaches the system, so that the suite can disturb it. `reset` and `clearFaults` heal it. */
  readonly wire?: Wire;
  /** As `reset`, with the remote's clock at `now` and the account in the time zone `zone` (IANA). */
  resetInZone?(zone: string, now: Instant): Promise<void>;
  /** From now on the remote gives at most so many rows at once, whatever is asked for. */
  lowerPages?(most: number): Promise<void>;
  /** What stands beside the result when the remote answers 200 and something went wrong. */
  readonly errorBeside?: JsonObject;
  /** Opening with credentials that obtain a token, and which requests are made for one. */
  readonly tokens?: {
    open(wanted: Readonly<Record<string, readonly string[]>>): Promise<OpenConnector>;
    readonly isFor: (asked: Asked) => boolean;
  };
  /** Everything that the connector and its HTTP client have logged; searched for credentials. */
  logged?(): readonly string[];
}
