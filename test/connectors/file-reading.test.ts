import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { contentOf, keep, type Kept, openOver, poll, rowsIn, savePage, testInbox } from './file-inbox.js';

const inbox = testInbox();
beforeEach(() => inbox.clear());
afterAll(() => inbox.end());

const settings = { files: 'findings*.csv', key: ['Finding ID'] };
const header = 'Finding ID;Title;Grade\n';
const minute = 60_000;

/** Drops a file, and lets the quiet time pass. */
function drop(name: string, rows: string): void {
  inbox.now += 1000;
  inbox.put(name, header + rows);
  inbox.now += minute;
}

function titles(kept: Kept): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(rowsIn(kept)).map(([number, fields]) => [number, (fields as { title: unknown }).title]));
}

describe('a file in the inbox', () => {
  test('becomes a record for each row, named by its key, with file and line', async () => {
    drop('findings.csv', 'AUD-1;No owner;Major\nAUD-2;No date;Minor\n');
    const kept = keep(inbox, settings);
    await poll(kept);
    expect(rowsIn(kept)).toEqual({
      'AUD-1': { finding_id: 'AUD-1', title: 'No owner', grade: 'Major' },
      'AUD-2': { finding_id: 'AUD-2', title: 'No date', grade: 'Minor' },
    });
    const [, second] = [...kept.records.values()];
    expect(second?.data['source']).toEqual({ file: 'findings.csv', line: 3 });
    expect(second?.url).toMatch(/^file:\/\/.*findings\.csv$/);
    expect(second?.updatedAt).toBe(new Date(inbox.now - minute).toISOString());
  });

  test('brings nothing new when it is there twice, copied under another name, renamed, or touched', async () => {
    drop('findings.csv', 'AUD-1;No owner;Major\nAUD-2;No date;Minor\n');
    const kept = keep(inbox, settings);
    expect(await poll(kept)).toBe(2);
    inbox.copy('findings.csv', 'findings (copy).csv');
    inbox.now += minute;
    expect(await poll(kept)).toBe(0);
    inbox.rename('findings.csv', 'findings-2026-11.csv');
    inbox.now += minute;
    expect(await poll(kept)).toBe(0);
    drop('findings-2026-11.csv', 'AUD-1;No owner;Major\nAUD-2;No date;Minor\n');
    expect(await poll(kept)).toBe(0);
    expect(kept.completeTo).toBe(new Date(inbox.now - 30_000).toISOString());
  });

  test('costs one look at the folder while nothing happens', async () => {
    drop('findings.csv', 'AUD-1;No owner;Major\n');
    const kept = keep(inbox, settings);
    await poll(kept);
    inbox.calls = 0;
    await poll(kept);
    expect([inbox.calls, inbox.bytes > 0]).toEqual([1, true]);
  });

  test('with a changed row brings a new version of that row and of no other', async () => {
    drop('findings.csv', 'AUD-1;No owner;Major\nAUD-2;No date;Minor\n');
    const kept = keep(inbox, settings);
    await poll(kept);
    const [first] = [...kept.records.values()];
    drop('findings.csv', 'AUD-1;No owner;Major\nAUD-2;No target date;Minor\n');
    expect(await poll(kept)).toBe(1);
    expect(titles(kept)).toEqual({ 'AUD-1': 'No owner', 'AUD-2': 'No target date' });
    expect([...kept.records.values()][0]?.updatedAt).toBe(first?.updatedAt);
  });

  test('whose columns stand in another order is the same', async () => {
    drop('findings.csv', 'AUD-1;No owner;Major\n');
    const kept = keep(inbox, settings);
    await poll(kept);
    inbox.put('findings.csv', 'Grade;Finding ID;Title\nMajor;AUD-1;No owner\n');
    inbox.now += minute;
    expect(await poll(kept)).toBe(0);
  });

  test('that is newer counts where two have the same row; the older one counts again when that is removed', async () => {
    drop('findings-1.csv', 'AUD-1;Old;Major\n');
    const kept = keep(inbox, settings);
    await poll(kept);
    drop('findings-2.csv', 'AUD-1;New;Major\n');
    await poll(kept);
    expect(titles(kept)).toEqual({ 'AUD-1': 'New' });
    drop('findings-0.csv', 'AUD-9;Other;Minor\n');
    expect(await poll(kept)).toBe(1);
    inbox.remove('findings-2.csv');
    expect(await poll(kept)).toBe(1);
    expect(titles(kept)).toEqual({ 'AUD-1': 'Old', 'AUD-9': 'Other' });
  });

  test('holds only what mappings read, so that other columns make no versions', async () => {
    drop('findings.csv', 'AUD-1;No owner;Major\n');
    const kept = keep(inbox, settings, { wanted: { row: ['grade'] } });
    await poll(kept);
    expect(rowsIn(kept)).toEqual({ 'AUD-1': { finding_id: 'AUD-1', grade: 'Major' } });
    drop('findings.csv', 'AUD-1;Renamed;Major\n');
    expect(await poll(kept)).toBe(0);
  });

  test('is read again when the settings of the stream change', async () => {
    drop('findings.csv', 'AUD-1;No owner;Major\n');
    const kept = keep(inbox, settings, { wanted: { row: ['grade'] } });
    await poll(kept);
    const [stream] = openOver(inbox, { row: settings }, { wanted: { row: ['grade', 'title'] } }).open.streams;
    expect(await poll({ ...kept, stream: stream ?? kept.stream })).toBe(1);
    expect(titles(kept)).toEqual({ 'AUD-1': 'No owner' });
  });
});

