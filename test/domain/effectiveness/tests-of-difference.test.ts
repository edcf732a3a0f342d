import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { designEffect } from '../../../src/domain/effectiveness/design-effect.js';
import { normalBelow, studentBelow } from '../../../src/domain/effectiveness/distributions.js';
import { welch } from '../../../src/domain/effectiveness/means.js';
import { timeShown } from '../../../src/domain/effectiveness/wording.js';
import { aboveQuantile, medianOf, quantileInterval, quantileOf, quantileTest } from '../../../src/domain/effectiveness/quantiles.js';
import { midranks, rankTest, shiftOf } from '../../../src/domain/effectiveness/ranks.js';
import { differenceOfShares, fisherAbove, fisherBelow, wilson } from '../../../src/domain/effectiveness/shares.js';

test('a duration is told in the two largest units that people would say it in, whatever its sign', () => {
  const told = [0, 12, 89, 90, 3599, 3600, 11_100, 172_799, 172_800, 4_366_059, -5400].map(timeShown);
  expect(told).toEqual(['0 s', '12 s', '89 s', '2 min', '1 h', '1 h', '3 h 5 min', '2 d', '2 d', '50 d 13 h', '-1 h 30 min']);
});

const z95 = 1.959963984540054;

describe('distributions', () => {
  test('the normal distribution has the values of the printed tables, also far out', () => {
    expect(normalBelow(1.6448536269514722)).toBeCloseTo(0.95, 12);
    expect(normalBelow(-z95)).toBeCloseTo(0.025, 12);
    expect(normalBelow(0)).toBe(0.5);
    // Abramowitz & Stegun (1964), table 26.2: Q(5) = 2.866516e-7
    expect(normalBelow(-5) / 2.8665157e-7).toBeCloseTo(1, 6);
    expect(normalBelow(-3.9999999) / normalBelow(-4.0000001)).toBeCloseTo(1, 5);
  });

  test('Student below its 95 % point is 95 %', () => {
    expect(studentBelow(2.2281388519649385, 10)).toBeCloseTo(0.975, 9);
    expect(studentBelow(-1.7081407612518986, 25)).toBeCloseTo(0.05, 9);
  });
});

describe("Fisher's exact test", () => {
  // Fisher (1935), The Design of Experiments, chapter II: the lady tasting tea, eight cups.
  test('gives the lady who has three of four cups right 17 chances in 70, and her who has all of them one', () => {
    expect(fisherAbove({ hits: 1, of: 4 }, { hits: 3, of: 4 })).toBeCloseTo(17 / 70, 12);
    expect(fisherAbove({ hits: 0, of: 4 }, { hits: 4, of: 4 })).toBeCloseTo(1 / 70, 12);
  });

  // Agresti (2002), Categorical Data Analysis, as in the examples of R's fisher.test: convictions of like-sex twins (Fisher 1962), p = 0.0004652.
  test('repeats the published p-value of the criminal twins', () => {
    expect(fisherBelow({ hits: 10, of: 12 }, { hits: 3, of: 18 })).toBeCloseTo(0.0004652, 7);
  });

  test('both sides together count the observed table twice', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.nat(30), fc.nat(30), fc.nat(30), (a, b, c, d) => {
        fc.pre(a + b > 0 && c + d > 0);
        const [first, second] = [
          { hits: a, of: a + b },
          { hits: c, of: c + d },
        ];
        const [below, above] = [fisherBelow(first, second), fisherAbove(first, second)];
        const less = c === 0 ? 0 : fisherBelow({ hits: a + 1, of: a + b + 1 }, second);
        return below + above >= 1 - 1e-9 && below <= 1 && above <= 1 && less <= 1;
      }),
    );
  });
});

describe('intervals of shares', () => {
  // Newcombe (1998), Statistics in Medicine 17:873-890, table II, method 10, 95 %
  test.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
  ])('the difference %i/%i - %i/%i has the published bounds', (a, m, b, n, low, high) => {
    const found = differenceOfShares({ hits: b, of: n }, { hits: a, of: m }, z95);
    expect(found.low).toBeCloseTo(low, 4);
    expect(found.high).toBeCloseTo(high, 4);
  });

  // Newcombe (1998), Statistics in Medicine 17:857-872, table I, method 3 (Wilson), 95 %
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%i of %i has the published score interval', (hits, of, low, high) => {
    const found = wilson({ hits, of }, z95);
    expect(found.low).toBeCloseTo(low, 4);
    expect(found.high).toBeCloseTo(high, 4);
  });
});

