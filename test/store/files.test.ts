import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from '@jest/globals';
import { CompiledQuery, Kysely } from 'kysely';
import {
  acquireLock,
  appendJournal,
  backUp,
  getSetting,
  openCredentials,
  openReader,
  openStore,
  putSetting,
  recordsOfStream,
  verifyJournal,
} from '../../src/store/index.js';
import { sqliteDialect } from '../../src/store/database/dialect.js';
import { applicationId, openFile } from '../../src/store/database/open-file.js';
import type { Schema } from '../../src/store/schema.js';
import { clock, entry, folder, freshStore, incidents, savePages } from './world.js';

/** Opens, and expects a refusal that names the file and leaves every byte of it as it was. */
async function refusal(path: string): Promise<{ readonly message: string; readonly hint: string }> {
  const before = existsSync(path) ? readFileSync(path) : undefined;
  const error: unknown = await openStore({ path, clock }).then(
    (store) => store.close(),
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ kind: 'config', details: { place: path } });
  if (before === undefined) expect(existsSync(path)).toBe(false);
  else expect(readFileSync(path).equals(before)).toBe(true);
  const { message, details } = error as { message: string; details: { hint: string } };
  return { message, hint: details.hint };
}

async function closedStore(): Promise<string> {
  const path = join(folder(), 'gt.db');
  const store = await openStore({ path, clock });
  for (let at = 0; at < 40; at += 1) await store.tx((t) => putSetting(t, `s${at}`, 'x'.repeat(3000)));
  await store.close();
  return path;
}

describe('a database file', () => {
  test('keeps its installation id and its content over a restart', async () => {
    const path = join(folder(), 'deep', 'gt.db');
    const first = await openStore({ path, clock });
    await first.tx((t) => putSetting(t, 'a', { b: 1 }));
    await first.close();
    const second = await openStore({ path, clock, installationId: 'another' });
    expect(second.installationId).toBe(first.installationId);
    expect(await getSetting(second.read, 'a')).toEqual({ b: 1 });
    await second.close();
  });

  test('that is a text file is refused', async () => {
    const path = join(folder(), 'gt.db');
    writeFileSync(path, 'These are not the records that you are looking for. '.repeat(100));
    expect(await refusal(path)).toMatchObject({
      message: expect.stringContaining('not an SQLite database'),
      hint: expect.stringContaining('backup'),
    });
  });

  test('of another program is refused', async () => {
    const path = join(folder(), 'gt.db');
    const other = new Database(path);
    other.exec('create table customer (id integer primary key)');
    other.close();
    expect((await refusal(path)).message).toContain('another program');
  });

  test('that is cut in half or has a page of rubbish in it is refused with the way back', async () => {
    const half = await closedStore();
    truncateSync(half, Math.floor(statSync(half).size / 2 / 4096) * 4096);
    expect(await refusal(half)).toMatchObject({ message: expect.stringContaining('damaged'), hint: expect.stringContaining('backup') });
    const rubbish = await closedStore();
    const bytes = readFileSync(rubbish);
    bytes.fill(0xa5, 4096, 3 * 4096);
    writeFileSync(rubbish, bytes);
    expect((await refusal(rubbish)).hint).toContain('backup');
  });

  test('that was here before and is empty or gone is refused, because starting over would raise every ticket again', async () => {
    const path = await closedStore();
    truncateSync(path, 0);
    expect(await refusal(path)).toMatchObject({
      message: expect.stringContaining('empty'),
      hint: expect.stringContaining('restore a backup'),
    });
    rmSync(path);
    expect((await refusal(path)).message).toContain('gone');
    rmSync(`${path}.installed`);
    await (await openStore({ path, clock })).close();
  });

  test('written by a newer version is refused', async () => {
    const path = await closedStore();
    const database = new Database(path);
    database.exec("insert into kysely_migration values ('9999-later', '2030-01-01')");
    database.pragma('journal_mode = DELETE');
    database.close();
    expect(await refusal(path)).toMatchObject({ message: expect.stringContaining('newer'), hint: expect.stringContaining('backup') });
  });

  test.each([
    ['a column of another build', 'alter table record add column seen_at text', 'its table record is another one'],
    ['an index less', 'drop index input_series_input', 'its index input_series_input is missing'],
    ['evidence that may be changed', 'drop trigger journal_no_update', 'its trigger journal_no_update is missing'],
  ])('with %s is refused', async (_what, statement, said) => {
    const path = await closedStore();
    const database = new Database(path);
    database.exec(statement);
    database.close();
    const { message, hint } = await refusal(path);
    expect(message).toBe(`the database was made by another build of golden-thread, or changed by hand: ${said}`);
    expect(hint).toContain('the version that made it');
    // What reads needs no triggers: it is to tell what was changed.
    const read = (): void => openReader(path).close();
    if (said.includes('trigger')) read();
    else expect(read).toThrow(said);
  });

  test('to which an administrator added an index is taken as it is', async () => {
    const path = await closedStore();
    const database = new Database(path);
    database.exec('create index of_our_own on record (number)');
    database.close();
    await (await openStore({ path, clock })).close();
    openReader(path).close();
  });

  test('that an interrupted first start left without tables is taken up again', async () => {
    const path = join(folder(), 'gt.db');
    const begun = new Database(path);
    begun.pragma(`application_id = ${applicationId}`);
    begun.pragma('journal_mode = WAL');
    begun.close();
    await (await openStore({ path, clock })).close();
  });

  test('is on disk at every commit: write-ahead log, full synchronisation, foreign keys', async () => {
    const store = await freshStore();
    const database = new Database(store.path);
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
    database.close();
    const broken = store.tx((t) => t.insertInto('coverage').values({ stream: 4711, from: 'a', to: 'b' }).execute());
    await expect(broken).rejects.toThrow('FOREIGN KEY');
    const synchronous = await store.tx((t) => t.executeQuery(CompiledQuery.raw('pragma synchronous')));
    expect(synchronous.rows).toEqual([{ synchronous: 2 }]);
  });

  test('that is full stores nothing of the step, says so, and goes on when there is room', async () => {
    const path = join(folder(), 'gt.db');
    await (await openStore({ path, clock })).close();
    const limited = new Database(path);
    const pages = limited.pragma('page_count', { simple: true }) as number;
    limited.close();
    const database = openFile(path);
    database.pragma(`max_page_count = ${pages + 3}`);
    const db = new Kysely<Schema>({ dialect: sqliteDialect(database, 'write') });
    const filling = db.transaction().execute(async (t) => {
      for (let at = 0; at < 100; at += 1) await putSetting(t, `s${at}`, 'x'.repeat(4000));
    });
    await expect(filling).rejects.toMatchObject({ kind: 'transient', message: expect.stringContaining('full') });
    database.pragma('max_page_count = 1000000');
    await db.transaction().execute((t) => putSetting(t, 'after', 1));
    expect(database.prepare('select name from setting order by name').pluck().all()).toEqual(['after', 'installation']);
    database.close();
  });

  test('can be read by another process while it is written', async () => {
    const store = await freshStore();
    await savePages(store, [entry('a')]);
    const reader = openReader(store.path);
    expect((await recordsOfStream(reader.read, incidents, { limit: 5 })).records).toHaveLength(1);
    await savePages(store, [entry('b')]);
    expect((await recordsOfStream(reader.read, incidents, { limit: 5 })).records).toHaveLength(2);
    reader.close();
  });
});