describe('a row', () => {
  test('that vanishes is reported as a version that says so, in the log too, and comes back as it was', async () => {
    drop('findings.csv', 'AUD-1;No owner;Major\nAUD-2;No date;Minor\n');
    const kept = keep(inbox, settings);
    await poll(kept);
    drop('findings.csv', 'AUD-2;No date;Minor\n');
    expect(await poll(kept)).toBe(1);
    const gone = [...kept.records.values()].find(({ number }) => number === 'AUD-1');
    expect(gone?.data).toEqual({ finding_id: 'AUD-1', present: false, source: null });
    expect(kept.lines.filter((line) => line.includes('vanished') && line.includes('AUD-1'))).toHaveLength(1);
    expect(await poll(kept)).toBe(0);
    drop('findings.csv', 'AUD-1;No owner;Major\nAUD-2;No date;Minor\n');
    expect(await poll(kept)).toBe(1);
    expect(titles(kept)).toEqual({ 'AUD-1': 'No owner', 'AUD-2': 'No date' });
  });

  test('is not gone while the file that may hold it is being written', async () => {
    drop('findings-1.csv', 'AUD-1;No owner;Major\n');
    drop('findings-2.csv', 'AUD-2;No date;Minor\n');
    const kept = keep(inbox, settings);
    await poll(kept);
    inbox.remove('findings-1.csv');
    inbox.put('findings-3.csv', header);
    expect(await poll(kept)).toBe(0);
    expect(titles(kept)).toEqual({ 'AUD-1': 'No owner', 'AUD-2': 'No date' });
    inbox.now += minute;
    expect(await poll(kept)).toBe(1);
    expect(titles(kept)).toEqual({ 'AUD-2': 'No date' });
  });

  test('does not fall back to an older file while the newer one is being written', async () => {
    drop('findings-1.csv', 'AUD-1;Old;Major\n');
    drop('findings-2.csv', 'AUD-1;New;Major\n');
    const kept = keep(inbox, settings);
    await poll(kept);
    inbox.put('findings-2.csv', 'Finding');
    drop('findings-1.csv', 'AUD-1;Older;Major\nAUD-3;x;Minor\n');
    inbox.put('findings-2.csv', 'Finding I');
    await poll(kept);
    expect(titles(kept)).toEqual({ 'AUD-1': 'New', 'AUD-3': 'x' });
    drop('findings-2.csv', 'AUD-4;y;Minor\n');
    await poll(kept);
    expect(titles(kept)).toEqual({ 'AUD-1': 'Older', 'AUD-3': 'x', 'AUD-4': 'y' });
  });

  test('is not gone when the inbox is empty: a share that is not mounted looks like that', async () => {
    drop('findings.csv', 'AUD-1;No owner;Major\n');
    const kept = keep(inbox, settings);
    await poll(kept);
    inbox.remove('findings.csv');
    inbox.now += minute;
    const before = kept.completeTo;
    expect(await poll(kept)).toBe(0);
    expect(kept.completeTo).toBe(before);
    expect(kept.lines.join()).toContain('no file of this stream');
  });

  test('is not gone when it became a bad row, or its file cannot be used any more', async () => {
    drop('findings.csv', 'AUD-1;No owner;Major\nAUD-2;No date;Minor\n');
    drop('findings-b.csv', 'AUD-3;No plan;Minor\n');
    const kept = keep(inbox, settings);
    await poll(kept);
    drop('findings.csv', ';No owner;Major\nAUD-2;No date;Minor\n');
    inbox.put('findings-b.csv', Buffer.from('"'));
    inbox.now += minute;
    expect(await poll(kept)).toBe(0);
    expect(Object.keys(titles(kept)).toSorted()).toEqual(['AUD-1', 'AUD-2', 'AUD-3']);
    expect([...kept.rejected.keys()]).toEqual(expect.arrayContaining(['findings.csv:2', 'file findings-b.csv']));
  });

  test('whose key occurs twice in one file counts once; the later one is set aside with its line, unless it says the same', async () => {
    drop('findings.csv', 'AUD-1;No owner;Major\nAUD-2;x;Minor\nAUD-1;Something else;Minor\nAUD-2;x;Minor\n');
    const kept = keep(inbox, settings);
    await poll(kept);
    expect(titles(kept)).toEqual({ 'AUD-1': 'No owner', 'AUD-2': 'x' });
    expect([...kept.rejected.values()].map(({ problems }) => problems)).toEqual([
      ['findings.csv:4: has the same key as line 2 (AUD-1) and other content'],
    ]);
  });

  test('has a key of several columns that no other combination spells', async () => {
    inbox.put('findings.csv', 'a;b\nx;yz\nxy;z\n');
    inbox.now += minute;
    const kept = keep(inbox, { files: '*.csv', key: ['a', 'b'] });
    expect(await poll(kept)).toBe(2);
    expect(Object.keys(rowsIn(kept))).toEqual(['x / yz', 'xy / z']);
  });

  test('is stamped by its own column, and its address is made of its columns', async () => {
    inbox.put('findings.csv', 'ID,Changed\nA 1/x,21.11.2026 09:30\nA2,2026-11-20\nA3,\nA4,03/04/2026\n');
    inbox.now += minute;
    const kept = keep(inbox, { files: '*.csv', key: ['ID'], updated: 'Changed', url: 'https://grc.example.com/findings/{ID}' });
    await poll(kept);
    expect([...kept.records.values()].map(({ updatedAt, url }) => [updatedAt, url])).toEqual([
      ['2026-11-21T09:30:00.000Z', 'https://grc.example.com/findings/A%201%2Fx'],
      ['2026-11-20T00:00:00.000Z', 'https://grc.example.com/findings/A2'],
      [new Date(inbox.now - minute).toISOString(), 'https://grc.example.com/findings/A3'],
    ]);
    expect([...kept.rejected.values()][0]?.problems[0]).toContain(
      'findings.csv:5: changed is no date that can be understood: "03/04/2026"',
    );
  });
});

