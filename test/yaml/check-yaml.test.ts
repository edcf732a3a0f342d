import { describe, expect, test } from '@jest/globals';
import { describeFailure, z } from '../../src/kit/index.js';
import { checkYaml, didYouMean, parseYaml } from '../../src/yaml/index.js';

const schema = z.strictObject({
  name: z.string(),
  retries: z.int().min(0).default(3),
  systems: z.record(
    z.string(),
    z.strictObject({
      schedule: z.string(),
      auth: z.union([z.strictObject({ token: z.string() }), z.strictObject({ user: z.string(), password: z.string() })]),
    }),
  ),
});

const problemsOf = (text: string): string[] => {
  const checked = checkYaml(parseYaml('a.yaml', text), schema);
  return checked.ok ? [] : checked.problems.map(describeFailure);
};

const good = 'name: x\nsystems:\n  sn:\n    schedule: daily\n    auth: { token: t }\n';

describe('a file that people edit', () => {
  test('is taken when it fits', () => {
    const checked = checkYaml(parseYaml('a.yaml', good), schema);

    expect(checked).toMatchObject({ ok: true, value: { name: 'x', retries: 3 } });
  });

  test.each([
    [
      'an unknown key is named with its place and the key that was meant',
      good.replace('schedule', 'shedule'),
      /a\.yaml:4:5: systems\.sn\.shedule: there is no such setting \(did you mean "schedule"\?\)/,
    ],
    ['a missing key is named', 'systems: {}\n', /name: is missing/],
    ['a wrong type says what was expected', good.replace('name: x', 'name: 7'), /a\.yaml:1:7: name: .*expected string/],
    [
      'inside a choice of shapes the nearest one explains',
      good.replace('token: t', 'token: 5'),
      /a\.yaml:5:20: systems\.sn\.auth\.token: .*expected string/,
    ],
  ])('%s', (_promise, text, expected) => {
    expect(problemsOf(text).join('\n')).toMatch(expected);
  });

  test('every problem is reported at once', () => {
    expect(problemsOf('nam: x\nretries: -1\nsystems: {}\n').length).toBeGreaterThanOrEqual(3);
  });

  test.each([
    ['a key given twice', 'name: a\nname: b\n', 'a.yaml:2:1'],
    ['a value with a colon that is not quoted', 'name: =a ? "x: y" : b: c\n', 'a.yaml:1:'],
    ['a tab as indentation', 'systems:\n\tsn: 1\n', 'a.yaml:2:'],
  ])('%s is refused with its place and a remedy', (_what, text, place) => {
    expect(() => parseYaml('a.yaml', text)).toThrow(
      expect.objectContaining({
        kind: 'config',
        details: expect.objectContaining({ place: expect.stringContaining(place), hint: expect.any(String) }),
      }),
    );
  });
});

describe('did you mean', () => {
  test.each([
    ['shedule', 'schedule'],
    ['pasword', 'password'],
    ['recrod', 'record'],
    ['zzz', undefined],
  ])('%s -> %s', (word, meant) => {
    expect(didYouMean(word, ['schedule', 'password', 'record'])).toBe(meant);
  });
});
