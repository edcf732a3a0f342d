import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromAdf } from '../../connectors/jira/adf-read.js';
import { toAdf } from '../../connectors/jira/adf-write.js';
import { fromWiki } from '../../connectors/jira/data-center/wiki-read.js';
import { toWiki } from '../../connectors/jira/data-center/wiki-write.js';

const origin = 'https://acme.service-now.com';
const origins = new Set([origin]);

const hostile = [
  '[~admin]',
  '[~accountid:x]',
  '!picture.png!',
  '!http://evil.example/x.gif|width=1!',
  '{html}<script>alert(1)</script>{html}',
  '{include:page=x}',
  '{color:red}red{color}',
  '{code}x{code}',
  '{noformat}',
  '{{mono}}',
  '[click|http://evil.example]',
  '[http://evil.example]',
  'http://evil.example/a_b',
  'mailto:a@b.example',
  '[mailto:a@b.example]',
  '\\\\server\\share',
  '\\',
  '\\[~admin]',
  '\\\\[~admin]',
  '&#91;~admin&#93;',
  '&amp;',
  '||head||',
  '|cell|',
  'h1. big',
  'bq. quoted',
  '----',
  '# one',
  '#one',
  '* star',
  '- item',
  '*bold*',
  '_it_',
  '-gone-',
  '+in+',
  '^up^',
  '~down~',
  '??who??',
  ':)',
  '(!)',
  '(on)',
  `${origin}/nav_to.do?uri=incident.do`,
  'snake_case-word',
  'Zoë 👩‍👩‍👧 \ud83d',
  '\u2028',
  '\u0000',
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constantFrom('\n', '\n\n', ' ', '\t')), {
    maxLength: 14,
  })
  .map((parts) => parts.join(''));

/**
 * What Jira would make of a wiki text, judged by the harshest reading: nothing but `\` before a sign takes its meaning away.
 * Links to allowed origins are taken out first, they may be there.
 */
function meaningsOf(wiki: string): readonly string[] {
  const bare = wiki.replaceAll(/\[https:\/\/acme\.service-now\.com\/[^\s[\]{}|\\!~*]*\]/g, 'x');
  const raw = bare.match(/\[~/g) ?? [];
  const unescaped = bare.replaceAll(/\\[^\p{L}\p{N}\s]/gu, 'x');
  return [
    ...raw,
    ...(unescaped.match(/[{}[\]|*^~\\]/g) ?? []),
    ...(unescaped.match(/!\S/g) ?? []),
    ...(unescaped.match(/\?\?/g) ?? []),
    ...(unescaped.match(/(?<![\p{L}\p{N}])[-_+]|[-_+](?![\p{L}\p{N}])/gu) ?? []),
    ...(unescaped.match(/[a-z]:\/\/|mailto:/gi) ?? []),
    ...(unescaped.match(/[:;]-?[)(DP]|\((?:[!?/x]|on|off)\)/g) ?? []),
  ];
}

describe('wiki text that is written', () => {
  test('means nothing but paragraphs, lists, headings and allowed links, whatever the text says', () => {
    fc.assert(
      fc.property(text, (written) => {
        for (const line of toWiki(written, { origins }).split('\n')) {
          const body = line.replace(/^(\* |h[1-6]\. )/, '');
          expect({ line, means: meaningsOf(body) }).toEqual({ line, means: [] });
          expect(/^(#|bq\.|h[1-6]\.|-{4})/.test(body)).toBe(false);
        }
      }),
      { numRuns: 600 },
    );
  });

  test('reads back as the same text as a document of Cloud does', () => {
    fc.assert(
      fc.property(text, (written) => {
        expect(fromWiki(toWiki(written, { origins }))).toBe(fromAdf(toAdf(written, origins)));
      }),
      { numRuns: 600 },
    );
  });

  test('stays below the limit with its escapes, is not cut inside a character, and says that it was cut', () => {
    fc.assert(
      fc.property(fc.constantFrom('{', '👩', 'a', '\\', 'x\n\n'), fc.integer({ min: 150, max: 900 }), (unit, limit) => {
        const wiki = toWiki(unit.repeat(1000), { origins, limit, last: 'marker [1]' });
        expect(wiki.length).toBeLessThanOrEqual(limit);
        expect(wiki.isWellFormed()).toBe(true);
        expect(wiki).toMatch(/cut here/);
        expect(fromWiki(wiki).split('\n').at(-1)).toBe('marker [1]');
      }),
    );
  });
});

describe('wiki text that people wrote', () => {
  test.each([
    ['*Bold* and _it_ and -gone- in {{mono}}', 'Bold and it and gone in mono'],
    ['{panel:title=T}inside{panel} after', 'inside after'],
    ['{color:#ff0000}red{color}', 'red'],
    ['before\n{code:java}int a = b[0] * 2;{code}\nafter', 'before\n\nint a = b[0] * 2;\n\nafter'],
    ['[Docs|https://docs.example/x] and [https://docs.example]', 'Docs and https://docs.example'],
    ['[~jsmith] asked', '@jsmith asked'],
    ['see !shot.png|thumbnail! and wow!', 'see  and wow!'],
    ['h2. Cause\n# one\n## two\n* three', '## Cause\n\n- one\n- two\n- three'],
    ['||Name||Value||\n|a|b|', 'Name | Value\na | b'],
    ['bq. said', 'said'],
    ['one\\\\two', 'one\ntwo'],
    ['above\n----\nbelow', 'above\n\nbelow'],
    ['5 * 3 - 2 + a_b and 10-20', '5 * 3 - 2 + a_b and 10-20'],
    ['{broken and [unclosed and C:\\temp', '{broken and [unclosed and C:\\temp'],
    ['', ''],
  ])('%j reads as %j', (wiki, plain) => {
    expect(fromWiki(wiki)).toBe(plain);
  });

  test('is read to its end, whatever it is made of', () => {
    const unkind = ['[', '{', '!', '*a', '_', '{code}', '&#', '\\', '|', '[~'];
    for (const unit of unkind) expect(typeof fromWiki(unit.repeat(32_767 / unit.length))).toBe('string');
  });
});
