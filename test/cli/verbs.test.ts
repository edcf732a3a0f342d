import { closeSync, existsSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, jest } from '@jest/globals';
import Database from 'better-sqlite3';
import { incident } from '../scenario/incidents.js';
import { ended, makeSite, type Site, stackTrace } from './command.js';

// Every verb is a process of its own the first time: on a busy machine it takes seconds to start one.
jest.setTimeout(180_000);

let site: Site;

async function incidents(count: number, more: Readonly<Record<string, string>> = {}): Promise<void> {
  const now = Date.now();
  const stamp = new Date(now).toISOString().slice(0, 19).replace('T', ' ');
  const rows = Array.from({ length: count }, () => ({ ...incident(now, more), sys_updated_on: stamp }));
  await site.servicenow.bulk('incident', rows);
}

const writes = async (): Promise<number> =>
  (await site.servicenow.journal()).filter(({ method }) => method !== 'GET').length +
  (await site.jira.journal()).filter(({ method, path }) => method !== 'GET' && !path.includes('search') && !path.includes('parse')).length;

// One after the other, as an administrator would: each goes on where the one before it ended.
describe('from a fresh folder to a thread', () => {
  beforeAll(async () => {
    site = await makeSite();
    await incidents(3, { opened_at: '2025-12-01 08:00:00', sys_updated_on: '2025-12-01 09:00:00' });
  });
  afterAll(() => site.close());

  test('check is all green with the shipped configuration, and asks only', async () => {
    const { code, out, err } = await site.run(['check']);
    expect(err).toBe('');
    expect(out.split('\n').filter((line) => line.startsWith('✗'))).toEqual([]);
    // The shipped configuration has no journal key yet, both projects are still empty, and fields for people to fill in later need not be on the create screen.
    const warnings = out.split('\n').filter((line) => line.startsWith('!'));
    expect(
      warnings.filter((line) => !/no issue matches the JQL|not on the create screen|approval is never "duplicate"|^! journal: /.test(line)),
    ).toEqual([]);
    expect(code).toBe(0);
    for (const system of ['servicenow-prod', 'jira-cloud', 'mappings', 'configuration']) expect(out).toMatch(new RegExp(`✓ ${system}: `));
    expect(await writes()).toBe(0);
    expect(existsSync(site.database)).toBe(false);
  });

  test('mappings lint and mappings test are green with the shipped mappings', async () => {
    expect(await site.run(['mappings', 'lint'])).toMatchObject({ code: 0, err: '' });
    const tested = await site.runHere(['mappings', 'test']);
    expect(tested).toMatchObject({ code: 0, err: '' });
    expect(tested.out).toMatch(/\d+ passed, 0 failed, 0 mappings without a test/);
  });

  test('a held installation reads, says that it is held, and tells its progress line by line where nobody watches', async () => {
    const { code, out, err } = await site.run(['sync', '--once']);
    expect(code).toBe(0);
    expect(out).toContain('Held');
    expect(out).toMatch(/servicenow-prod\/incident +3 +3/);
    expect(err).toMatch(/servicenow-prod\/incident: 3/);
    // eslint-disable-next-line no-control-regex -- the cursor movements of a progress bar are what must not be there
    expect(err).not.toMatch(/\u001b\[/);
    expect(await writes()).toBe(0);
  });

  test('plan says what would happen as of any day and writes nothing, here or there', async () => {
    const before = new Database(site.database, { readonly: true });
    const journal = (): unknown => before.prepare('select count(*) from journal').pluck().get();
    const entries = journal();
    const { code, out } = await site.run(['plan', '--raise-from', '2025-01-01T00:00:00Z']);
    expect(code).toBe(0);
    expect(out).toMatch(/0 improvements would be raised, 0 writes are due/);
    expect(journal()).toBe(entries);
    before.close();
    expect(await writes()).toBe(0);
  });

  test('release counts once; the second changes nothing and says so', async () => {
    const first = await site.run(['release', '--by', 'Ada Admin']);
    expect(first).toMatchObject({ code: 0 });
    expect(first.out).toMatch(/Released by Ada Admin.*at most 10 new tickets a day/);
    const second = await site.runHere(['release', '--by', 'Someone Else', '--raise-from', '2020-01-01T00:00:00Z']);
    expect(second).toMatchObject({ code: 0 });
    expect(second.out).toMatch(/Was released by Ada Admin at .*; nothing has changed/);
    expect((await site.run(['status'])).out).toMatch(/Released by Ada Admin/);
  });

  test('what is raised is in the register, with its ticket, its priority and the reasons for it', async () => {
    await incidents(6);
    const planned = await site.runHere(['plan']);
    expect(planned.code).toBe(2);
    expect(planned.out).toMatch(/1 improvements would be raised/);
    expect(await writes()).toBe(0);
    expect((await site.run(['register', '--json'])).out.trim()).toBe('[]');

    const synced = await site.runHere(['sync', '--once']);
    expect(synced).toMatchObject({ code: 0 });
    expect(synced.out).toMatch(/Raised 1,/);
    const { code, out } = await site.runHere(['register']);
    expect(code).toBe(0);
    expect(out).toMatch(/IMP-0001 +proposed +P\d +Mary Okafor +\d{4}-\d\d-\d\d +IMP-\d+/);
    const shown = await site.runHere(['register', 'show', 'IMP-0001']);
    expect(shown.code).toBe(0);
    expect(shown.out).toMatch(/Priority: /);
    expect(shown.out).toMatch(/recurrence: \d x 3, because /);
    const [entry] = JSON.parse((await site.runHere(['register', '--json', '--status', 'proposed'])).out) as {
      id: string;
      triggers: string[];
    }[];
    expect(entry).toMatchObject({ id: 'IMP-0001' });
    expect(entry?.triggers).toHaveLength(6);
    expect((await site.runHere(['register', 'show', 'IMP-0099'])).err).toMatch(/there is no improvement IMP-0099/);
  });

  test('thread names its gaps first and ends with 2 while there are any; as JSON and as Mermaid too', async () => {
    const { code, out } = await site.run(['thread', 'IMP-0001']);
    expect(code).toBe(2);
    const lines = out.split('\n');
    expect(lines.findIndex((line) => line.includes('decision-missing'))).toBeGreaterThan(0);
    expect(lines.findIndex((line) => line.includes('decision-missing'))).toBeLessThan(lines.findIndex((line) => /^\S trigger$/.test(line)));
    const json = JSON.parse((await site.runHere(['thread', 'IMP-0001', '--json'])).out) as {
      id: string;
      stages: { stage: string }[];
      complete: boolean;
    };
    expect(json).toMatchObject({ id: 'IMP-0001', complete: false });
    expect(json.stages.map(({ stage }) => stage)).toEqual([
      'trigger',
      'decision',
      'change',
      'completion',
      'effectiveness',
      'updated-controls',
    ]);
    const mermaid = (await site.runHere(['thread', 'IMP-0001', '--mermaid'])).out.split('\n');
    expect(mermaid[0]).toBe('flowchart LR');
    expect(mermaid.filter((line) => line.trim().startsWith('subgraph'))).toHaveLength(6);
    expect(mermaid.filter((line) => line.trim() === 'end')).toHaveLength(6);
  });

  test('mappings try shows each field of a pulled record, its formula, what it read and what came out', async () => {
    const [row] = await site.servicenow.records('incident', 'subcategory=session-store');
    const { code, out } = await site.runHere(['mappings', 'try', 'servicenow/incident', row?.['number'] ?? '']);
    expect(code).toBe(0);
    expect(out).toMatch(/severity: "?moderate"?/);
    expect(out).toMatch(/=\$table\("severity", priority\)/);
    expect(out).toMatch(/priority is /);
    const unknown = await site.runHere(['mappings', 'try', 'servicenow/incidents', 'INC1']);
    expect(unknown.code).toBe(78);
    expect(unknown.err).toMatch(/did you mean/i);
    const missing = await site.runHere(['mappings', 'try', 'servicenow/incident', 'INC9999999']);
    expect(missing.err).toMatch(/no servicenow\.incident called INC9999999 was pulled/);
    const file = await site.runHere(['mappings', 'try', 'servicenow/incident', 'no-such-file.json']);
    expect(file.err).toMatch(/no-such-file\.json/);
    expect(file.err).not.toMatch(/defect/);
  });

  test('quarantine lists field and reason, and replay takes the record once the mapping is mended', async () => {
    const [row] = await site.servicenow.records('incident', 'subcategory=session-store');
    await site.servicenow.load('incident', [{ sys_id: row?.sys_id, priority: '9' }]);
    expect((await site.runHere(['sync'])).out).toMatch(/servicenow-prod\/incident/);
    const listed = await site.run(['quarantine', 'list']);
    expect(listed.code).toBe(2);
    expect(listed.out).toMatch(/severity/);
    expect((await site.runHere(['status'])).code).toBe(2);
    expect((await site.runHere(['quarantine', 'replay'])).out).toMatch(/0 taken, 1 still set aside/);
    await site.changed('mappings/servicenow/incident.yaml', '5: low }', '5: low, 9: low }', async () => {
      const replayed = await site.runHere(['quarantine', 'replay']);
      expect(replayed).toMatchObject({ code: 0 });
      expect(replayed.out).toMatch(/1 taken, 0 still set aside/);
    });
    expect((await site.runHere(['quarantine', 'list'])).out).toMatch(/Nothing is in quarantine/);
    await site.servicenow.load('incident', [{ sys_id: row?.sys_id, priority: '3' }]);
    await site.runHere(['sync']);
  });

  test('a backup is a whole database: what it holds equals what is there, and it is never written over', async () => {
    const copy = join(site.dir, 'copy.db');
    expect(await site.run(['backup', copy])).toMatchObject({ code: 0 });
    const again = await site.runHere(['backup', copy]);
    expect(again.code).toBe(78);
    expect(again.err).toMatch(/is not overwritten/);
    const register = await site.runHere(['register', '--json']);
    const restored = await site.runHere(['register', '--json'], { GOLDEN_THREAD_DATABASE: copy });
    expect(restored.out).toBe(register.out);
    expect((await site.run(['verify'], { GOLDEN_THREAD_DATABASE: copy })).out).toMatch(/\d+ journal entries, every one as it was written/);
  });

  test('verify names the entry that somebody changed behind our back', async () => {
    const copy = join(site.dir, 'forged.db');
    await site.runHere(['backup', copy]);
    const needle = Buffer.from('Ada Admin');
    const bytes = readFileSync(copy);
    const spots: number[] = [];
    for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) spots.push(at);
    expect(spots.length).toBeGreaterThan(0);
    const file = openSync(copy, 'r+');
    for (const at of spots) writeSync(file, Buffer.from('B'), 0, 1, at);
    closeSync(file);
    const { code, err } = await site.runHere(['verify'], { GOLDEN_THREAD_DATABASE: copy });
    expect(code).toBe(1);
    expect(err).toMatch(/journal entry \d+ /);
    expect(err).toMatch(/->/);
  });

  test('start serves health and metrics, keeps others out with 75, and ends with 0 on SIGTERM', async () => {
    const daemon = site.start(['start'], {});
    const end = ended(daemon);
    const url = await new Promise<string>((resolve, reject) => {
      let said = '';
      daemon.stderr?.on('data', (part: Buffer) => {
        said += part.toString();
        const found = /"url":"([^"]+)"/.exec(said)?.[1];
        if (found !== undefined) resolve(found);
      });
      daemon.once('close', () => reject(new Error(said)));
    });
    try {
      expect(await (await fetch(`${url}/livez`)).json()).toEqual({ status: 'ok' });
      const ready = await fetch(`${url}/readyz`);
      expect(ready.status).toBe(200);
      const metrics = await (await fetch(`${url}/metrics`)).text();
      for (const name of [
        'golden_thread_build_info',
        'golden_thread_sync_lag_seconds',
        'golden_thread_outbox_depth',
        'golden_thread_improvements',
      ])
        expect(metrics).toContain(name);
      expect(metrics).toMatch(/golden_thread_improvements\{status="proposed"\} 1/);
      expect((await fetch(`${url}/nothing-here`)).status).toBe(404);

      const locked = await site.run(['sync']);
      expect(locked.code).toBe(75);
      expect(locked.err).toMatch(/->/);
      expect((await site.runHere(['status'])).code).not.toBe(75);
      expect((await site.runHere(['register'])).code).toBe(0);
    } finally {
      daemon.kill('SIGTERM');
    }
    const said = await end;
    expect(said.code).toBe(0);
    for (const line of said.err.trim().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow();
    expect(said.err).toMatch(/"message":"stopped"/);
    expect(said.err).not.toMatch(/reader-password|writer-password|bot-token/);
  });

  test('no secret is in anything that was said, in the database or in what the systems were told; no stack trace is either', async () => {
    const secrets = ['reader-password', 'writer-password', 'bot-token'];
    const encoded = ['gt.reader:reader-password', 'gt.writer:writer-password', 'bot@example.com:bot-token'].map((pair) =>
      Buffer.from(pair).toString('base64'),
    );
    const told = JSON.stringify([await site.servicenow.journal(), await site.jira.journal()]);
    const files = readdirSync(site.dir).filter((name) => name.includes('.db'));
    expect(files).toContain('golden-thread.db');
    for (const secret of [...secrets, ...encoded]) {
      expect(site.said()).not.toContain(secret);
      expect(told).not.toContain(secret);
      for (const file of files) expect(readFileSync(join(site.dir, file)).includes(secret)).toBe(false);
    }
    expect(site.said()).not.toMatch(stackTrace);
  });
});
