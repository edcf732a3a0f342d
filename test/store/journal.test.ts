import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from '@jest/globals';
import {
  appendJournal,
  isIncluded,
  journalAnchor,
  journalExtract,
  keyIdOf,
  openStore,
  proveEntries,
  readJournal,
  verifyJournal,
} from '../../src/store/index.js';
import { clock, folder, freshStore } from './world.js';

const first = 'a-secret-of-more-than-thirty-two-characters';
const second = 'another-secret-of-more-than-thirty-two-characters';

const note = (n: number, actor = 'ann') => ({
  at: `2026-05-01T10:00:${String(n).padStart(2, '0')}.000Z`,
  actor,
  kind: 'decision',
  subject: `IMP-000${n % 3}`,
  because: `reason ${n}`,
  body: { n, why: 'because' },
});

async function journalOf(count: number, key?: string, path = join(folder(), 'gt.db')) {
  const store = await freshStore(path, key === undefined ? {} : { key });
  for (let n = 1; n <= count; n += 1) await store.tx((t) => appendJournal(t, [note(n)]));
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
  test('is whole as written, and gives back what was written, with its reason', async () => {
    const store = await journalOf(6, first);
    expect(await verifyJournal(store.read, { key: first })).toMatchObject({
      entries: 6,
      purged: 0,
      spans: [{ from: 1, to: 6, key: keyIdOf(first) }],
    });
    expect(
      (await readJournal(store.read, { subject: 'IMP-0001' })).map(({ seq, actor, because, body }) => [seq, actor, because, body]),
    ).toEqual([
      [1, 'ann', 'reason 1', { n: 1, why: 'because' }],
      [4, 'ann', 'reason 4', { n: 4, why: 'because' }],
    ]);
    expect(await readJournal(store.read, { after: 4 })).toHaveLength(2);
  });

  test('names the newest entries in their order', async () => {
    const store = await journalOf(6);
    expect((await readJournal(store.read, { last: true, limit: 2 })).map(({ seq }) => seq)).toEqual([5, 6]);
  });

  test('holds no name of a person in its chain, and one pseudonym for each', async () => {
    const store = await freshStore();
    await store.tx((t) => appendJournal(t, [note(1, 'Jane Doe'), note(2, 'golden-thread'), note(3, 'Jane Doe'), note(4, 'John Roe')]));
    const chain = await store.read.selectFrom('journal').select('actor').orderBy('seq').execute();
    const [jane, task, again, john] = chain.map(({ actor }) => actor);
    expect(jane).toMatch(/^person:[0-9a-f]{24}$/);
    expect([task, again]).toEqual(['golden-thread', jane]);
    expect(john).not.toBe(jane);
    expect((await readJournal(store.read)).map(({ actor }) => actor)).toEqual(['Jane Doe', 'golden-thread', 'Jane Doe', 'John Roe']);
  });

  test('cannot be changed or shortened through the database', async () => {
    const store = await journalOf(2);
    await expect(store.tx((t) => t.updateTable('journal').set({ actor: 'eve' }).execute())).rejects.toThrow('append-only');
    await expect(store.tx((t) => t.deleteFrom('journal').execute())).rejects.toThrow('append-only');
    await expect(store.tx((t) => t.updateTable('journal_body').set({ body: '{}' }).execute())).rejects.toThrow('append-only');
    await expect(store.tx((t) => t.deleteFrom('journal_body').execute())).rejects.toThrow('append-only');
  });

  test('gives away a body that is gone although no purge took it', async () => {
    const store = await journalOf(3);
    tamper(store.path, 'delete from journal_body where seq = 2');
    expect((await verifyJournal(store.read)).broken).toMatchObject({ seq: 2 });
    expect((await readJournal(store.read))[1]).not.toHaveProperty('body');
  });

  test('gives away an end that was cut off, by an anchor kept elsewhere', async () => {
    const store = await journalOf(6);
    const anchor = await journalAnchor(store.read);
    tamper(store.path, 'delete from journal_body where seq > 4', 'delete from journal where seq > 4', 'delete from journal_tree');
    expect((await verifyJournal(store.read, { anchors: [{ ...anchor!, where: 'here' }] })).broken).toMatchObject({ seq: 5 });
  });

  test('agrees with every anchor that was taken of it, also with only the beginning of a hash', async () => {
    const store = await freshStore();
    const anchors = [];
    for (let n = 1; n <= 20; n += 1) {
      await store.tx((t) => appendJournal(t, [note(n)]));
      const anchor = (await journalAnchor(store.read))!;
      anchors.push({ ...anchor, where: 'file' }, { seq: anchor.seq, at: anchor.at, hash: anchor.hash.slice(0, 16), where: 'ticket' });
    }
    expect(await verifyJournal(store.read, { anchors })).toMatchObject({ anchors: 40, provenTo: 20 });
    expect((await verifyJournal(store.read, { anchors })).broken).toBeUndefined();
  });
});

