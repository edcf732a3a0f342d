import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { main } from '../../src/cli/main.js';
import type { Improvement } from '../../src/domain/index.js';
import { openStore, saveImprovement } from '../../src/store/index.js';
import { anImprovement, entry, input, savePages } from '../store/world.js';

const shipped = fileURLToPath(new URL('../../../config', import.meta.url));
let dir: string;

/** Runs a command line on a database; gives its exit code and what it printed. */
async function run(
  database: string,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  process.env['GOLDEN_THREAD_DATABASE'] = join(dir, database);
  let out = '';
  let err = '';
  const code = await main(['--config', join(dir, 'config'), ...args], {
    out: (line) => (out += `${line}\n`),
    err: (line) => (err += `${line}\n`),
    isInteractive: false,
  });
  return { code, out, err };
}

async function fill(database: string, improvements: readonly Partial<Improvement>[]): Promise<void> {
  const store = await openStore({ path: join(dir, database), clock: () => '2026-05-01T00:00:00.000Z' });
  if (improvements.length > 0) await savePages(store, [entry('a', {}, { inputs: [{}] })]);
  for (const [at, given] of improvements.entries())
    await store.tx((t) =>
      saveImprovement(
        t,
        anImprovement({
          id: `IMP-000${at + 1}`,
          owner: 'm.okafor',
          approver: 'a.rahman',
          serviceIds: ['mail'],
          triggers: [input('a').id],
          ...given,
        }),
        {
          at: '2026-05-01T00:00:00.000Z',
          by: 'x',
          because: 'x',
        },
      ),
    );
  await store.close();
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'golden-thread-reports-'));
  cpSync(shipped, join(dir, 'config'), { recursive: true });
  for (const name of ['SERVICENOW_URL', 'JIRA_URL']) process.env[name] = 'https://x.test';
  for (const name of [
    'SERVICENOW_READ_USER',
    'SERVICENOW_READ_PASSWORD',
    'SERVICENOW_WRITE_USER',
    'SERVICENOW_WRITE_PASSWORD',
    'JIRA_EMAIL',
    'JIRA_API_TOKEN',
  ])
    process.env[name] = 'x';
  await fill('empty.db', []);
  await fill('gaps.db', [{ title: '=1+1 <b>|' }, { status: 'rejected', owner: 'l.weber', kind: 'sms', serviceIds: ['checkout'] }]);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('gaps ends with 2 when there are any, with 0 when there are none, whoever and whichever is asked for', async () => {
  expect(await run('empty.db', 'gaps')).toMatchObject({ code: 0, out: expect.stringContaining('No gap') });
  const all = await run('gaps.db', 'gaps');
  expect(all.code).toBe(2);
  expect(all.out).toMatch(/IMP-0001 .*decision-missing/);
  expect((await run('gaps.db', 'gaps', '--owner', 'l.weber')).code).toBe(0);
  expect((await run('gaps.db', 'gaps', '--owner', 'Amir Rahman', '--code', 'decision-missing')).code).toBe(2);
  expect((await run('gaps.db', 'gaps', '--code', 'change-missing')).code).toBe(0);
  expect((await run('gaps.db', 'gaps', '--as-of', '2026-04-30T00:00:00Z')).code).toBe(0);
});

test('thread, sample and clauses end with 2 for gaps as well; the register does not', async () => {
  expect((await run('gaps.db', 'thread', 'IMP-0001')).code).toBe(2);
  expect((await run('empty.db', 'sample')).code).toBe(0);
  expect((await run('gaps.db', 'sample', '--status', 'proposed')).code).toBe(2);
  expect((await run('gaps.db', 'clauses')).code).toBe(2);
  expect((await run('gaps.db', 'register')).code).toBe(0);
  expect((await run('gaps.db', 'review')).code).toBe(0);
});

