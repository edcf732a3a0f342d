import { randomBytes } from 'node:crypto';
import { asFailure, Failure } from '../../kit/index.js';
import { type Value, insertRows } from '../database/bulk.js';
import { canonicalJson, storable } from '../database/canonical.js';
import type { Db, Tx } from '../database/db.js';
import { bodyHashOf, entryHash, entryLeaf, type Hashed, type JournalHead, type NewJournalEntry, origin } from './entry.js';
import { type JournalKey, type KeyRing, keysOf, noteAppended } from './keys.js';
import { type Peaks, noPeaks, withLeaf } from './merkle.js';
import { writtenAs } from './people.js';

/**
 * Appends entries; the last act of a transaction. Each one's hash covers the one before, made with the key that the store was opened with. Bodies stand apart
 * under a salted hash, and persons under a random name: either can be purged, and the chain stays whole. When it fails, so must what it tells of: the
 * failure is the transaction's (its `place` is `journal`), and nothing is sent anywhere until an entry can be written again.
 */
export async function appendJournal(t: Tx, entries: readonly NewJournalEntry[]): Promise<JournalHead> {
  return append(t, entries, keysOf(t).current);
}

async function append(t: Tx, entries: readonly NewJournalEntry[], key: JournalKey | undefined): Promise<JournalHead> {
  try {
    return await write(t, entries, key);
  } catch (error) {
    const { kind, message, details } = asFailure(error);
    throw new Failure(kind, `the journal cannot be written: ${message}`, {
      ...details,
      place: 'journal',
      hint: details.hint ?? 'nothing is written to other systems until it can; look at the volume and at the database',
      cause: error,
    });
  }
}

/** Whether something failed because the journal could not be written. */
export function isJournalFailure(error: unknown): boolean {
  return asFailure(error).details.place === 'journal';
}

async function write(t: Tx, entries: readonly NewJournalEntry[], key: JournalKey | undefined): Promise<JournalHead> {
  let { seq, hash } = await journalHead(t);
  if (entries.length === 0) return { seq, hash };
  let peaks = await journalPeaks(t);
  const heads: Value[] = [];
  const bodies: Value[] = [];
  const actors = await writtenAs(
    t,
    entries.map(({ actor }) => actor),
  );
  for (const { at, actor, kind, subject, because, body } of entries) {
    seq += 1;
    const salt = randomBytes(16).toString('hex');
    const { pseudonym, shown } = actors.get(actor) ?? { pseudonym: actor, shown: actor };
    const text = canonicalJson({ actor: shown, because, body });
    const fields: Hashed = {
      seq,
      at,
      actor: pseudonym,
      kind,
      subject: storable(subject),
      bodyHash: bodyHashOf(salt, text),
      previous: hash,
      key: key?.id ?? null,
    };
    hash = entryHash(fields, key);
    peaks = withLeaf(peaks, entryLeaf(fields, hash));
    heads.push(seq, at, fields.actor, kind, fields.subject, fields.bodyHash, fields.previous, fields.key, hash);
    bodies.push(seq, salt, text);
  }
  await insertRows(t, 'journal', ['seq', 'at', 'actor', 'kind', 'subject', 'body_hash', 'previous', 'key', 'hash'], heads);
  await insertRows(t, 'journal_body', ['seq', 'salt', 'body'], bodies);
  const tree = { size: peaks.size, peaks: JSON.stringify(peaks.hashes) };
  await t
    .insertInto('journal_tree')
    .values({ id: 1, ...tree })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(tree))
    .execute();
  noteAppended(t);
  return { seq, hash };
}

/** The end of the chain. */
export async function journalHead(db: Db): Promise<JournalHead> {
  const row = await db.selectFrom('journal').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst();
  return row ?? { seq: 0, hash: origin };
}

/** The tree over all entries, as far as it is needed to add to it. */
export async function journalPeaks(db: Db): Promise<Peaks> {
  const row = await db.selectFrom('journal_tree').selectAll().executeTakeFirst();
  if (row === undefined) return noPeaks;
  return { size: row.size, hashes: JSON.parse(row.peaks) as string[] };
}

/** The kind of entry that says with which key the next ones are written; its subject names it. It is itself written with the key before. */
export const keyChanged = 'journal-key-changed';
export const subjectOfKey = (id: string | undefined): string => `journal-key:${id ?? 'none'}`;

/**
 * At start: when the configuration gives another key than the last entry was written with, the change is noted, with the key before, so that the chain shows
 * that whoever made the change had both. Fails with `config` when the key before is not given.
 */
export async function takeKeyIntoUse(t: Tx, ring: KeyRing, at: string): Promise<void> {
  const last = await t.selectFrom('journal').select(['key', 'kind', 'subject']).orderBy('seq', 'desc').limit(1).executeTakeFirst();
  if (last === undefined) return;
  const wanted = ring.current?.id ?? null;
  const announced = last.kind === keyChanged && last.subject === subjectOfKey(ring.current?.id);
  if (last.key === wanted || announced) return;
  const before = last.key === null ? undefined : ring.byId.get(last.key);
  if (last.key !== null && before === undefined)
    throw new Failure('config', `the journal is written with the key ${last.key}, and the configuration does not give it`, {
      hint: 'give the key back as journal.key, or, to change to another one, as one of journal.formerKeys beside the new one',
    });
  const because =
    ring.current === undefined
      ? 'the configuration gives no journal.key any more'
      : last.key === null
        ? 'the configuration gives a journal.key'
        : 'the configuration gives another journal.key';
  const body = { from: last.key, to: wanted };
  await append(t, [{ at, actor: 'golden-thread', kind: keyChanged, subject: subjectOfKey(ring.current?.id), because, body }], before);
}