describe('the key of the journal', () => {
  test('is taken into use by an entry that says so, and both stretches are verified', async () => {
    const path = join(folder(), 'gt.db');
    await (await journalOf(3, undefined, path)).close();
    const keyed = await freshStore(path, { key: first });
    await keyed.tx((t) => appendJournal(t, [note(5)]));
    await keyed.close();
    const changed = await freshStore(path, { key: second, formerKeys: [first] });
    await changed.tx((t) => appendJournal(t, [note(7)]));
    const verified = await verifyJournal(changed.read, { key: second, formerKeys: [first] });
    expect(verified.broken).toBeUndefined();
    expect(verified.spans).toEqual([
      { from: 1, to: 4 },
      { from: 5, to: 6, key: keyIdOf(first) },
      { from: 7, to: 7, key: keyIdOf(second) },
    ]);
    expect((await verifyJournal(changed.read, { key: second })).broken).toMatchObject({
      seq: 5,
      what: expect.stringContaining(keyIdOf(first)),
    });
  });

  test('cannot be changed or dropped by somebody who does not have the one before', async () => {
    const path = join(folder(), 'gt.db');
    await (await journalOf(3, first, path)).close();
    await expect(openStore({ path, clock, journal: { key: second } })).rejects.toMatchObject({ kind: 'config' });
    await expect(openStore({ path, clock })).rejects.toMatchObject({ kind: 'config' });
  });

  test('is not in the database', async () => {
    const store = await journalOf(3, first);
    const all = new Database(store.path).serialize();
    expect(all.includes(Buffer.from(first))).toBe(false);
    expect(all.includes(Buffer.from(keyIdOf(first)))).toBe(true);
  });
});

describe('a proof of inclusion', () => {
  test('holds for every entry of a journal of every small size, and for no other leaf', async () => {
    const store = await journalOf(13, first);
    for (let size = 1; size <= 13; size += 1) {
      const proofs = await proveEntries(
        store.read,
        Array.from({ length: size }, (_, at) => at + 1),
        size,
      );
      expect(proofs.every(isIncluded)).toBe(true);
      expect(proofs.some((proof) => isIncluded({ ...proof, leaf: proof.leaf.replace('IMP-', 'IMQ-') }))).toBe(false);
      expect(proofs.slice(1).some((proof) => isIncluded({ ...proof, path: proof.path.slice(1) }))).toBe(false);
    }
  });

  test('leads to the root that was anchored, which grew an entry at a time', async () => {
    const store = await journalOf(13);
    const [proof] = await proveEntries(store.read, [4]);
    expect(proof?.root).toBe((await journalAnchor(store.read))?.root);
  });

  test('comes with each entry of an extract', async () => {
    const store = await journalOf(7, first);
    const { tree, entries } = await journalExtract(store.read, ['IMP-0001']);
    expect(entries.map(({ entry }) => entry.seq)).toEqual([1, 4, 7]);
    expect(entries.every(({ proof }) => isIncluded(proof) && proof.root === tree.root && proof.size === tree.size)).toBe(true);
  });
});

describe('the table of people', () => {
  test('cannot be turned against an entry: whoever it was laid to is named in its body too', async () => {
    const store = await journalOf(3);
    tamper(store.path, "update person set name = 'eve'");
    expect((await verifyJournal(store.read)).broken).toMatchObject({ seq: 1, what: expect.stringContaining('another person') });
  });
});