test('the register can be asked for in part, and says so', async () => {
  const ids = async (...args: readonly string[]): Promise<readonly string[]> => {
    const { out } = await run('gaps.db', 'register', '--json', ...args);
    return (JSON.parse(out) as readonly Improvement[]).map(({ id }) => id);
  };
  expect(await ids()).toEqual(['IMP-0001', 'IMP-0002']);
  expect(await ids('--kind', 'sms')).toEqual(['IMP-0002']);
  expect(await ids('--owner', 'Mary Okafor')).toEqual(['IMP-0001']);
  expect(await ids('--service', 'E-mail')).toEqual(['IMP-0001']);
  expect(await ids('--overdue')).toEqual(['IMP-0001']);
  expect(await ids('--overdue', '--as-of', '2026-06-30T00:00:00Z')).toEqual([]);
  expect(await ids('--limit', '1', '--page', '2')).toEqual(['IMP-0002']);
  expect(await run('gaps.db', 'register', '--owner', 'nobody')).toMatchObject({
    code: 1,
    err: expect.stringContaining('no person "nobody"'),
  });
});

test('a report is written whole into its file, in the format that its name says', async () => {
  const file = (name: string): string => join(dir, 'out', name);
  for (const [name, begin] of [
    ['r.md', '# Improvement register'],
    ['r.html', '<!doctype html>'],
    ['r.csv', 'ID,Title,Description'],
    ['r.json', '{'],
    ['r.pdf', '%PDF-'],
    ['r.txt', 'Improvement register'],
  ] as const) {
    expect((await run('gaps.db', 'register', '--out', file(name))).code).toBe(0);
    expect(readFileSync(file(name), 'latin1').startsWith(begin)).toBe(true);
  }
  expect(readFileSync(file('r.csv'), 'utf8')).toContain("\r\nIMP-0001,'=1+1 <b>|,");
  expect(readFileSync(file('r.html'), 'utf8')).not.toContain('<b>|');
  expect(readdirSync(join(dir, 'out')).filter((name) => name.includes('partial'))).toEqual([]);
  const { report, about, improvements } = JSON.parse(readFileSync(file('r.json'), 'utf8')) as {
    report: string;
    about: Record<string, unknown>;
    improvements: readonly unknown[];
  };
  expect(report).toBe('register');
  expect(Object.keys(about)).toEqual(
    expect.arrayContaining(['organisation', 'at', 'gatesOff', 'gaps', 'policyHash', 'directoryHash', 'journal']),
  );
  expect(improvements).toHaveLength(2);
  expect((await run('gaps.db', 'register', '--out', file('r.xyz'))).code).toBe(78);
  expect((await run('gaps.db', 'register', '--format', 'docx')).code).toBe(64);
});

test('a pack is never written over something, and an unknown improvement leaves nothing behind', async () => {
  const pack = join(dir, 'pack');
  expect((await run('gaps.db', 'pack', 'IMP-0002', '--out', pack)).code).toBe(0);
  expect(existsSync(join(pack, 'IMP-0002', 'register-entry.json'))).toBe(true);
  expect((await run('gaps.db', 'pack', 'IMP-0002', '--out', pack)).code).toBe(78);
  expect((await run('gaps.db', 'pack', 'IMP-0404', '--out', join(dir, 'none'))).code).toBe(1);
  expect((await run('gaps.db', 'pack', '--out', join(dir, 'none'))).code).toBe(78);
  expect(existsSync(join(dir, 'none'))).toBe(false);
  const zip = join(dir, 'pack.zip');
  expect((await run('gaps.db', 'pack', 'IMP-0001', '--out', zip)).code).toBe(2);
  expect(readFileSync(zip).subarray(0, 2).toString()).toBe('PK');
  writeFileSync(join(dir, 'x'), '');
});

test('a trigger that is not in the database is a gap in every report alike', async () => {
  await fill('unknown.db', [{ status: 'rejected', triggers: [input('gone').id] }]);
  for (const args of [['gaps', '--code', 'trigger-unknown'], ['thread', 'IMP-0001'], ['register', '--format', 'text'], ['review']]) {
    const { out } = await run('unknown.db', ...args);
    expect(`${args[0]}: ${/trigger-unknown|Gaps +1\b/.test(out)}`).toBe(`${args[0]}: true`);
  }
});