describe('a half-written file', () => {
  test('is not read before it has rested, and holds back up to when everything is known', async () => {
    drop('findings.csv', 'AUD-1;No owner;Major\n');
    const kept = keep(inbox, settings);
    await poll(kept);
    const known = kept.completeTo;
    inbox.put('findings-2.csv', `${header}AUD-2;No da`);
    inbox.now += 29_000;
    expect(await poll(kept)).toBe(0);
    inbox.put('findings-2.csv', `${header}AUD-2;No date;Minor\n`);
    inbox.now += 29_000;
    expect(await poll(kept)).toBe(0);
    expect(kept.completeTo).toBe(known);
    inbox.now += 1000;
    expect(await poll(kept)).toBe(1);
    expect(kept.rejected.size).toBe(0);
  });

  test('is known by its name too, however long it has rested; so are hidden files', async () => {
    for (const name of ['findings.csv.part', 'findings.csv.tmp', '.findings.csv', '~$findings.csv']) drop(name, 'AUD-1;x;Major\n');
    const kept = keep(inbox, { ...settings, files: '*findings*', format: 'csv' });
    expect(await poll(kept)).toBe(0);
  });

  test('that is still empty is not read', async () => {
    drop('findings.csv', 'AUD-1;No owner;Major\n');
    const kept = keep(inbox, settings);
    await poll(kept);
    inbox.put('findings.csv', '');
    inbox.now += minute;
    expect(await poll(kept)).toBe(0);
    expect(titles(kept)).toEqual({ 'AUD-1': 'No owner' });
  });

  test('that begins to be written while it is read gives no row of both versions', async () => {
    const many = (text: string): string => Array.from({ length: 5000 }, (_, at) => `AUD-${at};${text};${text}\n`).join('');
    drop('findings.csv', many('old old old'));
    const kept = keep(inbox, settings);
    await savePage(kept, 10);
    inbox.put('findings.csv', header + many('new new new'));
    while (!(await savePage(kept, 10)).done);
    expect(kept.records.size).toBeGreaterThan(10);
    inbox.now += minute;
    await poll(kept, 1000);
    const mixed = [...kept.versions.values()].flat().filter((content) => content.includes('old') === content.includes('new'));
    expect(mixed).toEqual([]);
    expect(Object.keys(rowsIn(kept))).toHaveLength(5000);
  });
});

