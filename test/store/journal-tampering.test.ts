import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { type AnchorFound, appendJournal, journalAnchor, openReader, type Verification, verifyJournal } from '../../src/store/index.js';
import { bodyHashOf, entryHash, entryLeaf, type Hashed, origin } from '../../src/store/journal/entry.js';
import { keyIdOf } from '../../src/store/journal/keys.js';
import { noPeaks, withLeaf } from '../../src/store/journal/merkle.js';
import { folder, freshStore } from './world.js';

const secret = 'a-secret-of-more-than-thirty-two-characters';
const actors = ['Jane Doe', 'golden-thread', 'John Roe'];

interface Row extends Hashed {
  readonly hash: string;
}

/** What somebody does who has the file, a tool and this program; `at` is an entry from 2 to the last but one. */
interface Tampering {
  readonly what: string;
  readonly does: (database: Database.Database, at: number, size: number, pick: number) => void;
  /** Whether it shows without any anchor, in a journal with a key and in one without. */
  readonly shows: { readonly keyed: boolean; readonly plain: boolean };
}

/** Lets the attacker work past triggers and references. */
function unlocked(path: string, work: (database: Database.Database) => void): void {
  const database = new Database(path);
  const triggers = database.prepare("select name from sqlite_schema where type = 'trigger'").pluck().all() as string[];
  for (const name of triggers) database.exec(`drop trigger ${name}`);
  database.pragma('foreign_keys = off');
  work(database);
  database.close();
}

/** Another text of the same length. */
const other = (text: string, pick: number): string => {
  const at = pick % text.length;
  return `${text.slice(0, at)}${text[at] === 'x' ? 'y' : 'x'}${text.slice(at + 1)}`;
};

function rowsOf(database: Database.Database): Row[] {
  return database
    .prepare('select seq, at, actor, kind, subject, body_hash as bodyHash, previous, key, hash from journal order by seq')
    .all() as Row[];
}

/** Writes every entry from `from` on anew, consistently: with the key, or plainly. */
function rewrite(database: Database.Database, from: number, key: string | undefined, edit: (row: Row) => Row): void {
  let previous = origin;
  let peaks = noPeaks;
  const put = database.prepare('update journal set subject = ?, body_hash = ?, previous = ?, key = ?, hash = ? where seq = ?');
  for (const row of rowsOf(database)) {
    let { hash } = row;
    let kept: Hashed = row;
    if (row.seq >= from) {
      kept = { ...(row.seq === from ? edit(row) : row), previous, key: key === undefined ? null : keyIdOf(key) };
      hash = entryHash(kept, key === undefined ? undefined : { id: keyIdOf(key), secret: key });
      put.run(kept.subject, kept.bodyHash, kept.previous, kept.key, hash, row.seq);
    }
    peaks = withLeaf(peaks, entryLeaf(kept, hash));
    previous = hash;
  }
  const hashes = JSON.stringify(peaks.hashes);
  database.prepare('update journal_tree set size = ?, peaks = ?').run(peaks.size, hashes);
}

/** The body too: what the attacker wants to be read, sealed as the product seals it. */
function editBody(database: Database.Database, row: Row): Row {
  const { salt, body } = database.prepare('select salt, body from journal_body where seq = ?').get(row.seq) as {
    salt: string;
    body: string;
  };
  const text = body.replace('reason', 'excuse');
  database.prepare('update journal_body set body = ? where seq = ?').run(text, row.seq);
  return { ...row, bodyHash: bodyHashOf(salt, text) };
}

const columns = ['at', 'actor', 'kind', 'subject', 'body_hash', 'previous', 'key', 'hash', 'salt', 'body'] as const;

