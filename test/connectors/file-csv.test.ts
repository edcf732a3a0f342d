import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { keep, type Kept, poll, rowsIn, testInbox } from './file-inbox.js';

const inbox = testInbox();
beforeEach(() => inbox.clear());
afterAll(() => inbox.end());

/** Reads one file as its stream does. */
async function read(content: string | Buffer, settings: object = {}, pageSize = 1000): Promise<Kept> {
  const { files = 'table.csv' } = settings as { files?: string };
  inbox.put(files, content);
  inbox.now += 60_000;
  const kept = keep(inbox, { files, key: ['id'], ...settings });
  await poll(kept, pageSize);
  return kept;
}

const problemsIn = (kept: Kept): readonly string[] => [...kept.rejected.values()].flatMap(({ problems }) => problems);

describe('a delimited file', () => {
  test.each([
    ['commas', 'id,text,n\n1,"a;b",3\n2,"c,d",4\n'],
    ['semicolons', 'id;text;n\n1;"a;b";3\n2;c,d;4\n'],
    ['tabs', 'id\ttext\tn\n1\ta;b\t3\n2\tc,d\t4\n'],
    ['bars', 'id|text|n\n1|a;b|3\n2|c,d|4\n'],
    ['an announced delimiter', 'sep=;\nid;text;n\n1;"a;b";3\n2;c,d;4\n'],
  ])('with %s is understood without being told', async (_name, content) => {
    expect(rowsIn(await read(content))).toEqual({ 1: { id: '1', text: 'a;b', n: '3' }, 2: { id: '2', text: 'c,d', n: '4' } });
  });

  test('with a delimiter of its own is read by the setting', async () => {
    expect(rowsIn(await read('id^text\n1^a,b\n', { delimiter: '^' }))).toEqual({ 1: { id: '1', text: 'a,b' } });
  });

  const table = 'id;text\r\nÄ1;Grüße €\r\n';
  test.each([
    ['UTF-8', Buffer.from(table), {}],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${table}`), {}],
    ['UTF-16 with a mark', Buffer.from(`\uFEFF${table}`, 'utf16le'), {}],
    ['UTF-16 with a mark, high byte first', Buffer.from(`\uFEFF${table}`, 'utf16le').swap16(), {}],
    ['UTF-16 without a mark', Buffer.from(table, 'utf16le'), { encoding: 'utf-16' }],
    ['windows-1252', Buffer.from(table.replace('€', '\u0080'), 'latin1'), { encoding: 'windows-1252' }],
  ])('in %s gives the same text', async (_name, content, settings) => {
    expect(rowsIn(await read(content, settings))).toEqual({ Ä1: { id: 'Ä1', text: 'Grüße €' } });
  });

  test('in another encoding than was said sets aside the rows that it damages, and says what to set', async () => {
    const kept = await read(Buffer.from('id;text\n1;Grüße\n2;plain\n', 'latin1'));
    expect(rowsIn(kept)).toEqual({ 2: { id: '2', text: 'plain' } });
    expect(problemsIn(kept)).toEqual([expect.stringMatching(/^table\.csv:2: .*windows-1252/)]);
  });

  test('with an accent in one or two characters spells the same key', async () => {
    const kept = await read('id,text\né,composed\n');
    inbox.put('table.csv', 'id,text\ne\u0301,composed\n');
    inbox.now += 60_000;
    await poll(kept);
    expect(kept.records.size).toBe(1);
  });

  test('with line ends, delimiters and quotes inside quotes keeps them, and counts lines right behind them', async () => {
    const kept = await read('id,text\r\n1,"two\r\nlines, one ""quoted"""\r\n\r\n,no key\r\n2,x\r\n');
    expect(rowsIn(kept)).toEqual({ 1: { id: '1', text: 'two\nlines, one "quoted"' }, 2: { id: '2', text: 'x' } });
    expect(problemsIn(kept)).toEqual(['table.csv:5: id is part of the key and empty']);
  });

  test('whose rows end early or with empty cells too many is read; one with a cell too many is a bad row', async () => {
    const kept = await read('id,a,b\n1,x\n2,x,y,,\n3,x,y,z\n4,x,y\n');
    expect(rowsIn(kept)).toEqual({ 1: { id: '1', a: 'x', b: null }, 2: { id: '2', a: 'x', b: 'y' }, 4: { id: '4', a: 'x', b: 'y' } });
    expect(problemsIn(kept)).toEqual([expect.stringMatching(/^table\.csv:4: has 4 cells, the header 3/)]);
  });

  test('whose last row was cut off does not give that row', async () => {
    const kept = await read('id,a,b\n1,x,y\n2,x');
    expect(Object.keys(rowsIn(kept))).toEqual(['1']);
    expect(problemsIn(kept)).toEqual([expect.stringMatching(/^table\.csv:3: .*cut off/)]);
  });

  test('whose last row has no line end but all cells is whole', async () => {
    expect(Object.keys(rowsIn(await read('id,a\n1,x\n2,y')))).toEqual(['1', '2']);
  });

  test.each([
    ['is never closed', 'id,text\n1,"open\n2,b\n3,c\n', 2],
    ['is closed by the quote of a later row', 'id,text\n1,"open\n2,b\n3,"c"\n', 2],
    ['stands inside a cell', 'id,text\n1,5" disk\n2,b\n3,c\n', 2],
    ['is followed by more', 'id,text\n1,"a" b\n2,b\n3,c\n', 2],
  ])('with a quote that %s loses that row alone', async (_name, content, line) => {
    const kept = await read(content);
    expect(rowsIn(kept)).toEqual({ 2: { id: '2', text: 'b' }, 3: { id: '3', text: 'c' } });
    expect(problemsIn(kept)).toEqual([expect.stringMatching(new RegExp(`^table\\.csv:${line}: .*quote`))]);
  });

  test('with one bad row among 1,000 gives 999, and the bad one with file and line, at any page size', async () => {
    const rows = Array.from({ length: 1000 }, (_, at) => (at === 499 ? ',no key' : `AUD-${at},text ${at}`));
    for (const pageSize of [7, 1000]) {
      inbox.clear();
      const kept = await read(`id,text\n${rows.join('\n')}\n`, {}, pageSize);
      expect(Object.keys(rowsIn(kept))).toHaveLength(999);
      expect(problemsIn(kept)).toEqual(['table.csv:501: id is part of the key and empty']);
    }
  });

  test('with a cell or a row beyond all bounds loses that row alone', async () => {
    const kept = await read(`id,text\n1,${'x'.repeat(70_000)}\n2,"${'y\n'.repeat(400_000)}"\n3,c\n`);
    expect(rowsIn(kept)).toEqual({ 3: { id: '3', text: 'c' } });
    expect(problemsIn(kept)).toEqual([
      'table.csv:2: text has more than 65536 characters',
      expect.stringMatching(/^table\.csv:3: has more than 524288 characters/),
    ]);
  });

  test('with formulas in its cells keeps them as text', async () => {
    expect(rowsIn(await read('id,text\n1,=1+1\n2,"=HYPERLINK(""http://x"",""y"")"\n3,@SUM(A1)\n'))).toEqual({
      1: { id: '1', text: '=1+1' },
      2: { id: '2', text: '=HYPERLINK("http://x","y")' },
      3: { id: '3', text: '@SUM(A1)' },
    });
  });

  test('with headings of any kind has a name for each column, and none that is ours', async () => {
    const kept = await read('ID,Risk Owner,Risk-Owner,,Présent,Present,Nr. 1,2026 Score,__proto__\n1,a,b,c,d,e,f,g,h\n');
    expect(rowsIn(kept)).toEqual({
      1: {
        id: '1',
        risk_owner: 'a',
        risk_owner_2: 'b',
        column_4: 'c',
        présent: 'd',
        present_2: 'e',
        nr_1: 'f',
        _2026_score: 'g',
        proto: 'h',
      },
    });
  });

  test('that is too large is set aside as a file, with what to do', async () => {
    inbox.put('table.csv', `id\n${'x'.repeat(3000)}\n`);
    inbox.put('table-2.csv', 'id\n1\n');
    inbox.now += 60_000;
    const kept = keep(inbox, { files: 'table*.csv', key: ['id'] }, { maxBytes: 2000 });
    await poll(kept);
    expect(Object.keys(rowsIn(kept))).toEqual(['1']);
    expect(problemsIn(kept)).toEqual(['table.csv: the file has 3004 bytes, more than 2000; split it, or raise maxBytes']);
  });
});

describe('a file of JSON', () => {
  test('lines gives an object each; a line that is none is bad alone', async () => {
    const kept = await read('\uFEFF{"id":1,"a":{"b":[1]}}\n\n{"id":2\n[1]\n{"id":3}', { files: 'rows.ndjson' });
    expect(rowsIn(kept)).toEqual({ 1: { id: 1, a: { b: [1] } }, 3: { id: 3 } });
    expect(problemsIn(kept)).toEqual([
      expect.stringMatching(/^rows\.ndjson:3: is no JSON/),
      expect.stringMatching(/^rows\.ndjson:4: is no object/),
    ]);
  });

  test('has its list where the settings say, and keys at a path', async () => {
    const kept = await read(JSON.stringify({ data: { rows: [{ ref: { id: 'A' }, present: 'yes' }, 7] } }), {
      files: 'rows.json',
      records: 'data.rows',
      key: ['ref.id'],
    });
    expect(rowsIn(kept)).toEqual({ A: { ref: { id: 'A' }, present_2: 'yes' } });
    expect(problemsIn(kept)[0]).toMatch(/^rows\.json:2: is no object/);
  });

  test.each([
    ['no JSON', '{"rows": [', {}, 'is no JSON'],
    ['no list', '{"rows": []}', {}, 'is no list'],
    ['no list at the path', '[]', { records: 'rows' }, 'no list at rows'],
    ['not UTF-8', Buffer.from([0x5b, 0x22, 0xe4, 0x22, 0x5d]), {}, 'not valid UTF-8'],
  ])('with %s is set aside as a file', async (_name, content, settings, problem) => {
    const kept = await read(content, { files: 'rows.json', ...settings });
    expect(problemsIn(kept)).toEqual([expect.stringContaining(problem)]);
    expect([...kept.rejected.keys()]).toEqual(['file rows.json']);
  });

  test('nested without end is a bad row, not the end of the program', async () => {
    const deep = `{"id":1,"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    const kept = await read(`${deep}\n{"id":2}\n`, { files: 'rows.ndjson' });
    expect(Object.keys(rowsIn(kept))).toEqual(['2']);
    expect(problemsIn(kept)).toEqual(['rows.ndjson:1: is nested more than 32 deep']);
  });
});
