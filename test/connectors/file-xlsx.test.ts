import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { keep, type Kept, outcome, openOver, poll, rowsIn, testInbox } from './file-inbox.js';
import { workbook, zipOf } from './file-workbook.js';

const inbox = testInbox();
beforeEach(() => inbox.clear());
afterAll(() => inbox.end());

async function read(content: Buffer, settings: object = {}, maxBytes = 1_000_000): Promise<Kept> {
  inbox.put('book.xlsx', content);
  inbox.now += 60_000;
  const kept = keep(inbox, { files: '*.xlsx', key: ['ID'], ...settings }, { maxBytes });
  await poll(kept);
  return kept;
}

const problemsIn = (kept: Kept): readonly string[] => [...kept.rejected.values()].flatMap(({ problems }) => problems);
const inline = (at: string, text: string): string => `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`;
const header = `<row r="1">${inline('A1', 'ID')}${inline('B1', 'Value')}</row>`;

describe('a workbook', () => {
  test('gives its cells as what they are: texts shared and inline, numbers, dates, truth, errors, nothing', async () => {
    const rows = `<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c></row>
      <row r="3"><c r="A3"><v>7</v></c><c r="B3"><v>0.5</v></c></row>
      <row r="4">${inline('A4', 'date')}<c r="B4" s="1"><v>46347</v></c></row>
      <row r="5">${inline('A5', 'time')}<c r="B5" s="2"><v>46347.5</v></c></row>
      <row r="6">${inline('A6', 'true')}<c r="B6" t="b"><v>1</v></c></row>
      <row r="7">${inline('A7', 'error')}<c r="B7" t="e"><v>#REF!</v></c></row>
      <row r="9">${inline('A9', 'nothing')}</row>`;
    const strings = [
      '<t>shared &amp; "quoted"</t>',
      '<r><t>rich </t></r><r><t xml:space="preserve">text</t></r><rPh><t>not this</t></rPh>',
    ];
    const kept = await read(zipOf(workbook({ One: header + rows }, { strings })));
    expect(rowsIn(kept)).toEqual({
      'shared & "quoted"': { id: 'shared & "quoted"', value: 'rich text' },
      7: { id: 7, value: 0.5 },
      date: { id: 'date', value: '2026-11-21' },
      time: { id: 'time', value: '2026-11-21T12:00:00.000Z' },
      true: { id: 'true', value: true },
      error: { id: 'error', value: '#REF!' },
      nothing: { id: 'nothing', value: null },
    });
    expect([...kept.records.values()].at(-1)?.data['source']).toEqual({ file: 'book.xlsx', line: 9 });
  });

  test('with formulas gives the value that was stored beside them and computes nothing', async () => {
    const rows = `<row r="2">${inline('A2', 'sum')}<c r="B2"><f>1+1</f><v>3</v></c></row>
      <row r="3">${inline('A3', 'text')}<c r="B3" t="str"><f>HYPERLINK("http://127.0.0.1")</f><v>=cmd|x</v></c></row>
      <row r="4">${inline('A4', 'none')}<c r="B4"><f>NOW()</f></c></row>`;
    const kept = await read(zipOf(workbook({ One: header + rows })));
    expect(rowsIn(kept)).toEqual({ sum: { id: 'sum', value: 3 }, text: { id: 'text', value: '=cmd|x' } });
    expect(problemsIn(kept)).toEqual([expect.stringMatching(/^book\.xlsx:4: column 2 holds a formula without its value/)]);
  });

  test('is read from the sheet that is named, or the first one', async () => {
    const sheet = (id: string): string => `${header}<row r="2">${inline('A2', id)}</row>`;
    const book = zipOf(workbook({ Notes: sheet('first'), Findings: sheet('named') }));
    expect(Object.keys(rowsIn(await read(book)))).toEqual(['first']);
    inbox.clear();
    expect(Object.keys(rowsIn(await read(book, { sheet: 'findings' })))).toEqual(['named']);
    inbox.clear();
    const kept = await read(book, { sheet: 'Other' });
    expect(problemsIn(kept)).toEqual(['book.xlsx: there is no sheet Other; the workbook has Notes, Findings']);
  });

  test('that counts its days from 1904 has the same dates', async () => {
    const rows = `<row r="2">${inline('A2', 'date')}<c r="B2" s="1"><v>44885</v></c></row>`;
    expect(rowsIn(await read(zipOf(workbook({ One: header + rows }, { date1904: true }))))).toEqual({
      date: { id: 'date', value: '2026-11-21' },
    });
  });

  test('and a CSV with the same keys are the same records', async () => {
    const kept = await read(zipOf(workbook({ One: `${header}<row r="2"><c r="A2"><v>7</v></c></row>` })));
    inbox.clear();
    inbox.put('book.csv', 'ID\n7\n');
    inbox.now += 60_000;
    const other = keep(inbox, { files: '*.csv', key: ['ID'] });
    await poll(other);
    expect([...other.records.keys()]).toEqual([...kept.records.keys()]);
  });
});

describe('a workbook that means harm', () => {
  const bomb = zipOf(workbook({ One: `${header}<row r="2">${inline('A2', 'x'.repeat(9_000_000))}</row>` }));

  test.each([
    ['unpacks to much more than the limit', bomb, 'more than 8000000'],
    [
      'unpacks to more than it says',
      zipOf(workbook({ One: `${header}<row r="2">${inline('A2', 'x'.repeat(9_000_000))}</row>` }), 1000),
      'too many bytes',
    ],
    [
      'shares more text than the limit',
      zipOf(workbook({ One: header }, { strings: Array.from({ length: 30 }, () => `<t>${'x'.repeat(60_000)}</t>`) })),
      'characters of text',
    ],
    [
      'declares entities that grow',
      zipOf(
        workbook(
          { One: `<row r="1">${inline('A1', '&b;')}</row>` },
          { before: '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>' },
        ),
      ),
      'document type',
    ],
    ['is cut off', bomb.subarray(0, 5000), 'no workbook'],
    ['is something else', Buffer.from('PK\x03\x04 no zip at all, but long enough to be looked at'), 'no workbook'],
    ['is a package of something else', zipOf({ 'word/document.xml': '<x/>' }), 'no workbook'],
    ['is no XML inside', zipOf(workbook({ One: '<row><c></row>' })), 'cannot be read'],
    ['is nested too deep', zipOf(workbook({ One: '<a>'.repeat(100) + '</a>'.repeat(100) })), 'nested too deep'],
  ])('because it %s is set aside as a file; the others are read', async (_name, content, problem) => {
    inbox.put('good.xlsx', zipOf(workbook({ One: `${header}<row r="2">${inline('A2', 'good')}</row>` })));
    const kept = await read(content);
    expect(Object.keys(rowsIn(kept))).toEqual(['good']);
    expect(problemsIn(kept)).toEqual([expect.stringContaining(problem)]);
    const { open } = openOver(inbox, { row: { files: '*.xlsx', key: ['ID'] } }, { maxBytes: 1_000_000 });
    expect(outcome(await open.check(), 'row: unusable files')).toContain(`failed: book.xlsx: `);
  });

  test('because a cell stands far outside has a bad row, not a large one', async () => {
    const rows = `<row r="2">${inline('A2', 'a')}${inline('XFD2', 'far')}</row><row r="3">${inline('A3', 'b')}</row>`;
    const kept = await read(zipOf(workbook({ One: header + rows })));
    expect(Object.keys(rowsIn(kept))).toEqual(['b']);
    expect(problemsIn(kept)).toEqual(['book.xlsx:2: has more than 2000 cells']);
  });
});
