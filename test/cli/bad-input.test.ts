import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, jest } from '@jest/globals';
import Database from 'better-sqlite3';
import { bin, ended, makeSite, type Site, stackTrace } from './command.js';
import { spawn } from 'node:child_process';

// Most command lines run in this process; those that end one with each of the exit codes run in one of their own, and some seconds on a busy machine.
jest.setTimeout(180_000);

let site: Site;
beforeAll(async () => {
  site = await makeSite();
});
afterAll(() => site.close());
afterEach(() => {
  // A remedy is a sentence; a stack trace is none. No secret is ever part of one.
  expect(site.said()).not.toMatch(stackTrace);
  expect(site.said()).not.toMatch(/reader-password|writer-password|bot-token|not-the-password/);
});

describe('configuration that cannot be used ends with 78, its place and its remedy', () => {
  test('an unknown key: what was probably meant', () =>
    site.changed('config/policy.yaml', 'coolDownDays:', 'coolDownDay:', async () => {
      const { code, err } = await site.runHere(['check', '--offline']);
      expect(code).toBe(78);
      expect(err).toMatch(/policy\.yaml:\d+:\d+.*coolDownDay\b/s);
      expect(err).toMatch(/did you mean .*coolDownDays/);
    }));

  test('a variable that is not set: which, and where it is asked for', async () => {
    const { code, err } = await site.runHere(['check'], { JIRA_API_TOKEN: undefined });
    expect(code).toBe(78);
    expect(err).toMatch(/golden-thread\.yaml:\d+:\d+.*JIRA_API_TOKEN/s);
    expect(err).toContain('->');
  });

  test('several at once: all of them in one run', () =>
    site.changed('config/policy.yaml', 'coolDownDays: 90', 'coolDownDays: -3', async () => {
      const { code, err } = await site.runHere(['sync'], { JIRA_API_TOKEN: undefined, SERVICENOW_URL: undefined });
      expect(code).toBe(78);
      for (const each of [/JIRA_API_TOKEN/, /SERVICENOW_URL/, /policy\.yaml:\d+/]) expect(err).toMatch(each);
    }));

  test('a formula with a syntax error: file, line and column', () =>
    site.changed('mappings/servicenow/incident.yaml', '=$time(opened_at)', '=$time(opened_at', async () => {
      const { code, err } = await site.runHere(['check', '--offline']);
      expect(code).toBe(78);
      expect(err).toMatch(/incident\.yaml:\d+:\d+/);
      expect(existsSync(site.database)).toBe(false);
    }));

  test.each([{ args: ['check'] }, { args: ['mappings', 'lint'] }])(
    'a formula that reads a field which the system does not have ($args): which was probably meant',
    ({ args }) =>
      site.changed('mappings/servicenow/incident.yaml', 'reopened: =reopen_count', 'reopened: =reopn_count', async () => {
        const { code, out, err } = await site.runHere(args);
        expect(code).toBe(78);
        expect(out + err).toMatch(/incident\.yaml:\d+:\d+.*reopn_count/s);
        expect(out + err).toMatch(/reopen_count/);
      }),
  );

  test('a mapping that reads a table which does not exist', () =>
    site.changed('mappings/servicenow/problem.yaml', 'from: servicenow.problem', 'from: servicenow.problm', async () => {
      const { code, out, err } = await site.runHere(['check']);
      expect(code).toBe(78);
      expect(out + err).toMatch(/problem\.yaml:\d+:\d+.*servicenow\.problm.*did you mean "servicenow\.problem"/s);
    }));

  test('a table that the account may not read', async () => {
    await site.servicenow.restrict({ user: 'gt.reader', table: 'task_sla', forbid: true });
    try {
      const { code, out } = await site.runHere(['check']);
      expect(code).toBe(78);
      expect(out).toMatch(/✗ servicenow-prod: .*task_sla/);
      expect(out).toContain('->');
    } finally {
      await site.servicenow.unrestrict();
    }
  });

  test('a mapping test that fails: which, with what was expected and what came', () =>
    site.changed('mappings/servicenow/incident.yaml', 'category: incident', 'category: problem', async () => {
      const checked = await site.runHere(['check', '--offline']);
      expect(checked.code).toBe(78);
      expect(checked.out).toMatch(/cases fail, first .*incident\.test\.yaml:\d+/);
      const tested = await site.runHere(['mappings', 'test']);
      expect(tested.code).toBe(2);
      expect(tested.out).toMatch(/incident\.test\.yaml:\d+(:\d+)?: servicenow\/incident: /);
      expect(tested.out).toMatch(/category.*incident/s);
    }));

  test('a mapping whose category the policy has not approved: a warning, because nothing would be raised from it', () =>
    site.changed('mappings/servicenow/incident.yaml', 'category: incident', 'category: incidents', async () => {
      const { out } = await site.runHere(['check', '--offline']);
      expect(out).toMatch(
        /! mappings: \S*incident\.yaml:\d+:\d+: category: "incidents" is no approved input of policy\.yaml \(did you mean "incident"\?\)/,
      );
    }));

  test('an unknown connector', () =>
    site.changed('config/golden-thread.yaml', 'connector: servicenow', 'connector: servicnow', async () => {
      const { code, err } = await site.run(['check', '--offline']);
      expect(code).toBe(78);
      expect(err).toMatch(/golden-thread\.yaml:\d+:\d+.*there is no connector "servicnow"/s);
    }));
});

