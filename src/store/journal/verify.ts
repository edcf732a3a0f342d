import { setImmediate } from 'node:timers/promises';
import { CompiledQuery } from 'kysely';
import type { Instant } from '../../kit/index.js';
import type { Db } from '../database/db.js';
import type { JournalAnchor } from './anchor.js';
import { journalPeaks, keyChanged, subjectOfKey } from './append.js';
import { bodyHashOf, entryHash, entryLeaf, entryText, origin } from './entry.js';
import { type JournalSecrets, keyRing } from './keys.js';
import { noPeaks, rootOf, withLeaf } from './merkle.js';
import { shownAs } from './people.js';
import { noteBody, purgedBodies } from './purged-bodies.js';

/** An anchor and where it was found. */
export interface AnchorFound extends JournalAnchor {
  /** `anchor file`, `log`, `ticket IMP-12`: for people. */
  readonly where: string;
}

/** The first entry that is not as it was written. */
export interface BrokenEntry {
  readonly seq: number;
  /** What is wrong, to follow "journal entry 12". */
  readonly what: string;
  /** When that entry says that it was written; absent when it is gone. */
  readonly at?: Instant;
  /** Up to this entry everything agrees with an anchor that was kept elsewhere. */
  readonly provenTo?: number;
}

/** A stretch of entries that were written with one key, or with none. */
export interface KeySpan {
  readonly from: number;
  readonly to: number;
  readonly key?: string;
}

export interface Verification {
  readonly entries: number;
  /** Bodies that were removed or redacted by a purge that the journal tells of; their hashes are still covered. */
  readonly purged: number;
  readonly spans: readonly KeySpan[];
  /** How many anchors were compared, and the last entry that one of them proves. */
  readonly anchors: number;
  readonly provenTo: number;
  readonly broken?: BrokenEntry;
}

export interface VerifyAsk extends JournalSecrets {
  readonly anchors?: readonly AnchorFound[];
  /** Told now and then while it goes on. */
  readonly progress?: (done: number) => void;
}

const chunk = 4000;
const text = `select j.seq, j.at, j.actor, j.kind, j.subject, j.body_hash as bodyHash, j.previous, j.key, j.hash, b.salt, b.body
  from journal j left join journal_body b on b.seq = j.seq where j.seq > ? order by j.seq limit ${chunk}`;

interface Row {
  readonly seq: number;
  readonly at: Instant;
  readonly actor: string;
  readonly kind: string;
  readonly subject: string;
  readonly bodyHash: string;
  readonly previous: string;
  readonly key: string | null;
  readonly hash: string;
  readonly salt: string | null;
  readonly body: string | null;
}

/**
 * Walks the whole chain and names the first entry that is not as it was written: changed, removed, renumbered, swapped, put in, or with another body than
 * the chain and the purges in it allow. What somebody wrote anew who could (no key was used, or they have it), and an end that was cut off, show only
 * against anchors that were kept elsewhere.
 */
export async function verifyJournal(db: Db, ask: VerifyAsk = {}): Promise<Verification> {
  const ring = keyRing(ask);
  const anchors = Map.groupBy(ask.anchors ?? [], ({ seq }) => seq);
  const bodies = purgedBodies();
  const spans: KeySpan[] = [];
  const named = await db.selectFrom('person').select(['id', 'name', 'removed_as']).execute();
  const people = new Map(named.map((row) => [row.id, shownAs(row)]));
  let previous = origin;
  let seq = 0;
  let provenTo = 0;
  let compared = 0;
  let peaks = noPeaks;
  let last: Row | undefined;
  let first: BrokenEntry | undefined;
  let misnamed: BrokenEntry | undefined;
  const noteMisnamed = (at: number, written: Instant): void => {
    misnamed ??= { seq: at, what: 'is laid to another person than it was written with', at: written };
  };
  const result = (broken?: BrokenEntry): Verification => {
    const known = [broken, misnamed, ...bodies.settle().broken].filter((each) => each !== undefined).toSorted((a, b) => a.seq - b.seq)[0];
    const { purged } = bodies.settle();
    return {
      entries: seq,
      purged,
      spans,
      anchors: compared,
      provenTo,
      ...(known && { broken: { ...known, ...(compared > 0 && { provenTo: Math.min(provenTo, known.seq - 1) }) } }),
    };
  };
  for (;;) {
    const { rows } = await db.executeQuery<Row>(CompiledQuery.raw(text, [seq]));
    if (rows.length === 0) break;
    for (const row of rows) {
      const expected = seq + 1;
      const broken = (what: string): Verification => result({ seq: expected, what, at: row.at });
      if (row.seq !== expected) return result({ seq: expected, what: 'is missing' });
      if (row.previous !== previous) return broken('does not follow the entry before it');
      const key = row.key === null ? undefined : ring.byId.get(row.key);
      if (row.key !== null && key === undefined)
        return broken(`was written with the key ${row.key}, which the configuration does not give`);
      if (last !== undefined && last.key !== row.key && !(last.kind === keyChanged && last.subject === subjectOfKey(row.key ?? undefined)))
        return broken(
          row.key === null ? 'was written without the key' : 'was written with another key, and the entry before it does not say so',
        );
      const covered = entryText(row);
      if (entryHash(row, key, covered) !== row.hash) return broken('was changed');
      // A body begins with its actor: the table of people cannot be turned against it.
      if (row.body !== null && !row.body.startsWith(`{"actor":${JSON.stringify(people.get(row.actor) ?? row.actor)},`))
        noteMisnamed(row.seq, row.at);
      noteBody(bodies, row, row.body !== null && row.salt !== null ? bodyHashOf(row.salt, row.body) : null);
      peaks = withLeaf(peaks, entryLeaf(row, row.hash, covered));
      for (const anchor of anchors.get(row.seq) ?? []) {
        compared += 1;
        if (!row.hash.startsWith(anchor.hash) || (anchor.root !== undefined && anchor.root !== rootOf(peaks)))
          return broken(`is not the one that was anchored (${anchor.where}, ${anchor.at}): it, or what is before it, was written anew`);
        provenTo = row.seq;
      }
      const span = spans.at(-1);
      if (span !== undefined && (span.key ?? null) === row.key) spans[spans.length - 1] = { ...span, to: row.seq };
      else spans.push({ from: row.seq, to: row.seq, ...(row.key !== null && { key: row.key }) });
      previous = row.hash;
      seq = expected;
      last = row;
    }
    ask.progress?.(seq);
    await setImmediate();
  }
  const cut = [...anchors.keys()].filter((at) => at > seq).toSorted((a, b) => a - b)[0];
  if (cut !== undefined) {
    const { where, at } = anchors.get(cut)?.[0] ?? { where: '', at: '' };
    first = { seq: seq + 1, what: `is missing: the end was cut off; entry ${cut} was anchored (${where}, ${at})` };
  } else if (last !== undefined && ring.current !== undefined && last.key !== ring.current.id && last.kind !== keyChanged)
    first = { seq, what: 'was written without the key that the configuration gives', at: last.at };
  else if ((await journalPeaks(db)).size !== seq || rootOf(await journalPeaks(db)) !== rootOf(peaks))
    first = { seq, what: 'is not where the tree of the journal ends: entries were added or removed past golden-thread' };
  return result(first);
}
