import { expect, test } from '@jest/globals';
import { plusDays, silenceIn } from '../../../src/domain/index.js';

const from = '2026-01-05T00:00:00.000Z';
const spans = {
  baseline: { from, to: plusDays(from, 26 * 7) },
  window: { from: plusDays(from, 30 * 7), to: plusDays(from, 38 * 7) },
};

/** So many records on each of these days, counted from the begin. */
function perDay(count: number, isOn: (day: number) => boolean): ReadonlyMap<string, number> {
  const days = Array.from({ length: 38 * 7 }, (_each, day) => day).filter(isOn);
  return new Map(days.map((day) => [plusDays(from, day).slice(0, 10), count]));
}

test('a source that has nothing before a day, or falls silent in the window, is found, with what is usual', () => {
  expect(
    silenceIn(
      perDay(2, (day) => day >= 70),
      spans,
    ),
  ).toMatchObject({ from, to: plusDays(from, 70) });
  expect(
    silenceIn(
      perDay(2, (day) => day < 33 * 7),
      spans,
    ),
  ).toMatchObject({ from: plusDays(from, 33 * 7 - 1), to: spans.window.to });
});

test('a stream that goes on, that is small, or that rests for two weeks over the holidays is not suspected', () => {
  expect(
    silenceIn(
      perDay(2, () => true),
      spans,
    ),
  ).toBeUndefined();
  expect(
    silenceIn(
      perDay(1, (day) => day % 14 === 0 && day < 220),
      spans,
    ),
  ).toBeUndefined();
  expect(
    silenceIn(
      perDay(20, (day) => day < 100 || day > 114),
      spans,
    ),
  ).toBeUndefined();
  expect(
    silenceIn(
      perDay(1000, (day) => day === 100),
      spans,
    ),
  ).toBeUndefined();
  expect(silenceIn(new Map(), spans)).toBeUndefined();
});