describe('systems that cannot be reached or do not let us in', () => {
  test.each([
    { whose: 'the ServiceNow reading account', more: { SERVICENOW_READ_PASSWORD: 'not-the-password' }, system: 'servicenow-prod' },
    { whose: 'the ServiceNow writing account', more: { SERVICENOW_WRITE_PASSWORD: 'not-the-password' }, system: 'servicenow-prod' },
    { whose: 'the Jira account', more: { JIRA_API_TOKEN: 'not-the-password' }, system: 'jira-cloud' },
  ])('wrong credentials of $whose: check names the system and what to do', async ({ more, system }) => {
    const { code, out } = await site.runHere(['check'], more);
    expect(code).toBe(78);
    expect(out).toMatch(new RegExp(`✗ ${system}: .*refuse.* credentials`));
    expect(out).toMatch(/->/);
    // The other system is looked at all the same.
    expect(out).toMatch(system === 'jira-cloud' ? /✓ servicenow-prod: / : /✓ jira-cloud: /);
  });

  test('wrong credentials: a round ends with 77, and the other system was read', async () => {
    const { code, out, err } = await site.run(['sync', '--once'], { JIRA_API_TOKEN: 'not-the-password' });
    expect(code).toBe(77);
    expect(err).toMatch(/jira-cloud/);
    expect(out).toMatch(/servicenow-prod\/incident/);
    rmSync(site.database);
    for (const file of ['-wal', '-shm', '.installed']) rmSync(`${site.database}${file}`, { force: true });
  });

  test('a host that nobody answers at: 69, with its address', async () => {
    const { code, out } = await site.run(['check'], { SERVICENOW_URL: 'http://127.0.0.1:9' });
    expect(code).toBe(69);
    expect(out).toMatch(/✗ servicenow-prod: .*127\.0\.0\.1:9/);
  });
});

