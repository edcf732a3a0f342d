import type { z } from 'zod';
import type { HttpClient, HttpOptions } from './http/client.js';
import type { JsonObject } from './json.js';
import type { Instant } from './record.js';
import type { Actor, Sink } from './sink.js';
import type { Stream } from './stream.js';

/** One line of `golden-thread check`. */
export interface CheckResult {
  /** What was checked: `credentials`, `incident: read`, `clock skew`. */
  readonly what: string;
  readonly outcome: 'ok' | 'warning' | 'failed';
  /** What was found, in one sentence. */
  readonly found: string;
  /** What to do when it is not ok. */
  readonly hint?: string;
}

/** Levels as winston names them. `details` must not hold credentials; ticket text in it is escaped by the logger. */
export interface Log {
  debug(message: string, details?: JsonObject): void;
  info(message: string, details?: JsonObject): void;
  warn(message: string, details?: JsonObject): void;
  error(message: string, details?: JsonObject): void;
}

/** Everything a connector may use of the product. */
export interface ConnectorContext {
  /** The id under which this system is configured; part of every RecordRef. */
  readonly system: string;
  /** The one way to the network: deadlines, retry budget, size limits, redaction and concurrency are inside. */
  readonly http: (options: HttpOptions) => HttpClient;
  readonly log: Log;
  /** Aborted at shutdown. */
  readonly signal: AbortSignal;
  /** Per stream, the fields that mappings read, dot-walked ones included, sorted. Ask the remote for these and no more. */
  readonly wanted: Readonly<Record<string, readonly string[]>>;
  /** Durable place for tokens that the remote rotates. `put` has committed when it resolves. */
  readonly credentials: {
    get(name: string): Promise<string | undefined>;
    put(name: string, value: string): Promise<void>;
  };
}

/** Something that a person or a machine wrote into a record. */
export interface Note {
  readonly id: string;
  /** `internal` is for those who work on the record, `public` for those it concerns. */
  readonly audience: 'internal' | 'public';
  readonly at: Instant;
  /** The name under which the remote knows who wrote it. */
  readonly by: string;
  /** Written by strangers: never trust it. */
  readonly text: string;
}

/** One answer, or open question, to a request for approval of a record. */
export interface ApprovalAnswer {
  readonly id: string;
  readonly approver: Actor;
  /** As the remote says it: `requested`, `approved`, `rejected`, … */
  readonly state: string;
  /** When it was given, or asked for. */
  readonly at: Instant;
}

/** A file at a record, as evidence: what it is called and the digest of its content. The content itself is not kept. */
export interface Attachment {
  readonly id: string;
  /** Given by strangers: never trust it. */
  readonly name: string;
  readonly type: string;
  /** As the remote says. */
  readonly bytes: number;
  readonly at: Instant;
  /** The name under which the remote knows who attached it. */
  readonly by: string;
  /** SHA-256 of the content as it was read just now, 64 lower-case hexadecimal digits; missing where it was not read. */
  readonly sha256?: string;
  /** Why the content was not read, or that the remote's own digest says otherwise. */
  readonly problem?: string;
}

/** A configured, running connector: what it can do is what it has. */
export interface OpenConnector {
  /** Connection, credentials, permissions per stream, fields, clock skew. Reads only. Never throws for what it can describe. */
  check(signal?: AbortSignal): Promise<readonly CheckResult[]>;
  readonly streams: readonly Stream[];
  readonly sink?: Sink;
  /** What was written into one record, oldest first; undefined where the account may not read it. For records inside a thread: it costs a request or more. */
  notes?(stream: string, key: string, signal?: AbortSignal): Promise<readonly Note[] | undefined>;
  /** Who was asked to approve one record and what each answered, oldest first; undefined where the account may not read it. */
  approvals?(stream: string, key: string, signal?: AbortSignal): Promise<readonly ApprovalAnswer[] | undefined>;
  /** The files at one record, oldest first, each content read once for its digest; undefined where the account may not read them. */
  attachments?(stream: string, key: string, signal?: AbortSignal): Promise<readonly Attachment[] | undefined>;
}

/** What a connector's `index.ts` exports as default. */
export interface Connector<Config = unknown> {
  /** `servicenow`, `jira`: what `connector:` in golden-thread.yaml says. */
  readonly id: string;
  readonly about: string;
  /** Strict schema of `config:`. Fields that hold credentials are marked with {@link secret}. */
  readonly config: z.ZodType<Config>;
  /** No request is made here: a system that is down must not keep the others from starting. */
  open(config: Config, context: ConnectorContext): OpenConnector;
}
