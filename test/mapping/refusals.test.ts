import { describe, expect, test } from '@jest/globals';
import { refusals } from './formulas.js';

/** Formula, offset at which the trouble stands, words that say what it is, words that say what to do instead. */
const refused: readonly (readonly [formula: string, at: number, what: RegExp, remedy: RegExp])[] = [
  ['function($x){ $x }(1)', 0, /functions by name|of your own/, /start with \$|table/],
  ['$map(list, function($v){ $v })', 0, /\$map is not among/, /path/],
  ['λ($x){ $x }', 0, /functions of your own/, /table/],
  ['/(a+)+$/', 0, /regular expressions/, /table/],
  ['$match(a, /x/)', 0, /\$match is not among/, /table/],
  ['$replace(a, /(a+)+$/, "")', 0, /\$replace is not among/, /table/],
  ['[1..9999999]', 2, /ranges/, /policy\.yaml/],
  ['*', 0, /wildcard \*/, /name the fields/],
  ['a.*.b', 2, /wildcard \*/, /name the fields/],
  ['**.password', 0, /descendant wildcard/, /name the path/],
  ['a.b.%.c', 0, /parent|not allowed/, /\$\$|leave/],
  ['a@$x.b', 0, /context bindings/, /join nothing/],
  ['a#$i.b', 0, /position bindings/, /quotes/],
  ['a[x=1]#$i.b', 0, /bindings/, /leave/],
  ['a{b: c}', 0, /grouping/, /path\.\{/],
  ['a^(b)', 1, /sorting/, /order/],
  ['$sort(a)', 0, /\$sort is not among/, /order/],
  ['$eval("1")', 0, /\$eval is not among/, /never run/],
  ['$now()', 0, /\$now is not among/, /time of the record/],
  ['$random()', 0, /\$random is not among/, /same result/],
  ['$merge([a, b])', 0, /\$merge is not among/, /object/],
  ['$uppercase', 0, /not known here/, /brackets/],
  ['$foo', 0, /\$foo is not known here/, /only \$ and \$\$/],
  ['$upercase(a)', 0, /\$upercase is not among/, /did you mean \$uppercase/],
  ['$exists()', 0, /takes 1 arguments, not 0/, /README|docs/],
  ['$trim(a, b)', 0, /takes 0 to 1 arguments, not 2/, /README|docs/],
  ['a ~> $uppercase', 2, /chain operator/, /\$function\(value\)/],
  ['$x := 1', 3, /variables/, /where it is needed/],
  ['(a; b)', 0, /exactly one expression/, /without ;/],
  ['()', 0, /exactly one expression/, /one expression/],
  ['|a|{"b": 1}|', 0, /transforms/, /new object/],
  ['$substring(?, 1)', 0, /partly applied/, /every argument/],
  ['a[]', 0, /empty predicate/, /\$list/],
  ['[a, b][0].c', 0, /filtered at once/, /in brackets/],
  ['a.b(c)', 2, /functions by name/, /start with \$/],
  ['$table(name, priority)', 0, /takes the name of a table in quotes/, /\$table\("severity"/],
  ['$table("severity", priority)', 0, /no table "severity"/, /tables:/],
  ['$key(category)', 0, /list that is written out/, /\$key\(\[/],
  ['{"__proto__": a}', 1, /key __proto__/, /another name/],
  ['{"constructor": a}', 1, /key constructor/, /another name/],
  ['a &', 3, /cannot be read/, /what follows the operator/],
  ['$trim(a', 7, /cannot be read/, /close/],
  ['"abc', 4, /cannot be read.*quote/, /close the quote/],
  ['a b', 2, /Syntax error/, /JSONata/],
  ['', 0, /empty/, /leave the field out/],
  ['   ', 0, /empty/, /leave the field out/],
];

describe('a formula that is not allowed', () => {
  test.each(refused)('%s is refused at its place with a remedy', (formula, at, what, remedy) => {
    const [first = 'accepted'] = refusals(formula);
    expect(first).toMatch(/^\d+: /);
    expect(Number(first.split(':')[0])).toBe(at);
    expect(first).toMatch(what);
    expect(first).toMatch(remedy);
  });

  test('every trouble in it is told at once', () => {
    expect(refusals('$now() & $eval(a) & *')).toHaveLength(3);
  });
});

describe('a formula that is a bomb', () => {
  test('is refused when its defaults would double its size again and again', () => {
    expect(refusals(Array.from({ length: 40 }, (_, index) => `a${index}`).join(' ?: '))[0]).toMatch(/more than 8 of \?: and \?\?/);
  });

  test('is refused when it is longer than a formula ever is', () => {
    expect(refusals('a & '.repeat(2_000))[0]).toMatch(/4000 are allowed; use a table/);
  });

  test('is refused or read, and never overflows, however deeply it is nested', () => {
    expect(() => refusals(`${'('.repeat(1_900)}a${')'.repeat(1_900)}`)).not.toThrow();
    expect(() => refusals('['.repeat(3_900))).not.toThrow();
    expect(() => refusals('-'.repeat(3_900))).not.toThrow();
  });
});