describe('databases that are not what they should be are never overwritten', () => {
  const remove = (): void => {
    for (const file of ['', '-wal', '-shm', '.installed', '.lock']) rmSync(`${site.database}${file}`, { force: true });
  };
  afterEach(remove);

  test.each([['sync'], ['status']])('a corrupt one (%s)', async (verb) => {
    await site.runHere(['release', '--by', 'Ada Admin']);
    const bytes = readFileSync(site.database);
    bytes.fill(0x5a, 100, bytes.length);
    for (const file of ['-wal', '-shm']) rmSync(`${site.database}${file}`, { force: true });
    writeFileSync(site.database, bytes);
    const { code, err } = await site.runHere([verb]);
    expect(code).toBe(78);
    expect(err).toMatch(/golden-thread\.db/);
    expect(err).toMatch(/-> .*backup/s);
    expect(readFileSync(site.database).equals(bytes)).toBe(true);
  });

  test.each([['sync'], ['status']])('one that has become empty (%s)', async (verb) => {
    await site.runHere(['release', '--by', 'Ada Admin']);
    writeFileSync(site.database, '');
    for (const file of ['-wal', '-shm']) rmSync(`${site.database}${file}`, { force: true });
    const { code, err } = await site.runHere([verb]);
    expect(code).toBe(78);
    expect(err).toMatch(/golden-thread\.db/);
    expect(err).toContain('->');
    expect(readFileSync(site.database)).toHaveLength(0);
  });

  test.each([['sync'], ['status']])("another program's (%s)", async (verb) => {
    const other = new Database(site.database);
    other.exec('create table invoice (id integer primary key)');
    other.close();
    const { code, err } = await site.runHere([verb]);
    expect(code).toBe(78);
    expect(err).toMatch(/golden-thread\.db/);
    expect(err).toContain('->');
    const after = new Database(site.database, { readonly: true });
    expect(after.prepare('select name from sqlite_schema').pluck().all()).toEqual(['invoice']);
    after.close();
  });

  test('no database yet: reading verbs say what makes one', async () => {
    const { code, err } = await site.runHere(['status']);
    expect(code).toBe(78);
    expect(err).toMatch(/there is no database here yet/);
    expect(existsSync(site.database)).toBe(false);
  });
});

describe('command lines that cannot be understood end with 64', () => {
  test.each([
    { args: ['statsu'], says: /Did you mean status\?/ },
    { args: ['release'], says: /--by/ },
    { args: ['sync', '--onec'], says: /Did you mean --once\?/ },
    { args: ['thread'], says: /missing required argument/ },
    { args: ['register', '--status', 'aproved'], says: /one of proposed, approved.*did you mean "approved"/ },
    { args: ['release', '--by', 'Ada', '--raise-from', 'yesterday'], says: /2026-01-31T00:00:00Z/ },
    { args: ['plan', '--raise-from', 'yesterday'], says: /2026-01-31T00:00:00Z/ },
    { args: ['thread', 'IMP-0001', '--as-of', 'yesterday'], says: /2026-01-31T00:00:00Z/ },
    { args: ['quarantine', 'replay', 'all'], says: /number/ },
  ])('$args', async ({ args, says }) => {
    const { code, err } = await site.runHere(args);
    expect(err).toMatch(says);
    expect(code).toBe(64);
  });

  test('their process too', async () => {
    expect(await site.run(['statsu'])).toMatchObject({ code: 64, out: '' });
  });
});

/** The first Node on the PATH that is too old, outside of the project. */
function oldNode(): string | undefined {
  for (const dir of (process.env['PATH'] ?? '').split(delimiter)) {
    const file = join(dir, 'node');
    if (dir.includes('node_modules') || !existsSync(file)) continue;
    const major = Number(/^v(\d+)/.exec(execFileSync(file, ['--version'], { encoding: 'utf8' }))?.[1]);
    if (major < 22) return file;
  }
  return undefined;
}

describe('an older Node', () => {
  const found = oldNode();
  if (found === undefined) {
    process.stderr.write('no Node older than 22 on the PATH: one is imitated instead of run\n');
  }
  test('is refused with a sentence and 78, never with a segmentation fault', async () => {
    const preload = join(site.dir, 'older.mjs');
    writeFileSync(preload, "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.11.1' } });\n");
    const [program, args] = found === undefined ? [process.execPath, ['--import', preload, bin, 'status']] : [found, [bin, 'status']];
    const { code, err } = await ended(spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] }));
    expect(code).toBe(78);
    expect(err).toMatch(/needs Node 22\.20 or newer; this is Node \d+\./);
    expect(err).toMatch(/->/);
    expect(err).not.toMatch(stackTrace);
  });
});
