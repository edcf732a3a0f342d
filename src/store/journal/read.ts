import type { JsonObject } from '../../kit/index.js';
import type { Db } from '../database/db.js';
import type { JournalEntry } from './entry.js';
import { peopleOf } from './people.js';

/** Which entries, oldest first. */
export interface JournalAsk {
  readonly subject?: string;
  readonly kind?: string;
  readonly after?: number;
  /** The newest ones instead of the oldest, still in order. */
  readonly last?: boolean;
  /** At most so many; default 1000. */
  readonly limit?: number;
}

/** Entries with the people behind their pseudonyms, as far as these were not removed. */
export async function readJournal(db: Db, ask: JournalAsk = {}): Promise<readonly JournalEntry[]> {
  let query = db
    .selectFrom('journal')
    .leftJoin('journal_body', 'journal_body.seq', 'journal.seq')
    .selectAll('journal')
    .select(['journal_body.body', 'journal_body.salt'])
    .where('journal.seq', '>', ask.after ?? 0)
    .orderBy('journal.seq', ask.last === true ? 'desc' : 'asc')
    .limit(ask.limit ?? 1000);
  if (ask.subject !== undefined) query = query.where('journal.subject', '=', ask.subject);
  if (ask.kind !== undefined) query = query.where('journal.kind', '=', ask.kind);
  const rows = await query.execute();
  if (ask.last === true) rows.reverse();
  const people = await peopleOf(
    db,
    rows.map(({ actor }) => actor),
  );
  return rows.map(({ seq, at, actor, kind, subject, body_hash, previous, key, hash, body, salt }) => ({
    seq,
    at,
    actor: people.get(actor) ?? actor,
    pseudonym: actor,
    kind,
    subject,
    bodyHash: body_hash,
    previous,
    ...(key !== null && { key }),
    hash,
    ...(body !== null && salt !== null && { ...opened(body), sealed: { salt, text: body } }),
  }));
}

function opened(text: string): { readonly because: string; readonly body: JsonObject } {
  const { because, body } = JSON.parse(text) as { because: string; body: JsonObject };
  return { because, body };
}