describe('the rank test', () => {
  // Hollander & Wolfe (1973), p. 69: permeability of the human chorioamnion at term and at 12 to 26 weeks; the example of R's wilcox.test.
  const atTerm = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
  const earlier = [1.15, 0.88, 0.9, 0.74, 1.21];

  test('repeats the published exact result: W = 35, p = 0.1272', () => {
    const found = rankTest(earlier, atTerm);
    expect(found).toMatchObject({ u: 35, exact: true });
    expect(found.above).toBeCloseTo(0.1272, 4);
  });

  test('estimates the published shift, 0.305', () => {
    expect(shiftOf(earlier, atTerm, z95).value).toBeCloseTo(0.305, 6);
  });

  // Ozone in May and August, New York 1973 (Chambers et al. 1983): R's wilcox.test prints W = 127.5, p-value = 0.0001208 (two-sided).
  const may = [41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32, 23, 45, 115, 37];
  const august = [39, 9, 16, 78, 35, 66, 122, 89, 110, 44, 28, 65, 22, 59, 23, 31, 44, 21, 9, 45, 168, 73, 76, 118, 84, 85];

  test('repeats the published result with ties: W = 127.5, p = 0.0001208', () => {
    const found = rankTest(may, august);
    expect(may.length * august.length - found.u).toBe(127.5);
    expect(found.exact).toBe(false);
    expect(2 * found.above).toBeCloseTo(0.0001208, 7);
  });

  test('gives the other side when the samples change places', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 1, maxLength: 40 }), fc.array(fc.nat(9), { minLength: 1, maxLength: 40 }), (a, b) => {
        const [one, other] = [rankTest(a, b), rankTest(b, a)];
        return Math.abs(one.below - other.above) < 1e-9 && Math.abs(one.above - other.below) < 1e-9 && one.below <= 1 && one.above <= 1;
      }),
    );
  });

  test('the shift is the median of all differences, and its bounds are two of them', () => {
    const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        const differences = a.flatMap((x) => b.map((y) => y - x));
        const { value, low, high } = shiftOf(a, b, 1.645);
        const isOne = (bound: number): boolean => !Number.isFinite(bound) || differences.some((each) => Math.abs(each - bound) < 1e-6);
        return (
          Math.abs(value - (medianOf(differences) ?? 0)) < 1e-6 && low <= value + 1e-6 && value <= high + 1e-6 && isOne(low) && isOne(high)
        );
      }),
    );
  });

  test('what is not over yet ranks last, and moves the bounds to infinity when there is much of it', () => {
    const open = [1, 2, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    expect(midranks(open).ranks).toEqual([1, 2, 4, 4, 4]);
    expect(shiftOf([1, 2, 3, 4], open, 1.645).value).toBe(Number.POSITIVE_INFINITY);
    expect(rankTest([1, 2, 3, 4, 5, 6], open).above).toBeLessThan(0.25);
  });
});

describe('quantiles', () => {
  test('are the smallest value that so many do not exceed', () => {
    const ten = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
    expect([quantileOf(ten, 0.9), quantileOf(ten, 0.5), quantileOf([], 0.5), medianOf(ten)]).toEqual([9, 5, undefined, 5.5]);
  });

  // Conover (1999), Practical Nonparametric Statistics, section 3.2: of 16 values the upper quartile lies between the 9th and the 15th, 95 %.
  test('have intervals between order statistics that cover them at least nine times in ten', () => {
    const sixteen = Array.from({ length: 16 }, (_each, at) => at + 1);
    // Binomial(16, 0.75): P(at most 8) = 0.0271, P(at most 14) = 0.9365, P(at most 15) = 0.9900.
    expect(quantileInterval(sixteen, 0.75)).toEqual({ value: 12, low: 9, high: 16 });
    expect(quantileInterval([1, 2, 3], 0.9)).toEqual({ value: 3, low: 2, high: Number.POSITIVE_INFINITY });
  });

  test("the quantile test is Fisher's on those above the common quantile", () => {
    const [before, after] = [Array.from({ length: 50 }, (_each, at) => at), Array.from({ length: 50 }, (_each, at) => at / 2)];
    const [a, b] = aboveQuantile(before, after, 0.9);
    expect([a, b]).toEqual([
      { hits: 10, of: 50 },
      { hits: 0, of: 50 },
    ]);
    expect(quantileTest(a, b).below).toBeCloseTo(fisherBelow(a, b), 12);
    expect(quantileTest(a, b).below).toBeLessThan(0.001);
  });
});

describe("Welch's test", () => {
  // "Student" (1908), Biometrika 6:1-25: hours of additional sleep; R's t.test prints t = -1.8608, df = 17.776, p-value = 0.07939.
  const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
  const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

  test("repeats the published result on Student's sleep data", () => {
    const found = welch(first, second);
    expect(found.t).toBeCloseTo(1.8608, 4);
    expect(found.df).toBeCloseTo(17.776, 3);
    expect(2 * found.above).toBeCloseTo(0.07939, 5);
    expect(found.difference.value).toBeCloseTo(1.58, 10);
  });

  test('an interval that leaves out zero is one that the test rejects at 5 % on its side', () => {
    const values = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        const { below, difference, df } = welch(a, b);
        return df === 1 || Math.abs(below - 0.05) < 1e-6 || below < 0.05 === difference.high < 0;
      }),
    );
  });

  test('answers that never differ are as unlikely as their sorting', () => {
    expect(welch([3, 3, 3, 3, 3], [4, 4, 4, 4, 4]).above).toBeCloseTo(1 / 252, 12);
    expect(welch([3, 3], [3, 3])).toMatchObject({ below: 1, above: 1 });
  });
});

describe('the design effect', () => {
  test('is the size of the week where all records of a week are the same, and 1 where weeks tell nothing', () => {
    const week = (at: number, value: number): { week: number; value: number }[] => Array.from({ length: 5 }, () => ({ week: at, value }));
    const alike = Array.from({ length: 40 }, (_each, at) => week(at, at % 2)).flat();
    const mixed = Array.from({ length: 40 }, (_each, at) => [0, 1, 0, 1].map((value) => ({ week: at, value }))).flat();
    expect(designEffect([alike])).toBeGreaterThan(4.9);
    expect(designEffect([alike])).toBeLessThan(5.6);
    expect(designEffect([mixed])).toBe(1);
    expect(designEffect([[], [{ week: 0, value: 1 }]])).toBe(1);
  });
});
