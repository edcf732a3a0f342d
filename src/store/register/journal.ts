import { createHmac, randomBytes } from 'node:crypto';
import type { Instant, JsonObject } from '../../kit/index.js';
import { type Value, insertRows } from '../database/bulk.js';
import { canonicalJson, sha256, storable } from '../database/canonical.js';
import type { Db, Tx } from '../database/db.js';

/** Something that was decided or done, for the auditor. */
export interface NewJournalEntry {
  readonly at: Instant;
  /** A person id, or the task of ours: `pull`, `decide`, `push`. */
  readonly actor: string;
  /** `improvement-raised`, `decision-taken`, `ticket-created`, … */
  readonly kind: string;
  /** What it is about: an improvement id, `system/stream`, an outbox id. */
  readonly subject: string;
  readonly body: JsonObject;
}

export interface JournalEntry extends Omit<NewJournalEntry, 'body'> {
  /** 1, 2, 3, … without a gap. */
  readonly seq: number;
  /** Absent when it was purged: the hash of it stays. */
  readonly body?: JsonObject;
  readonly bodyHash: string;
  readonly previous: string;
  readonly hash: string;
}

/** Where the chain stands: kept elsewhere it is an anchor, by which a cut-off end is noticed. */
export interface JournalHead {
  readonly seq: number;
  readonly hash: string;
}

/** What stands before the first entry. */
const origin = '0'.repeat(64);

/**
 * Appends entries; the last act of a transaction. Each one's hash covers the one before; with `key` the hash is an HMAC, so that who can write
 * the file but has no key cannot rewrite it unnoticed. Bodies stand apart under a salted hash: purging one leaves the chain whole.
 */
export async function appendJournal(t: Tx, entries: readonly NewJournalEntry[], key?: string): Promise<JournalHead> {
  let { seq, hash } = await journalHead(t);
  const heads: Value[] = [];
  const bodies: Value[] = [];
  for (const { at, actor, kind, subject, body } of entries) {
    seq += 1;
    const salt = randomBytes(16).toString('hex');
    const text = canonicalJson(body);
    const fields = { seq, at, actor: storable(actor), kind, subject: storable(subject), bodyHash: sha256(salt + text), previous: hash };
    hash = hashOf(fields, key);
    heads.push(seq, at, fields.actor, kind, fields.subject, fields.bodyHash, fields.previous, hash);
    bodies.push(seq, salt, text);
  }
  await insertRows(t, 'journal', ['seq', 'at', 'actor', 'kind', 'subject', 'body_hash', 'previous', 'hash'], heads);
  await insertRows(t, 'journal_body', ['seq', 'salt', 'body'], bodies);
  return { seq, hash };
}

/** The end of the chain. */
export async function journalHead(db: Db): Promise<JournalHead> {
  const row = await db.selectFrom('journal').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst();
  return row ?? { seq: 0, hash: origin };
}

/** Which entries, oldest first. */
export interface JournalAsk {
  readonly subject?: string;
  readonly kind?: string;
  readonly after?: number;
  readonly limit?: number;
}

export async function readJournal(db: Db, ask: JournalAsk = {}): Promise<readonly JournalEntry[]> {
  let query = select(db)
    .where('journal.seq', '>', ask.after ?? 0)
    .orderBy('journal.seq')
    .limit(ask.limit ?? 1000);
  if (ask.subject !== undefined) query = query.where('journal.subject', '=', ask.subject);
  if (ask.kind !== undefined) query = query.where('journal.kind', '=', ask.kind);
  return (await query.execute()).map(({ body, salt: _salt, body_hash, ...row }) => ({
    ...row,
    bodyHash: body_hash,
    ...(body !== null && { body: JSON.parse(body) as JsonObject }),
  }));
}

export interface Verification {
  readonly entries: number;
  /** Bodies that were purged; their hashes are still covered. */
  readonly purged: number;
  /** The first entry that is not as it was written, and what is wrong with it. */
  readonly broken?: { readonly seq: number; readonly what: string };
}

/**
 * Walks the whole chain. Finds a changed, removed, renumbered, swapped or inserted entry and a changed body. A cut-off end it can find only
 * against an `anchor` that was kept elsewhere (`journalHead`), and a whole chain rewritten by somebody who has the key likewise.
 */
export async function verifyJournal(db: Db, ask: { readonly key?: string; readonly anchor?: JournalHead } = {}): Promise<Verification> {
  let previous = origin;
  let seq = 0;
  let purged = 0;
  for (;;) {
    const rows = await select(db).where('journal.seq', '>', seq).orderBy('journal.seq').limit(1000).execute();
    if (rows.length === 0) break;
    for (const row of rows) {
      const expected = seq + 1;
      const broken = (what: string): Verification => ({ entries: seq, purged, broken: { seq: expected, what } });
      if (row.seq !== expected) return broken('is missing');
      if (row.previous !== previous) return broken('does not follow the entry before it');
      const { at, actor, kind, subject } = row;
      if (hashOf({ seq: row.seq, at, actor, kind, subject, bodyHash: row.body_hash, previous }, ask.key) !== row.hash)
        return broken('was changed');
      if (row.body === null || row.salt === null) purged += 1;
      else if (sha256(row.salt + row.body) !== row.body_hash) return broken('has another body than it was written with');
      if (ask.anchor?.seq === row.seq && ask.anchor.hash !== row.hash) return broken('is not the one that was anchored');
      previous = row.hash;
      seq = expected;
    }
  }
  if (ask.anchor !== undefined && ask.anchor.seq > seq)
    return { entries: seq, purged, broken: { seq: seq + 1, what: 'is missing: the end was cut off' } };
  return { entries: seq, purged };
}

function select(db: Db) {
  return db
    .selectFrom('journal')
    .leftJoin('journal_body', 'journal_body.seq', 'journal.seq')
    .selectAll('journal')
    .select(['journal_body.body', 'journal_body.salt']);
}

interface Hashed {
  readonly seq: number;
  readonly at: Instant;
  readonly actor: string;
  readonly kind: string;
  readonly subject: string;
  readonly bodyHash: string;
  readonly previous: string;
}

function hashOf({ seq, at, actor, kind, subject, bodyHash, previous }: Hashed, key: string | undefined): string {
  const text = canonicalJson([seq, at, actor, kind, subject, bodyHash, previous]);
  return key === undefined ? sha256(text) : createHmac('sha256', key).update(text).digest('hex');
}