const tamperings: readonly Tampering[] = [
  {
    what: 'one byte of any column or body changed',
    does: (database, at, _size, pick) => {
      const column = columns[pick % columns.length] ?? 'at';
      const table = column === 'salt' || column === 'body' ? 'journal_body' : 'journal';
      const before = (database.prepare(`select ${column} from ${table} where seq = ?`).pluck().get(at) as string | null) ?? 'z';
      database.prepare(`update ${table} set ${column} = ? where seq = ?`).run(other(before, pick), at);
    },
    shows: { keyed: true, plain: true },
  },
  {
    what: 'an entry deleted',
    does: (database, at) => {
      database.prepare('delete from journal where seq = ?').run(at);
      database.prepare('delete from journal_body where seq = ?').run(at);
    },
    shows: { keyed: true, plain: true },
  },
  {
    what: 'an entry deleted and the rest renumbered',
    does: (database, at) => {
      for (const table of ['journal', 'journal_body']) {
        database.prepare(`delete from ${table} where seq = ?`).run(at);
        database.prepare(`update ${table} set seq = seq - 1 where seq > ?`).run(at);
      }
    },
    shows: { keyed: true, plain: true },
  },
  {
    what: 'two entries swapped',
    does: (database, at) => {
      for (const table of ['journal', 'journal_body'])
        for (const [from, to] of [
          [at, 9999],
          [at + 1, at],
          [9999, at + 1],
        ])
          database.prepare(`update ${table} set seq = ? where seq = ?`).run(to, from);
    },
    shows: { keyed: true, plain: true },
  },
  {
    what: 'an entry forged at the end, without the key',
    does: (database, _at, size) => {
      const last = rowsOf(database).at(-1);
      const body = '{"actor":"golden-thread","because":"none","body":{}}';
      const row: Hashed = {
        seq: size + 1,
        at: '2026-06-01T00:00:00.000Z',
        actor: 'golden-thread',
        kind: 'decision-taken',
        subject: 'IMP-0001',
        bodyHash: bodyHashOf('aa', body),
        previous: last?.hash ?? '',
        key: last?.key ?? null,
      };
      const hash = entryHash(row, undefined);
      database
        .prepare('insert into journal (seq, at, actor, kind, subject, body_hash, previous, key, hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?)')
        .run(row.seq, row.at, row.actor, row.kind, row.subject, row.bodyHash, row.previous, row.key, hash);
      database.prepare('insert into journal_body (seq, salt, body) values (?, ?, ?)').run(row.seq, 'aa', body);
    },
    shows: { keyed: true, plain: true }, // in a plain one by the tree, which this attacker forgot
  },
  {
    what: 'everything from the middle on written anew, without the key',
    does: (database, at) => rewrite(database, at, undefined, (row) => editBody(database, row)),
    shows: { keyed: true, plain: false },
  },
  {
    what: 'the end cut off, cleanly',
    does: (database, at) => {
      for (const table of ['journal_body', 'journal']) database.prepare(`delete from ${table} where seq > ?`).run(at);
      rewrite(database, Number.MAX_SAFE_INTEGER, undefined, (row) => row);
    },
    shows: { keyed: false, plain: false },
  },
  {
    what: 'everything from the middle on written anew, with the key',
    does: (database, at) => {
      const keyed = rowsOf(database)[0]?.key !== null;
      rewrite(database, at, keyed ? secret : undefined, (row) => editBody(database, row));
    },
    shows: { keyed: false, plain: false },
  },
];

async function verified(path: string, key: string | undefined, anchors: readonly AnchorFound[]): Promise<Verification> {
  const reader = openReader(path);
  try {
    return await verifyJournal(reader.read, { ...(key !== undefined && { key }), anchors });
  } finally {
    reader.close();
  }
}

const noteOf = (n: number, pick: number) => ({
  at: '2026-05-01T10:00:00.000Z',
  actor: actors[(n + pick) % actors.length] ?? '',
  kind: 'decision',
  subject: `IMP-${n % 5}`,
  because: `reason ${n}`,
  body: { n },
});

const journals = fc.record({
  size: fc.integer({ min: 4, max: 24 }),
  at: fc.nat(),
  pick: fc.nat(),
  anchored: fc.array(fc.nat(), { maxLength: 3 }),
});

describe.each(['keyed', 'plain'] as const)('a %s journal that somebody tampers with', (kind) => {
  const key = kind === 'keyed' ? secret : undefined;
  test.each(tamperings)('gives away $what, always with anchors, and without as is said here', async ({ does, shows }) => {
    await fc.assert(
      fc.asyncProperty(journals, async ({ size, at, pick, anchored }) => {
        const store = await freshStore(join(folder(), 'gt.db'), key === undefined ? {} : { key });
        const anchors: AnchorFound[] = [];
        let from = 1;
        for (const to of [...new Set([...anchored.map((each) => each % size), size])]
          .filter((each) => each > 0)
          .toSorted((a, b) => a - b)) {
          const entries = Array.from({ length: to + 1 - from }, (_, step) => noteOf(from + step, pick));
          await store.tx((t) => appendJournal(t, entries));
          const anchor = await journalAnchor(store.read);
          if (anchor !== undefined) anchors.push({ ...anchor, where: 'outside' });
          from = to + 1;
        }
        const copy = join(folder(), 'copy.db');
        await store.backup(copy);
        const untouched = await verified(copy, key, anchors);
        const target = 2 + (at % (size - 2));
        copyFileSync(copy, `${copy}.tampered`);
        unlocked(`${copy}.tampered`, (database) => does(database, target, size, pick));
        const alone = await verified(`${copy}.tampered`, key, []);
        const anchoredResult = await verified(`${copy}.tampered`, key, anchors);
        expect(untouched.broken).toBeUndefined();
        expect(alone.broken !== undefined).toBe(shows[kind]);
        expect(anchoredResult.broken).toBeDefined();
      }),
      { numRuns: 5 },
    );
  });
});
