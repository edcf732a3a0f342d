import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { type Block, type Cell, render, type ReportDocument, type Table } from '../../src/report/index.js';

const about: ReportDocument['about'] = {
  organisation: 'Smith & "Sons" <Ltd>',
  at: '2026-05-01T12:00:00.000Z',
  timeZone: 'UTC',
  gatesOff: [],
  gaps: 0,
  policyHash: 'a'.repeat(64),
  directoryHash: 'b'.repeat(64),
  journal: { seq: 1, hash: 'c'.repeat(64) },
  product: 'golden-thread 1',
};

function documentOf(text: string, cell: Cell = text): ReportDocument {
  const table: Table = { kind: 'table', caption: text, columns: [{ title: 'first' }, { title: text }], rows: [['row', cell]] };
  const blocks: readonly Block[] = [
    { kind: 'heading', level: 2, text },
    { kind: 'paragraph', text },
    { kind: 'list', items: [cell] },
    { kind: 'facts', items: [{ name: text, value: cell }] },
    table,
  ];
  return { name: 'test', title: text, about, blocks, main: table, data: { text } };
}

const text = async (document: ReportDocument, format: 'md' | 'html' | 'csv' | 'json' | 'text'): Promise<string> =>
  new TextDecoder().decode(await render(document, format));

/** Control characters but the ends of lines, and marks that turn the direction of writing around. */
function disturbing(code: number): boolean {
  const control = code < 0x20 || (code >= 0x7f && code <= 0x9f);
  const turning = code === 0x200e || code === 0x200f || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
  return turning || (control && code !== 0x0a && code !== 0x0d);
}

const attacks = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  "=cmd|' /C calc'!A0",
  '+1+1',
  '-2+3',
  '@SUM(1,1)',
  '\t=1+1',
  '\r=1+1',
  '  =HYPERLINK("http://evil.example")',
  '＝1+1',
  'a | b\n| c | d |\n\n# heading',
  '[click](javascript:alert(1))',
  '![x](http://evil.example/beacon)',
  '`code` **bold** _x_ ~~y~~',
  'safe\u202Egnp.exe',
  'a\u2066b\u2069c\u200e\u200f',
  '\u001b[2J\u001b[31mred',
  'a"b,c\r\nd',
  '&lt;b&gt; &amp;',
  'http://evil.example/ www.evil.example x@evil.example',
  '</style><style>body{display:none}',
];

describe.each(attacks)('a ticket titled %j', (attack) => {
  test('is text in HTML: no element or attribute of its own comes out of it', async () => {
    const html = await text(documentOf(attack), 'html');
    // Everything but our own style sheet: tags are only those that the renderer writes, and none carries a handler.
    const tags = [...html.matchAll(/<\/?([a-z0-9]+)([^>]*)>/g)];
    const names = new Set(tags.map(([, name]) => name));
    for (const name of ['script', 'img', 'iframe', 'object', 'b']) expect(names.has(name)).toBe(false);
    expect(tags.filter(([, name]) => name === 'style')).toHaveLength(2);
    for (const [, , attributes = ''] of tags) expect(attributes.replace(/"[^"]*"/g, '')).not.toMatch(/\bon[a-z]+\s*=|'/);
    expect(html).not.toMatch(/href="(?!#|https?:)/);
  });

  test('is text in Markdown: one line, no markup, no cell and no link of its own', async () => {
    const markdown = await text(documentOf(attack), 'md');
    const rows = markdown.split('\n').filter((line) => line.startsWith('| '));
    expect(rows).toHaveLength(3);
    for (const row of rows) expect([...row.matchAll(/(?<!\\)\|/g)]).toHaveLength(3);
    expect(markdown).not.toMatch(/<(?!br>)/);
    expect(markdown).not.toMatch(/(?<!\\)\]\(|(?<!\\)`|javascript:|https?:\/\/evil|www\.evil|x@evil/);
    expect([...markdown.matchAll(/^#+ /gm)]).toHaveLength(2);
  });

  test('starts no formula in a spreadsheet and stays in its cell', async () => {
    const rows = parse(await text(documentOf(attack), 'csv')) as string[][];
    expect(rows).toHaveLength(2);
    for (const cell of rows.flat()) expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]/);
    for (const row of rows) expect(row).toHaveLength(2);
  });

  test('is exact in JSON, and disturbs no terminal and no direction of writing anywhere', async () => {
    const json = await text(documentOf(attack), 'json');
    expect((JSON.parse(json) as { text: string }).text).toBe(attack);
    for (const format of ['md', 'html', 'csv', 'json', 'text'] as const) {
      const shown = await text(documentOf(attack), format);
      expect(Array.from(shown).filter((character) => disturbing(character.codePointAt(0) ?? 0))).toEqual([]);
    }
  });
});

test('an address that is no web address is shown and not linked', async () => {
  for (const href of [
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'JaVaScRiPt:alert(1)',
    ' https://x',
    'https://',
  ] as const) {
    const document = documentOf('x', { link: 'label', href });
    expect(await text(document, 'html')).not.toMatch(/<a href="(?!#)/);
    expect(await text(document, 'md')).not.toMatch(/\]\(/);
  }
  const good = documentOf('x', { link: 'label', href: 'https://jira.test/browse/IMP-1?a=b&c=<"d">|' });
  expect(await text(good, 'html')).toContain('<a href="https://jira.test/browse/IMP-1?a=b&amp;c=%3C%22d%22%3E|"');
  expect([...(await text(good, 'md')).matchAll(/\[label\]\(<https:\/\/jira\.test[^>|]*>\)/g)].length).toBeGreaterThan(0);
});

test('numbers stay numbers in CSV, negative ones too', async () => {
  expect(await text(documentOf('x', -5), 'csv')).toBe('first,x\r\nrow,-5\r\n');
});

test('whatever the text, a spreadsheet reads back as many cells as were written, and none begins a formula', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { minLength: 1, maxLength: 5 }), async (cells) => {
      const table: Table = { kind: 'table', caption: 'x', columns: cells.map((_, at) => ({ title: `c${at}` })), rows: [cells, cells] };
      const csv = await text({ ...documentOf('x'), main: table, blocks: [table] }, 'csv');
      const rows = parse(csv, { skip_empty_lines: false }) as string[][];
      expect(rows.map((row) => row.length)).toEqual([cells.length, cells.length, cells.length]);
      for (const cell of rows.flat()) expect(cell).not.toMatch(/^\s*[=+\-@]/);
    }),
    { numRuns: 200 },
  );
});

test('a page can be used without a mouse and without eyes', async () => {
  const html = await text(documentOf('Findings'), 'html');
  expect(html).toMatch(/<html lang="en">/);
  expect(html).toMatch(/<a class="skip" href="#main">/);
  for (const landmark of ['header', 'main id="main"', 'footer']) expect(html).toContain(`<${landmark}>`);
  expect(html).toMatch(/<caption>Findings<\/caption><thead><tr><th scope="col">first<\/th>/);
  expect(html).toMatch(/<th scope="row"/);
  expect(html).toContain('prefers-color-scheme:dark');
  expect(html).toContain('@media print');
  expect(html).not.toMatch(/<script|src=|url\(|@import/);
});

test('a PDF is a PDF, with its pages numbered by the document itself', async () => {
  const bytes = await render(documentOf('Prüfung Обзор <b>=1+1'), 'pdf');
  expect(new TextDecoder('latin1').decode(bytes.slice(0, 5))).toBe('%PDF-');
  expect(bytes.length).toBeGreaterThan(5000);
});
