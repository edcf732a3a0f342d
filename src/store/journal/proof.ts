import { CompiledQuery } from 'kysely';
import type { Instant } from '../../kit/index.js';
import { Failure } from '../../kit/index.js';
import type { Db } from '../database/db.js';
import { entryLeaf, type Hashed, type JournalEntry, leafText } from './entry.js';
import { leafHash, levelsOf, pathOf, rootFromPath } from './merkle.js';
import { readJournal } from './read.js';

/**
 * Proves that an entry is in the journal whose first `size` entries have this root (RFC 6962). docs/auditor.md describes it for those who verify it by a
 * script of their own; all hashes are SHA-256 in lower-case hex.
 */
export interface InclusionProof {
  readonly seq: number;
  /** The text whose leaf hash is proven: a JSON array of seq, at, actor, kind, subject, bodyHash, previous, key, hash. */
  readonly leaf: string;
  readonly size: number;
  /** The siblings on the way to the root, nearest first. */
  readonly path: readonly string[];
  readonly root: string;
}

/** The proofs of these entries against the tree over the first `size` entries (default: all). Reads every entry's head once: 100,000 in well under a second. */
export async function proveEntries(db: Db, seqs: readonly number[], size?: number): Promise<readonly InclusionProof[]> {
  if (seqs.length === 0) return [];
  const rows = await headRows(db, size);
  const levels = levelsOf(rows.map((row) => entryLeaf(row, row.hash)));
  const root = levels.at(-1)?.[0] ?? '';
  return seqs.map((seq) => {
    const row = rows[seq - 1];
    if (row === undefined)
      throw new Failure('config', `journal entry ${seq} is not among the first ${rows.length}`, { hint: 'ask for a larger tree' });
    const leaf = leafText(row, row.hash);
    return { seq, leaf, size: rows.length, path: pathOf(levels, seq - 1), root };
  });
}

/** Whether the proof holds. That its root is the anchored one is for the reader to compare. */
export function isIncluded({ seq, leaf, size, path, root }: InclusionProof): boolean {
  return (JSON.parse(leaf) as readonly unknown[])[0] === seq && rootFromPath(leafHash(leaf), seq - 1, size, path) === root;
}

/** The root of the tree over the first `size` entries (default: all), made anew from the entries. */
export async function journalRoot(db: Db, size?: number): Promise<string> {
  const rows = await headRows(db, size);
  const levels = levelsOf(rows.map((row) => entryLeaf(row, row.hash)));
  return levels.at(-1)?.[0] ?? '';
}

/** Entries about one subject, each with its proof: what an evidence pack holds of the journal. */
export interface JournalExtract {
  /** What the proofs lead to: compare it with an anchor of this `seq` that was kept elsewhere. */
  readonly tree: { readonly algorithm: 'RFC 6962, SHA-256'; readonly size: number; readonly root: string; readonly at: Instant };
  readonly entries: readonly { readonly entry: JournalEntry; readonly proof: InclusionProof }[];
}

/** The extract of the journal for these subjects (an improvement's id, its ticket's number), against the journal as it now stands. */
export async function journalExtract(db: Db, subjects: readonly string[]): Promise<JournalExtract> {
  const entries: JournalEntry[] = [];
  for (const subject of new Set(subjects))
    for (let after = 0, more = true; more;) {
      const part = await readJournal(db, { subject, after });
      entries.push(...part);
      after = part.at(-1)?.seq ?? after;
      more = part.length === 1000;
    }
  entries.sort((a, b) => a.seq - b.seq);
  const head = await db.selectFrom('journal').select(['seq', 'at']).orderBy('seq', 'desc').limit(1).executeTakeFirst();
  const size = head?.seq ?? 0;
  const proofs = await proveEntries(
    db,
    entries.map(({ seq }) => seq),
    size,
  );
  const root = proofs[0]?.root ?? (await journalRoot(db, size));
  return {
    tree: { algorithm: 'RFC 6962, SHA-256', size, root, at: head?.at ?? '' },
    entries: entries.flatMap((entry, at) => {
      const proof = proofs[at];
      return proof === undefined ? [] : [{ entry, proof }];
    }),
  };
}

interface HeadRow extends Hashed {
  readonly hash: string;
}

async function headRows(db: Db, size: number | undefined): Promise<readonly HeadRow[]> {
  const text = 'select seq, at, actor, kind, subject, body_hash as bodyHash, previous, key, hash from journal where seq <= ? order by seq';
  return (await db.executeQuery<HeadRow>(CompiledQuery.raw(text, [size ?? Number.MAX_SAFE_INTEGER]))).rows;
}