describe('what is no file of the inbox', () => {
  test('a link is not followed, and check says that it is not read', async () => {
    drop('findings.csv', 'AUD-1;No owner;Major\n');
    symlinkSync('/etc/passwd', join(inbox.path, 'findings-link.csv'));
    const kept = keep(inbox, settings);
    expect(await poll(kept)).toBe(1);
    const results = await openOver(inbox, { row: settings }).open.check();
    expect(results.find(({ what }) => what === 'inbox: other files')?.found).toContain('findings-link.csv');
  });
});

describe('a crash', () => {
  test.each([1, 2, 3, 7])('after every page, saved or not, loses nothing and doubles nothing (pages of %i)', async (pageSize) => {
    drop('findings-1.csv', 'AUD-1;a;x\nAUD-2;b;x\nAUD-3;c;x\n');
    drop('findings-2.csv', 'AUD-3;d;x\nAUD-4;e;x\n;bad;x\n');
    const whole = keep(inbox, settings);
    await poll(whole);
    for (const before of [true, false]) {
      const kept = keep(inbox, settings);
      for (let done = false; !done;) {
        const [stream] = openOver(inbox, { row: settings }).open.streams;
        if (before) await stream?.read(kept.cursor, { since: '2020-01-01T00:00:00.000Z', pageSize });
        done = (await savePage(kept, pageSize, before ? openOver(inbox, { row: settings }).open.streams[0] : stream)).done;
      }
      expect([...kept.records.values()].map(contentOf).toSorted()).toEqual([...whole.records.values()].map(contentOf).toSorted());
      expect([...kept.versions.values()].filter((versions) => versions.length > 1)).toEqual([]);
      expect([...kept.rejected.keys()]).toEqual([...whole.rejected.keys()]);
      expect(kept.completeTo).toBe(whole.completeTo);
    }
  });

  test('in the middle of a file that is then removed leaves no row behind as present', async () => {
    drop('findings-1.csv', 'AUD-9;a;x\n');
    drop('findings-2.csv', 'AUD-1;a;x\nAUD-2;b;x\nAUD-3;c;x\n');
    const kept = keep(inbox, settings);
    await savePage(kept, 2);
    inbox.remove('findings-2.csv');
    const again = { ...kept, stream: openOver(inbox, { row: settings }).open.streams[0] ?? kept.stream };
    await poll(again);
    expect(Object.keys(rowsIn(kept))).toEqual(['AUD-9']);
  });
});
