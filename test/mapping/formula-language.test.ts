import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Value } from '../../src/mapping/formula/index.js';
import { evaluate } from './formulas.js';

describe('$time', () => {
  test.each([
    ['2026-03-02T08:15:00.000Z', '2026-03-02T08:15:00.000Z'],
    ['2026-03-02T09:15:00.123+0100', '2026-03-02T08:15:00.123Z'],
    ['2026-03-02T09:15:00+01:00', '2026-03-02T08:15:00.000Z'],
    ['2026-03-02 08:15:00', '2026-03-02T08:15:00.000Z'],
    ['2026-03-02T08:15', '2026-03-02T08:15:00.000Z'],
    ['2026-03-02', '2026-03-02T00:00:00.000Z'],
    ['2024-02-29T00:00:00.1Z', '2024-02-29T00:00:00.100Z'],
    [1772439300000, '2026-03-02T08:15:00.000Z'],
  ])('reads %s as the instant it is', (value, instant) => {
    expect(evaluate('$time(t)', { t: value })).toBe(instant);
  });

  test.each([
    '2026-02-30',
    '2026-13-01',
    '2025-02-29T00:00:00.000Z',
    '2026-03-02T24:00:00.000Z',
    '2026-03-02T08:61:00.000Z',
    '02/03/2026',
    'soon',
    true,
    1e20,
  ])('refuses %s instead of guessing', (value) => {
    expect(() => evaluate('$time(t)', { t: value })).toThrow(/is not a date and time/);
  });

  test.each([null, '', '  ', undefined])('gives nothing for %s', (value) => {
    expect(evaluate('$time(t)', { t: value })).toBeUndefined();
  });
});

describe('$list', () => {
  test.each([
    ['one', ['one']],
    [
      ['a', '', null, 'b'],
      ['a', 'b'],
    ],
    [null, []],
    ['', []],
    [{ id: 1 }, [{ id: 1 }]],
  ] as readonly (readonly [Value, Value])[])('makes %j a list', (value, list) => {
    expect(evaluate('$list(v)', { v: value })).toEqual(list);
  });
});