describe('a backup', () => {
  test('taken while pages are stored is one whole state, and restores as an equal database', async () => {
    const store = await freshStore();
    const to = join(folder(), 'backup.db');
    const page = (n: number) => Array.from({ length: 300 }, (_, at) => entry(`${n}-${at}`, { text: 'x'.repeat(500) }));
    await savePages(store, page(0));
    let stop = false;
    const writing = (async () => {
      for (let n = 1; !stop && n < 200; n += 1) {
        await savePages(store, page(n));
        await store.tx((t) =>
          appendJournal(t, [{ at: clock(), actor: 'pull', kind: 'page', subject: 'snow/incident', because: 'a test', body: { n } }]),
        );
      }
    })();
    await store.backup(to);
    stop = true;
    await writing;
    expect(readdirSync(join(to, '..'))).toEqual(['backup.db']);
    const restored = await freshStore(to);
    expect(restored.installationId).toBe(store.installationId);
    const { records } = await recordsOfStream(restored.read, incidents, { limit: 100_000 });
    expect(records.length).toBeGreaterThanOrEqual(300);
    expect(records.length % 300).toBe(0);
    const original = await recordsOfStream(store.read, incidents, { limit: records.length });
    expect(records).toEqual(original.records);
    expect((await verifyJournal(restored.read)).broken).toBeUndefined();
  }, 60_000);

  test('never overwrites a file, and leaves nothing half done behind', async () => {
    const store = await freshStore();
    const to = join(folder(), 'backup.db');
    writeFileSync(to, 'precious');
    await expect(store.backup(to)).rejects.toMatchObject({ kind: 'config', details: { place: to } });
    expect(readFileSync(to, 'utf8')).toBe('precious');
    await expect(backUp(store.path, store.path)).rejects.toMatchObject({ kind: 'config' });
    const nowhere = join(folder(), 'missing', 'backup.db');
    await expect(store.backup(nowhere)).rejects.toBeDefined();
  });
});

describe('the lock', () => {
  const holder = new URL('hold-lock.js', import.meta.url).pathname;

  test('refuses a second process with a sentence even where the first forgot that it holds it, and is free right after the first was killed', async () => {
    const path = join(folder(), 'gt.db');
    const child = spawn(process.execPath, [holder, path], { stdio: ['pipe', 'pipe', 'pipe'] });
    try {
      await once(child.stdout, 'data');
      expect(() => acquireLock(path)).toThrow(
        expect.objectContaining({ kind: 'conflict', message: expect.stringContaining('another golden-thread') }),
      );
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    const lock = acquireLock(path);
    expect(() => acquireLock(path)).toThrow('another golden-thread');
    lock.release();
    acquireLock(path).release();
  });
});

describe('rotated tokens', () => {
  test('outlive a restart, are readable by the owner only, and are in no backup', async () => {
    const store = await freshStore();
    const first = openCredentials(store.path);
    await first.put('jira', 'refresh', 'one-secret');
    await first.put('jira', 'refresh', 'two-secret');
    first.close();
    const second = openCredentials(store.path);
    expect(await second.get('jira', 'refresh')).toBe('two-secret');
    expect(await second.get('snow', 'refresh')).toBeUndefined();
    second.close();
    expect(statSync(`${store.path}.credentials`).mode & 0o077).toBe(0);
    const to = join(folder(), 'backup.db');
    await store.backup(to);
    expect(readFileSync(to).includes('two-secret')).toBe(false);
  });
});
