import type { Generated } from 'kysely';
import type { Instant } from '../kit/index.js';

/** Text that holds canonical JSON. Parsed at the border, never queried into. */
export type JsonText = string;

/**
 * The tables. Keys inside are 64-bit integers (text keys cost 1.5 to 2 times the CPU); text ids exist at the border only.
 * Instants are ISO 8601 UTC text and compare as strings. What is evidence is append-only, enforced by triggers.
 */
export interface Schema {
  /** Names that occur in very many rows, stored once: node kinds, relations, mappings, field sets. */
  name: { id: Generated<number>; text: string };
  setting: { name: string; value: JsonText };
  /** `id` is the name `system/stream`, which is also the node kind of its records. */
  stream: {
    id: number;
    system: string;
    stream: string;
    cursor: JsonText | null;
    complete_to: Instant | null;
    records: number;
    versions: number;
  };
  stream_pause: { id: Generated<number>; stream: number; since: Instant; ended: Instant | null; reason: string; until: Instant | null };
  coverage: { id: Generated<number>; stream: number; from: Instant; to: Instant };
  run: {
    id: Generated<number>;
    stream: number;
    started_at: Instant;
    ended_at: Instant | null;
    outcome: string;
    pages: number;
    received: number;
    fresh: number;
    changed: number;
    unchanged: number;
    quarantined: number;
    unreadable: number;
    complete_to: Instant | null;
    failure: JsonText | null;
  };
  /** Why and by whom rows were written: one per page or act, shared by everything that was written with it. */
  cause: { id: Generated<number>; at: Instant; by: string; because: string };
  /** `hash` is `lookUpHash(key)`: what it is looked up by. */
  node: { id: number; kind: number; hash: number; key: string };
  edge: { from_node: number; kind: number; to_node: number; seq: number; cause: number; derived: number };
  edge_end: { from_node: number; kind: number; to_node: number; seq: number; cause: number };
  /** `id` is the record's node. Points at the latest version. */
  record: { id: number; version: number; number: string; look_again_at: Instant | null };
  absence: {
    id: Generated<number>;
    record: number;
    whereabouts: string;
    misses: number;
    noticed_at: Instant;
    last_at: Instant;
    ended_at: Instant | null;
  };
  /** See `addressForm`. */
  address: { id: Generated<number>; form: string };
  /** `previous` leads from each version to the one before: cheaper than an index, and a history is only ever read whole. */
  record_version: {
    id: number;
    record: number;
    previous: number | null;
    seq: number;
    hash: string;
    number: string;
    address: number;
    updated_at: Instant;
    field_set: number;
    cause: number;
    data: JsonText;
  };
  /** One per (record, mapping): that is its key, and the domain's id of it. */
  input: {
    record: number;
    mapping: number;
    version: number;
    category: number;
    occurred_at: Instant;
    ended_at: Instant | null;
  };
  /** Their ids grow with every change: the change feed. */
  input_version: {
    id: number;
    record: number;
    mapping: number;
    previous: number | null;
    record_version: number;
    made_by: number;
    cause: number;
    ended_at: Instant | null;
    data: JsonText;
  };
  /** Case keys, as nodes. The key that every input has, its own record, is not among them: `input.record` is it. */
  input_key: { node: number; occurred: number; record: number; mapping: number };
  /** What rules over a scope count, made from the inputs' feed: where each active input is counted. `occurred` in milliseconds. */
  input_series: { series: number; scope: number; occurred: number; record: number; mapping: number };
  /** "Reviewed, none found". */
  input_review: { id: Generated<number>; category: string; from: string; to: string; by: string; note: string; at: Instant };
  quarantine: {
    id: Generated<number>;
    stream: number;
    key: string;
    reason: string;
    problems: JsonText;
    raw: JsonText;
    updated_at: Instant | null;
    first_at: Instant;
    last_at: Instant;
    times: number;
    resolved_at: Instant | null;
    resolution: string | null;
  };
  improvement: {
    id: Generated<number>;
    uid: string;
    version: number;
    seq: number;
    status: string;
    kind: string;
    owner: string;
    target_date: string;
    raised_at: Instant;
    ticket_system: string | null;
    ticket_key: string | null;
  };
  improvement_version: {
    id: Generated<number>;
    improvement: number;
    seq: number;
    at: Instant;
    by: string;
    because: string;
    /** What the register is filtered by stands before the whole: `data` is not read for that. */
    status: string;
    kind: string;
    owner: string;
    target_date: string;
    data: JsonText;
  };
  improvement_service: { service: string; improvement: number };
  /** Which input versions the n-th measurement of an improvement counted: with the plan, all that its verdict rests on. */
  measured_input: { improvement: number; measurement: number; input_version: number };
  improvement_key: { key: string; improvement: number };
  /** By what improvements are like each other. `improvement` is the uid. */
  improvement_trait: { trait: string; improvement: string };
  improvement_change: { system: string; stream: string; key: string; improvement: number };
  /** Decisions of the management review as they stand; the evidence of each is its entry in the journal. */
  review_decision: {
    id: Generated<number>;
    at: Instant;
    by: string;
    period_from: string;
    period_to: string;
    decision: string;
    owner: string | null;
    due: string | null;
    improvement: string | null;
    done_at: Instant | null;
    done_by: string | null;
    done_note: string | null;
  };
  outbox: {
    id: string;
    seq: Generated<number>;
    system: string;
    resource: string;
    operation: string;
    subject: string;
    payload: JsonText;
    payload_hash: string;
    depends_on: string | null;
    state: string;
    attempts: number;
    not_before: Instant | null;
    owner: string | null;
    claimed_until: Instant | null;
    watermark: JsonText | null;
    ticket: JsonText | null;
    receipt: JsonText | null;
    failure: JsonText | null;
    created_at: Instant;
    changed_at: Instant;
  };
  journal: {
    seq: number;
    at: Instant;
    actor: string;
    kind: string;
    subject: string;
    body_hash: string;
    previous: string;
    /** The name of the key that `hash` was made with. */
    key: string | null;
    hash: string;
  };
  /** The Merkle tree over all entries: the roots of its whole subtrees, largest first. */
  journal_tree: { id: number; size: number; peaks: JsonText };
  /** Who stands behind a pseudonym of the journal; without a name once it was removed. */
  person: { id: string; name: string | null; removed_as: string | null; removed_at: Instant | null };
  /** Which rows were redacted, by which entry of the journal. */
  redaction: { what: string; row: number; entry: number };
  /** Who was removed, as salted hashes of the names. */
  suppressed: { id: Generated<number>; code: string; salt: string; hash: string; words: number };
  journal_body: { seq: number; salt: string; body: JsonText };
}