describe('$key', () => {
  test('joins what is there and is stable', () => {
    expect(evaluate('$key([a.id, b, c])', { a: { id: 'x' }, b: 'y', c: 3 })).toBe('x|y|3');
  });

  test.each([{ b: 'y' }, { a: null, b: 'y' }, { a: '', b: 'y' }, { a: '  ', b: 'y' }, { a: [], b: 'y' }])(
    'is nothing when a part is empty: %j',
    (record) => {
      expect(evaluate('$key([a, b])', record)).toBeUndefined();
    },
  );

  test('tells parts apart that hold the separator', () => {
    const keys = [
      { a: 'x|y', b: 'z' },
      { a: 'x', b: 'y|z' },
      { a: 'x\\', b: 'y|z' },
      { a: 'x\\|y', b: 'z' },
    ].map((record) => evaluate('$key([a, b])', record));
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('stays short, whatever strangers write into a part of it', () => {
    const long = evaluate('$key([a, b])', { a: 'x'.repeat(100_000), b: 'y' });
    expect(long).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(evaluate('$key([a, b])', { a: 'x'.repeat(100_001), b: 'y' })).not.toBe(long);
  });

  test('refuses a list as a part, because its order means nothing', () => {
    expect(() => evaluate('$key([a, b])', { a: ['x', 'y'], b: 'z' })).toThrow(/one text or number/);
    expect(evaluate('$key([a, b])', { a: ['x', 'y'], b: ' ' })).toBeUndefined();
  });
});

describe('$text', () => {
  test.each([
    ['  plain \r\n text\u0000\u0007 ', 'plain \n text'],
    ['safe\u202Egnp.exe', 'safegnp.exe'],
    ['👩‍💻 zero-width joiners of emoji stay', '👩‍💻 zero-width joiners of emoji stay'],
    ['bad \ud800 surrogate', 'bad \ufffd surrogate'],
    [42, '42'],
    [false, 'false'],
    [{ id: 'x', name: 'Checkout' }, 'Checkout'],
    [{ id: 'x' }, 'x'],
    [['a', null, 'b'], 'a, b'],
  ] as readonly (readonly [Value, string])[])('of %j is what people can read', (value, text) => {
    expect(evaluate('$text(v)', { v: value })).toBe(text);
  });

  test.each([null, '', '   ', '\u200b', []])('of %j is nothing', (value) => {
    expect(evaluate('$text(v)', { v: value as Value })).toBeUndefined();
  });

  test('cleans any text as if none were taken for clean at a glance', () => {
    const unprintable = /(?![\t\n])[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;
    const piece = fc.oneof(fc.string(), fc.constantFrom(' ', '\t', '\r\n', '\u00a0', '\u200b', '~', '!', 'é', '\ud800'));
    const texts = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(texts, (v) => {
        const cleaned = v.replace(/\r\n?/g, '\n').replace(unprintable, '').toWellFormed().trim();
        expect(evaluate('$text(v)', { v }) ?? '').toBe(cleaned);
        expect(evaluate('$list([v])', { v })).toEqual(v.trim() === '' ? [] : [v]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('$table', () => {
  const tables = { size: { 1: 'big', '-1': 'small', true: 'yes', '': 'none given' }, open: { a: 'A', default: 'other' } };

  test.each([
    ['$table("size", v)', 1, 'big'],
    ['$table("size", v)', '1', 'big'],
    ['$table("size", v)', -1, 'small'],
    ['$table("size", v)', true, 'yes'],
    ['$table("size", v)', null, 'none given'],
    ['$table("open", v)', 'zzz', 'other'],
    ['$table("open", v)', null, 'other'],
  ] as readonly (readonly [string, Value, Value])[])('%s of %j', (formula, value, row) => {
    expect(evaluate(formula, { v: value }, tables)).toBe(row);
  });

  test('fails for a choice that nobody listed, naming table and value', () => {
    expect(() => evaluate('$table("size", v)', { v: 2 }, tables)).toThrow('table size has no row for 2');
  });

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('finds no row called %s that nobody wrote', (value) => {
    expect(() => evaluate('$table("size", v)', { v: value }, tables)).toThrow(/has no row for/);
  });
});

describe('a record written by strangers', () => {
  const hostile = JSON.parse(
    '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}},"a":{"__proto__":{"polluted":"yes"}}}',
  ) as Value;

  test('reaches nothing but its own properties', () => {
    for (const formula of [
      'constructor.name',
      'a.constructor',
      'toString',
      'a.hasOwnProperty',
      '$lookup(a, "constructor")',
      'a.polluted',
      'polluted',
      '$string(a.valueOf)',
    ]) {
      expect(evaluate(formula, { a: { b: 1 } })).toBeUndefined();
    }
  });

  test('pollutes nothing, whatever its keys are called', () => {
    const copied = evaluate('{"all": a, "c": constructor}', hostile);
    expect(copied).toEqual({ all: {}, c: {} });
    expect(() => evaluate('list.{name: value}', { list: [{ name: '__proto__', value: { polluted: 'yes' } }] })).toThrow(
      /the key __proto__ is not allowed/,
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('cannot make a formula run for ever: work on it is bounded', () => {
    const list = Array.from({ length: 2_000 }, (_, id) => ({ id }));
    expect(() => evaluate('list.($$.list.($$.list.id))', { list })).toThrow(/more work than allowed/);
    expect(() => evaluate('$sum(list.$count($$.list.$count($$.list)))', { list })).toThrow(/more work than allowed/);
    expect(() => evaluate('list[$$.list[$$.list.id = id].id = id]', { list })).toThrow(/more work than allowed/);
  });

  test('cannot make a formula write text without end', () => {
    const record = { text: 'x'.repeat(32_000), list: Array.from({ length: 2_000 }, (_, id) => ({ id })) };
    expect(() => evaluate('list.($$.text & $$.text)', record)).toThrow(/more work than allowed/);
  });

  test('may be nested ten thousand deep without taking the process along', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`) as Value;
    expect(evaluate('a.a.a.b', deep)).toBeUndefined();
    expect(() => evaluate('a', deep)).toThrow();
  });

  test('does not slow down matching: evil texts meet no backtracking', () => {
    const evil = [
      'a'.repeat(100_000) + '!',
      ' '.repeat(100_000),
      '\t\n'.repeat(50_000),
      '2026-'.repeat(20_000),
      '0'.repeat(100_000),
      '-'.repeat(100_000),
    ];
    for (const text of evil) {
      for (const formula of [
        '$trim(t)',
        '$text(t)',
        '$contains(t, "ab")',
        '$split(t, " ")[0]',
        '$key([t])',
        '$length(t)',
        '$substring(t, 5, 10)',
      ]) {
        expect(() => evaluate(formula, { t: text })).not.toThrow();
      }
      for (const formula of ['$time(t)', '$number(t)']) {
        try {
          evaluate(formula, { t: text });
        } catch (error) {
          expect((error as Error).message.length).toBeLessThan(200);
        }
      }
    }
  });

  test('is never changed by a formula, and shares nothing with its result', () => {
    const record = { list: [{ a: [1] }], o: { b: [] } };
    const before = JSON.stringify(record);
    const result = evaluate('{"l": list, "o": o, "x": list.a}', record) as { l: unknown };
    expect(JSON.stringify(record)).toBe(before);
    expect(result.l).not.toBe(record.list[0]);
  });
});

describe('a result that is no JSON', () => {
  test.each(['1/0', '{"a": -1/0}', '[0/0]'])('%s fails instead of being stored', (formula) => {
    expect(() => evaluate(formula, {})).toThrow(/not a number that can be stored|out of range/);
  });
});
