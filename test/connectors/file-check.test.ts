import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { keep, openOver, outcome, poll, testInbox } from './file-inbox.js';

const inbox = testInbox();
beforeEach(() => inbox.clear());
afterAll(() => inbox.end());

const settings = { files: 'findings*.csv', key: ['ID'] };
const check = (row: object = settings, wanted: readonly string[] = []) =>
  openOver(inbox, { row }, wanted.length === 0 ? {} : { wanted: { row: wanted } }).open.check();

function drop(name: string, content: string): void {
  inbox.put(name, content);
  inbox.now += 60_000;
}

describe('check', () => {
  test('says that all is well where it is', async () => {
    drop('findings.csv', 'ID;Grade\n1;Major\n2;Minor\n');
    const results = await check(settings, ['grade', 'present']);
    expect(results.map(({ what, outcome: is }) => `${what} ${is}`)).toEqual([
      'inbox: read ok',
      'row: files ok',
      'row: keys ok',
      'row: columns ok',
    ]);
  });

  test.each([
    ['ENOENT', 'does not exist', 'mount'],
    ['EACCES', 'may not be read', 'right to list'],
    ['EIO', 'cannot be read (EIO)', 'look at the disk'],
  ])('says what is wrong with a folder that answers %s, and what to do', async (code, found, hint) => {
    inbox.error = code;
    const [line, ...rest] = await check();
    expect(rest).toEqual([]);
    expect(line).toMatchObject({
      what: 'inbox: read',
      outcome: 'failed',
      found: expect.stringContaining(found),
      hint: expect.stringContaining(hint),
    });
  });

  test('names files that are being written, and files that no stream reads', async () => {
    drop('findings.csv', 'ID\n1\n');
    drop('scorecard.csv', 'ID\n1\n');
    inbox.put('findings-2.csv', 'ID\n');
    const results = await check();
    expect(outcome(results, 'row: half-written')).toContain('findings-2.csv');
    expect(outcome(results, 'inbox: other files')).toBe('warning: no stream reads scorecard.csv');
  });

  test('says that no file fits a pattern', async () => {
    drop('finding.csv', 'ID\n1\n');
    expect(outcome(await check(), 'row: files')).toBe('warning: no file fits findings*.csv');
  });

  test('names rows that share a key, and rows that cannot be used, with file and line', async () => {
    drop('findings.csv', 'ID;Grade\n1;Major\n1;Minor\n;Major\n2;a;b\n');
    const results = await check();
    expect(outcome(results, 'row: keys')).toContain('findings.csv:3 (1)');
    expect(outcome(results, 'row: bad rows')).toContain('findings.csv:4: id is part of the key and empty, findings.csv:5: has 3 cells');
  });

  test('names the columns that mappings read and no file has, and those that there are', async () => {
    drop('findings.csv', 'ID;Grade\n1;Major\n');
    expect(outcome(await check(settings, ['severity', 'grade']), 'row: columns')).toBe('failed: no file has severity; there are id, grade');
    expect(outcome(await check({ ...settings, updated: 'Changed' }, ['grade']), 'row: columns')).toContain('no file has changed');
  });

  test('says the same of a row as reading does', async () => {
    drop('findings.csv', 'ID;When\n1;yesterday\n');
    const row = { ...settings, updated: 'When' };
    const kept = keep(inbox, row);
    await poll(kept);
    const [problem = ''] = [...kept.rejected.values()].flatMap(({ problems }) => problems);
    expect(outcome(await check(row), 'row: bad rows')).toContain(problem);
  });
});

describe('the fields that mappings may read', () => {
  test('are those of the files, with what they look like', async () => {
    drop(
      'findings.ndjson',
      '{"ID":1,"open":true,"at":"2026-11-21T08:00:00Z","on":"2026-11-21","list":[1],"object":{},"mixed":1}\n{"ID":2,"mixed":"x"}\n',
    );
    const [stream] = openOver(inbox, { row: { files: '*.ndjson', key: ['ID'] } }).open.streams;
    const fields = Object.fromEntries((await stream?.fields())?.map(({ name, type }) => [name, type]) ?? []);
    expect(fields).toEqual({
      present: 'boolean',
      source: 'object',
      ID: 'number',
      open: 'boolean',
      at: 'instant',
      on: 'date',
      list: 'list',
      object: 'object',
      mixed: 'text',
    });
  });

  test('cannot be told without a file, and that is said', async () => {
    const [stream] = openOver(inbox, { row: settings }).open.streams;
    await expect(stream?.fields()).rejects.toMatchObject({ kind: 'transient', message: expect.stringContaining('findings*.csv') });
  });
});
