import Database from 'better-sqlite3';
import { describe, expect, test } from '@jest/globals';
import { appendJournal, journalHead, readJournal, verifyJournal } from '../../src/store/index.js';
import { freshStore } from './world.js';

const note = (n: number) => ({
  at: `2026-05-01T10:00:0${n}.000Z`,
  actor: 'ann',
  kind: 'decision',
  subject: `IMP-000${n % 3}`,
  body: { n, why: 'because' },
});

async function journalOf(count: number, key?: string) {
  const store = await freshStore();
  for (let n = 1; n <= count; n += 1) await store.tx((t) => appendJournal(t, [note(n)], key));
  return store;
}

/** Somebody with the file and a tool, past every trigger. */
function tamper(path: string, ...statements: string[]): void {
  const database = new Database(path);
  const triggers = database.prepare("select name from sqlite_schema where type = 'trigger'").pluck().all() as string[];
  for (const name of triggers) database.exec(`drop trigger ${name}`);
  database.pragma('foreign_keys = off');
  for (const statement of statements) database.exec(statement);
  database.close();
}

describe('the journal', () => {
  test('is whole as written, and gives back what was written', async () => {
    const store = await journalOf(6, 'k');
    expect(await verifyJournal(store.read, { key: 'k' })).toEqual({ entries: 6, purged: 0 });
    expect((await readJournal(store.read, { subject: 'IMP-0001' })).map((entry) => [entry.seq, entry.body])).toEqual([
      [1, { n: 1, why: 'because' }],
      [4, { n: 4, why: 'because' }],
    ]);
    expect(await readJournal(store.read, { after: 4 })).toHaveLength(2);
  });

  test('cannot be changed or shortened through the database', async () => {
    const store = await journalOf(2);
    await expect(store.tx((t) => t.updateTable('journal').set({ actor: 'eve' }).execute())).rejects.toThrow('append-only');
    await expect(store.tx((t) => t.deleteFrom('journal').execute())).rejects.toThrow('append-only');
    await expect(store.tx((t) => t.updateTable('journal_body').set({ body: '{}' }).execute())).rejects.toThrow('append-only');
  });

  test.each([
    ['one changed letter', ["update journal set actor = 'anm' where seq = 4"], 4],
    ['a changed body', [`update journal_body set body = replace(body, 'because', 'becausf') where seq = 3`], 3],
    ['a removed entry', ['delete from journal where seq = 3'], 3],
    [
      'a removed entry with the rest renumbered',
      ['delete from journal where seq = 3', 'update journal set seq = seq - 1 where seq > 3'],
      3,
    ],
    [
      'two entries that changed places',
      [
        'update journal set seq = 99 where seq = 2',
        'update journal set seq = 2 where seq = 3',
        'update journal set seq = 3 where seq = 99',
      ],
      2,
    ],
    [
      'an entry put in',
      ["insert into journal select 7, at, actor, kind, subject, body_hash, hash, 'forged' from journal where seq = 6"],
      7,
    ],
  ])('gives away %s', async (_what, statements, seq) => {
    const store = await journalOf(6, 'k');
    tamper(store.path, ...statements);
    expect((await verifyJournal(store.read, { key: 'k' })).broken).toMatchObject({ seq });
  });

  test('gives away an entry written without the key', async () => {
    const store = await journalOf(3, 'k');
    await store.tx((t) => appendJournal(t, [note(4)]));
    expect((await verifyJournal(store.read, { key: 'k' })).broken?.seq).toBe(4);
  });

  test('gives away an end that was cut off, by an anchor kept elsewhere', async () => {
    const store = await journalOf(6);
    const anchor = await journalHead(store.read);
    tamper(store.path, 'delete from journal_body where seq > 4', 'delete from journal where seq > 4');
    expect((await verifyJournal(store.read)).broken).toBeUndefined();
    expect((await verifyJournal(store.read, { anchor })).broken).toMatchObject({ seq: 5 });
  });

  test('stays whole when a body is purged', async () => {
    const store = await journalOf(3);
    await store.tx((t) => t.deleteFrom('journal_body').where('seq', '=', 2).execute());
    expect(await verifyJournal(store.read)).toEqual({ entries: 3, purged: 1 });
    expect((await readJournal(store.read))[1]).not.toHaveProperty('body');
  });
});
