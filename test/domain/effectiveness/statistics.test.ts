import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { betaBelow, betaQuantile, logGamma, studentQuantile } from '../../../src/domain/effectiveness/distributions.js';
import { compareRates, dispersionOf, sum } from '../../../src/domain/effectiveness/statistics.js';

describe('the special functions', () => {
  test('ln Γ has the values that factorials and Γ(1/2) = √π give', () => {
    expect(logGamma(5)).toBeCloseTo(Math.log(24), 12);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12);
    expect(logGamma(171)).toBeCloseTo(706.5730622457874, 9); // ln 170!
  });

  test('the incomplete beta function is the binomial tail', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 59 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (n, k, p) => {
          fc.pre(k < n);
          let tail = 0;
          for (let i = k + 1; i <= n; i += 1)
            tail += Math.exp(logGamma(n + 1) - logGamma(i + 1) - logGamma(n - i + 1) + i * Math.log(p) + (n - i) * Math.log1p(-p));
          return Math.abs(betaBelow(p, k + 1, n - k) - tail) < 1e-10;
        },
      ),
      { seed: 3 },
    );
  });

  test('quantiles agree with the printed tables', () => {
    expect(studentQuantile(0.95, 25)).toBeCloseTo(1.708, 3);
    expect(studentQuantile(0.975, 10)).toBeCloseTo(2.228, 3);
    expect(studentQuantile(0.95, 1e6)).toBeCloseTo(1.6449, 4);
  });

  // Newcombe (1998), Statistics in Medicine 17:857-872, table I, method 5 (Clopper-Pearson), 95 %
  test.each([
    [81, 263, 0.2527, 0.3676],
    [15, 148, 0.0578, 0.1617],
    [0, 20, 0, 0.1684],
    [1, 29, 0.0009, 0.1776],
  ])('the exact interval of %d of %d is the published one', (x, n, low, high) => {
    expect(x === 0 ? 0 : betaQuantile(0.025, x, n - x + 1)).toBeCloseTo(low, 4);
    expect(betaQuantile(0.975, x + 1, n - x)).toBeCloseTo(high, 4);
  });
});

describe('dispersion', () => {
  test('deaths by horse kick are Poisson: variance over mean is about 1 (Bortkiewicz 1898)', () => {
    const corps = [109, 65, 22, 3, 1].flatMap((count, deaths) => Array.from({ length: count }, () => deaths));
    expect(dispersionOf([corps])).toBeCloseTo(1.0016, 3);
  });

  test('two levels are not mistaken for overdispersion', () => {
    expect(dispersionOf([Array.from({ length: 10 }, () => 10), Array.from({ length: 10 }, () => 1)])).toBe(0);
  });

  test('a week that holds everything is', () => {
    expect(dispersionOf([[0, 0, 0, 40]])).toBeCloseTo(40, 6);
  });
});

describe('comparing two rates', () => {
  const weeks = (n: number, total: number): readonly number[] =>
    Array.from({ length: n }, (_each, index) => Math.floor((total * (index + 1)) / n) - Math.floor((total * index) / n));

  test('without overdispersion it is the conditional exact test, computed by hand for 9 against 1', () => {
    // P(at most 1 of 10 | 1/2) = 11/1024
    expect(compareRates([3, 3, 3], [1, 0, 0]).pValue).toBeCloseTo(11 / 1024, 10);
  });

  test('ratio and interval are those that R publishes for poisson.test(c(11, 6 + 8 + 7), c(800, 1083 + 1050 + 878))', () => {
    const toRatio = (p: number): number => (p / (1 - p)) * (3011 / 800);
    const { ratio } = compareRates(weeks(3011, 21), weeks(800, 11));
    expect(ratio?.value).toBeCloseTo(1.971488, 6);
    // its 95 % interval, by the same quantiles that give ours of 90 %
    expect(toRatio(betaQuantile(0.025, 11, 22))).toBeCloseTo(0.8584264, 6);
    expect(toRatio(betaQuantile(0.975, 12, 21))).toBeCloseTo(4.2772659, 6);
    expect(ratio?.low).toBeCloseTo(toRatio(betaQuantile(0.05, 11, 22)), 6);
    expect(ratio?.high).toBeCloseTo(toRatio(betaQuantile(0.95, 12, 21)), 6);
  });

  test('the interval lies below 1 exactly when the test is significant at 5 %', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(12), { minLength: 4, maxLength: 30 }),
        fc.array(fc.nat(12), { minLength: 2, maxLength: 12 }),
        (before, after) => {
          fc.pre(sum(before) > 0);
          const { ratio, pValue } = compareRates(before, after);
          return (
            ratio !== undefined &&
            ratio.low <= ratio.value &&
            ratio.value <= ratio.high &&
            (Math.abs(pValue - 0.05) < 1e-9 || ratio.high < 1 === pValue < 0.05)
          );
        },
      ),
      { seed: 4 },
    );
  });

  test('the same fall proves less when the weeks vary more', () => {
    const calm = compareRates(weeks(26, 260), weeks(8, 48));
    const wild = compareRates(
      weeks(26, 260).map((_count, index) => (index % 2 === 0 ? 20 : 0)),
      weeks(8, 48),
    );
    expect(wild.dispersion).toBeGreaterThan(5);
    expect(calm.pValue).toBeLessThan(0.001);
    expect(wild.pValue).toBeGreaterThan(0.05);
  });

  test('an empty baseline proves nothing', () => {
    expect(compareRates([0, 0, 0, 0], [0, 0])).toEqual({ pValue: 1, pRise: 1, dispersion: 1 });
  });
});
