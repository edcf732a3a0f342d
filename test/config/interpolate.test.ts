import { describe, expect, test } from '@jest/globals';
import { interpolate } from '../../src/config/index.js';

const sources = {
  env: { USER_NAME: 'reader', EMPTY: '', TRICKY: 'a: b # ${NOT_AGAIN}' },
  readFile: (path: string): string => {
    if (path === '/run/secrets/token') return 's3cret\n';
    throw Object.assign(new Error('no'), { code: 'ENOENT' });
  },
};
const at = (text: string): string => interpolate(text, 'g.yaml:3:7', sources);

describe('${…} in a setting', () => {
  test.each([
    ['${USER_NAME}', 'reader'],
    ['x-${USER_NAME}-y', 'x-reader-y'],
    ['${MISSING:-fallback}', 'fallback'],
    ['${EMPTY:-fallback}', 'fallback'],
    ['$${USER_NAME}', '${USER_NAME}'],
    ['${file:/run/secrets/token}', 's3cret'],
    ['pa$$word$1', 'pa$$word$1'],
    ['${TRICKY}', 'a: b # ${NOT_AGAIN}'],
  ])('%s becomes %s', (text, expected) => {
    expect(at(text)).toBe(expected);
  });

  test.each([
    ['${MISSING}', /\$\{MISSING\} is not set/],
    ['${EMPTY}', /\$\{EMPTY\} is not set/],
    ['${MISSING:?ask the platform team}', /ask the platform team/],
    ['${a b}', /is not understood/],
    ['${file:/run/secrets/none}', /cannot be read \(ENOENT\)/],
  ])('%s is refused with place and remedy', (text, expected) => {
    expect(() => at(text)).toThrow(
      expect.objectContaining({
        kind: 'config',
        message: expect.stringMatching(expected),
        details: expect.objectContaining({ place: 'g.yaml:3:7', hint: expect.any(String) }),
      }),
    );
  });
});
