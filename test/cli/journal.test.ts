import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeSite, type Site } from './command.js';

const key = 'the-first-secret-of-the-journal-0123456789';
const next = 'the-second-secret-of-the-journal-012345678';
let site: Site;
let env: Readonly<Record<string, string>>;
const settings = 'config/golden-thread.yaml';

beforeAll(async () => {
  site = await makeSite();
  mkdirSync(join(site.dir, 'mount'));
  env = { JOURNAL_KEY: key };
  const file = join(site.dir, settings);
  writeFileSync(file, `${readFileSync(file, 'utf8')}\njournal:\n  key: \${JOURNAL_KEY}\n  anchorFile: ../mount/anchors.jsonl\n`);
  await site.runHere(['sync'], env);
  await site.runHere(['release', '--by', 'Ada Admin'], env);
  await site.runHere(['sync'], env);
}, 60_000);
afterAll(() => site.close());

/** What docs/auditor.md tells an auditor to do, by somebody who has only that page. */
function rootByHand({ leaf, path, seq, size }: { leaf: string; path: string[]; seq: number; size: number }): string {
  const sha = (...parts: Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
  let h = sha(Buffer.from([0]), Buffer.from(leaf));
  let [i, n] = [seq - 1, size - 1];
  for (const p of path) {
    const sibling = Buffer.from(p, 'hex');
    if (i % 2 === 1 || i === n) {
      h = sha(Buffer.from([1]), sibling, h);
      while (i % 2 === 0 && i !== 0) [i, n] = [i / 2, Math.floor(n / 2)];
    } else h = sha(Buffer.from([1]), h, sibling);
    [i, n] = [Math.floor(i / 2), Math.floor(n / 2)];
  }
  expect(n).toBe(0);
  return h.toString('hex');
}

interface Extract {
  readonly tree: { readonly size: number; readonly root: string };
  readonly entries: readonly {
    readonly entry: { readonly bodyHash: string; readonly sealed?: { readonly salt: string; readonly text: string } };
    readonly proof: { leaf: string; path: string[]; seq: number; size: number; root: string };
  }[];
}

const held = (needle: string): readonly string[] =>
  readdirSync(site.dir).filter((file) => file.startsWith('golden-thread.db') && readFileSync(join(site.dir, file)).includes(needle));

describe('the journal by its commands', () => {
  test('check warns of a journal without key and anchors, and no longer when it has both', async () => {
    const without = await site.runHere(['check', '--offline'], { ...env });
    expect(without.out).toMatch(/journal: key: entries are keyed/);
    expect(without.out).toMatch(/anchors: .*is on the volume of the database/);
    await site.changed(settings, /journal:\n(.*\n){2}/, '', async () => {
      expect((await site.runHere(['check', '--offline'])).out).toMatch(/the journal has no key/);
    });
  });

  test('an anchor file in the folder of the database is refused', async () => {
    await site.changed(settings, '../mount/anchors.jsonl', '../anchors.jsonl', async () => {
      const { code, err } = await site.runHere(['sync'], env);
      expect(code).toBe(78);
      expect(err).toMatch(/golden-thread\.yaml:\d+:\d+.*proves nothing/);
    });
  });

  test('verify agrees with the anchors, needs the key, and says when the end was cut off', async () => {
    expect((await site.runHere(['verify', '--anchors'], env)).out).toMatch(/every one as it was written[^]*anchors agree/);
    const other = await site.runHere(['verify'], { JOURNAL_KEY: next });
    expect(other.code).toBe(1);
    expect(other.err).toMatch(/journal entry 1 .*was written with the key [0-9a-f]{16}, which the configuration does not give/);
    const copy = join(site.dir, 'cut.db');
    await site.runHere(['backup', copy], env);
    const database = new Database(copy);
    for (const name of database.prepare("select name from sqlite_schema where type = 'trigger'").pluck().all() as string[])
      database.exec(`drop trigger ${name}`);
    database.pragma('foreign_keys = off');
    database.exec('delete from journal_body where seq > 2; delete from journal where seq > 2');
    database.close();
    const cut = await site.runHere(['verify', '--anchors'], { ...env, GOLDEN_THREAD_DATABASE: copy });
    expect(cut.code).toBe(1);
    expect(cut.err).toMatch(/journal entry 3 is missing: the end was cut off/);
  });

  test('an extract is proven by hand against the anchored root, without key and without golden-thread', async () => {
    const { out } = await site.runHere(['journal', 'installation', '--json'], env);
    const { tree, entries } = JSON.parse(out) as Extract;
    expect(entries.length).toBeGreaterThan(1);
    const anchors = readFileSync(join(site.dir, 'mount/anchors.jsonl'), 'utf8').trim().split('\n');
    const anchor = anchors.map((line) => JSON.parse(line) as { seq: number; root: string }).find(({ seq }) => seq === tree.size);
    expect(anchor?.root).toBe(tree.root);
    for (const { entry, proof } of entries) {
      expect(rootByHand(proof)).toBe(tree.root);
      const { salt = '', text = '' } = entry.sealed ?? {};
      expect(
        createHash('sha256')
          .update(salt + text)
          .digest('hex'),
      ).toBe(entry.bodyHash);
      expect((JSON.parse(proof.leaf) as unknown[])[5]).toBe(entry.bodyHash);
    }
  });

  test('the key is changed only by who has both, and the change is an entry', async () => {
    const alone = await site.runHere(['sync'], { JOURNAL_KEY: next });
    expect(alone.code).toBe(78);
    expect(alone.err).toMatch(/journal\.formerKeys/);
    copyFileSync(join(site.dir, settings), join(site.dir, 'kept.yaml'));
    writeFileSync(
      join(site.dir, settings),
      readFileSync(join(site.dir, settings), 'utf8').replace(
        'key: ${JOURNAL_KEY}',
        'key: ${JOURNAL_NEXT}\n  formerKeys: ["${JOURNAL_KEY}"]',
      ),
    );
    env = { ...env, JOURNAL_NEXT: next };
    await site.runHere(['sync'], env);
    expect((await site.runHere(['journal', '--kind', 'journal-key-changed'], env)).out).toMatch(/gives another journal\.key/);
    expect(await site.runHere(['verify', '--anchors'], env)).toMatchObject({ code: 0 });
  });

  test('a person is looked for, then purged; verify stays green, with anchors from before too', async () => {
    expect((await site.runHere(['status'], env)).out).toMatch(/Journal: \d+ entries, anchored up to \d+/);
    const dry = await site.runHere(['purge', '--person', 'Ada Admin', '--dry-run'], env);
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.out).toMatch(/person +1[^]*Nothing was changed/);
    expect(held('Ada Admin')).not.toEqual([]);
    expect((await site.runHere(['purge', '--person', 'Ada Admin'], env)).code).toBe(78);
    const done = await site.runHere(
      ['purge', '--person', 'Ada Admin', '--by', 'Bo Berg', '--because', 'Ada Admin left and asked for it'],
      env,
    );
    expect(done.out).toMatch(/\[removed person [0-9a-f]{8}\] stands in place of it/);
    expect(done).toMatchObject({ code: 0 });
    expect(held('Ada Admin')).toEqual([]);
    expect((await site.runHere(['verify', '--anchors'], env)).out).toMatch(/had their text removed by a purge/);
    expect((await site.runHere(['journal', '--kind', 'released'], env)).out).toMatch(/\[removed person [0-9a-f]{8}\]/);
    expect((await site.runHere(['purge', '--older-than-policy', '--dry-run'], env)).out).toMatch(/Nothing is past its time/);
  });

  test('no key was ever said or stored', () => {
    expect(site.said()).not.toContain(key);
    expect(site.said()).not.toContain(next);
    expect([...held(key), ...held(next)]).toEqual([]);
  });
});
