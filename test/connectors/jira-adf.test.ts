import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Json, JsonObject } from 'golden-thread/kit';
import { canonical, fromAdf } from '../../connectors/jira/adf-read.js';
import { richTextLimit, toAdf } from '../../connectors/jira/adf-write.js';
import { clean, cut, oneLine } from '../../connectors/jira/text.js';

const origins = new Set(['https://acme.service-now.com']);

/** Text as strangers write it: lists, headings, markup of every kind, addresses, broken characters. */
const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(
        '\n',
        '\n\n',
        '\r\n',
        '- ',
        '# ',
        '- - ',
        '- # ',
        '###### ',
        '\t',
        '\u0000',
        '\ud800',
        '\u2028',
        ' ',
        '@[~accountid:1]',
        '{macro}',
        '!x.png!',
        '[x|javascript:alert(1)]',
        'javascript:alert(1)',
        'https://evil.example/x',
        'https://acme.service-now.com/x?y=1.',
        'https://a@acme.service-now.com/',
      ),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

function nodes(node: Json): JsonObject[] {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return [];
  const object = node as JsonObject;
  const content = (object['content'] ?? []) as readonly Json[];
  return [object, ...content.flatMap(nodes)];
}

describe('text as a document', () => {
  test('whatever the text says, it becomes safe nodes and no others, and links only to known origins', () => {
    const safe = new Set(['doc', 'paragraph', 'text', 'bulletList', 'listItem', 'heading', 'hardBreak']);
    fc.assert(
      fc.property(text, (written) => {
        for (const node of nodes(toAdf(written, origins))) {
          expect(safe).toContain(node['type']);
          if (node['type'] === 'text') {
            expect(node['text']).not.toBe('');
            expect((node['text'] as string).isWellFormed()).toBe(true);
            expect(node['text']).not.toContain('\n');
          }
          for (const mark of (node['marks'] ?? []) as readonly JsonObject[]) {
            expect(mark['type']).toBe('link');
            expect(new URL((mark['attrs'] as { readonly href: string }).href).origin).toBe('https://acme.service-now.com');
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('read back, it says the same, and says it in the one form that comparison needs', () => {
    fc.assert(
      fc.property(text, (written) => {
        const readBack = fromAdf(toAdf(written, origins));
        expect(readBack).toBe(canonical(written));
        expect(canonical(readBack)).toBe(readBack);
        expect(readBack.replace(/\s/g, '')).toBe(clean(written).replace(/\s/g, ''));
      }),
      { numRuns: 500 },
    );
  });

  test('paragraphs, lists and headings are what they look like', () => {
    const document = toAdf(
      '# Trigger\nIncidents of one case:\n- INC1\n- INC2\n\nSee https://acme.service-now.com/x, please.\nThanks',
      origins,
    );
    expect((document['content'] as readonly JsonObject[]).map((node) => node['type'])).toEqual([
      'heading',
      'paragraph',
      'bulletList',
      'paragraph',
    ]);
    expect(fromAdf(document)).toBe(
      '# Trigger\n\nIncidents of one case:\n\n- INC1\n- INC2\n\nSee https://acme.service-now.com/x, please.\nThanks',
    );
    expect(nodes(document).flatMap((node) => (node['marks'] ?? []) as readonly JsonObject[])).toEqual([
      { type: 'link', attrs: { href: 'https://acme.service-now.com/x' } },
    ]);
  });

  test('a text beyond the limit is cut with a note, never refused, never in the middle of a character', () => {
    for (const long of ['😀'.repeat(30_000), '"\\\n'.repeat(20_000), '- item\n'.repeat(9_000), 'word '.repeat(50_000)]) {
      const document = toAdf(long, origins);
      expect(JSON.stringify(document).length).toBeLessThanOrEqual(richTextLimit);
      expect(fromAdf(document)).toMatch(/cut here/);
      expect(JSON.stringify(document)).not.toMatch(/\\ud[89a-f]/i);
    }
  });
});

describe('a document as text', () => {
  const paragraph = (...content: readonly JsonObject[]): JsonObject => ({ type: 'paragraph', content });
  const words = (shown: string): JsonObject => ({ type: 'text', text: shown });

  test('of macros and media nothing is kept; of mentions, dates and cards what a reader sees', () => {
    const document = {
      type: 'doc',
      version: 1,
      content: [
        { type: 'bodiedExtension', attrs: { extensionKey: 'excerpt' }, content: [paragraph(words('secret of a macro'))] },
        { type: 'mediaSingle', content: [{ type: 'media', attrs: { id: 'x' } }] },
        paragraph(
          { type: 'mention', attrs: { id: '5b1', text: '@Ann' } },
          words(' by '),
          { type: 'date', attrs: { timestamp: '1732838400000' } },
          { type: 'inlineExtension', attrs: {} },
          words(', see '),
          { type: 'inlineCard', attrs: { url: 'https://x.example/1' } },
        ),
        {
          type: 'orderedList',
          content: [
            {
              type: 'listItem',
              content: [
                paragraph(words('one')),
                { type: 'bulletList', content: [{ type: 'listItem', content: [paragraph(words('below'))] }] },
              ],
            },
          ],
        },
        {
          type: 'table',
          content: [
            {
              type: 'tableRow',
              content: [
                { type: 'tableCell', content: [paragraph(words('a'))] },
                { type: 'tableCell', content: [paragraph(words('b'))] },
              ],
            },
          ],
        },
      ],
    };
    expect(fromAdf(document)).toBe('@Ann by 2024-11-29, see https://x.example/1\n\n- one\n- below\n\na | b');
  });

  test('nesting without end is left out, not followed', () => {
    let node: JsonObject = paragraph(words('deep'));
    for (let depth = 0; depth < 5_000; depth += 1) node = { type: 'panel', content: [node] };
    expect(fromAdf({ type: 'doc', version: 1, content: [paragraph(words('top')), node] })).toBe('top');
  });
});

describe('a summary', () => {
  test('is one line of at most 255 characters and never ends in half a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 200, maxLength: 400 }), (written) => {
        const summary = cut(oneLine(`${'😀'.repeat(100)}\n${written}`), 255);
        expect(summary.length).toBeLessThanOrEqual(255);
        expect(summary.isWellFormed()).toBe(true);
        expect(summary).not.toContain('\n');
      }),
    );
  });
});
