import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { signalsIn, xmr } from '../../../src/report/index.js';

/** NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2 Individuals Control Charts: flow rates of ten batches. */
const nist = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1];

describe('the numbers of an XmR chart', () => {
  test('equal the worked example of the NIST handbook within the rounding of its factor', () => {
    const limits = xmr(nist);
    expect(limits?.mean).toBeCloseTo(50.81, 10);
    expect(limits?.meanMovingRange).toBeCloseTo(1.8778, 4);
    // The handbook: 55.8041 and 45.8159, with 3 / 1.128 where Wheeler writes 2.66.
    expect(limits?.upper).toBeCloseTo(55.8041, 2);
    expect(limits?.lower).toBeCloseTo(45.8159, 2);
    expect(limits?.upperRange).toBeCloseTo(3.267 * 1.8778, 2);
    expect(limits).toMatchObject({ values: 10, isRough: false });
    expect(signalsIn(nist, limits as NonNullable<typeof limits>).filter(({ rule }) => rule === 'outside-limits')).toEqual([]);
  });

  test('a missing week is no zero: it breaks the succession, and its neighbours make no range', () => {
    expect(xmr([4, undefined, 10, 12])).toMatchObject({ meanMovingRange: 2, values: 3, isRough: true });
    expect(xmr([4, undefined, 10])).toBeUndefined();
    expect(xmr([])).toBeUndefined();
  });

  test('move and stretch with the values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 2, maxLength: 110 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: -50, max: 50 }),
        (values, by, plus) => {
          const [plain, changed] = [xmr(values), xmr(values.map((value) => by * value + plus))];
          expect(changed?.upper).toBeCloseTo(by * (plain?.upper ?? Number.NaN) + plus, 6);
          expect(changed?.lower).toBeCloseTo(by * (plain?.lower ?? Number.NaN) + plus, 6);
        },
      ),
    );
  });
});

const limits = { mean: 10, upper: 16, lower: 4 };
const rulesOf = (values: readonly (number | undefined)[]): readonly string[] =>
  signalsIn(values, limits).map(({ at, rule, side }) => `${at} ${rule} ${side}`);

describe('the rules of detection', () => {
  test('a value outside the limits is a signal, one on them is none', () => {
    expect(rulesOf([10, 16, 17, 4, 3])).toEqual(['2 outside-limits above', '4 outside-limits below']);
  });

  test('eight in a row on one side are, seven are not, and one on the mean or missing ends the row', () => {
    expect(rulesOf([9, 9, 9, 9, 9, 9, 9])).toEqual([]);
    expect(rulesOf([9, 9, 9, 9, 9, 9, 9, 9])).toHaveLength(8);
    expect(rulesOf([9, 9, 9, 9, 10, 9, 9, 9, 9])).toEqual([]);
    expect(rulesOf([9, 9, 9, 9, undefined, 9, 9, 9, 9])).toEqual([]);
  });

  test('three of four in a row nearer to a limit than to the mean are, on one side only', () => {
    expect(rulesOf([14, 10, 14, 14])).toEqual([0, 2, 3].map((at) => `${at} three-of-four-near-a-limit above`));
    expect(rulesOf([6, 6, 10, 6])).toEqual([0, 1, 3].map((at) => `${at} three-of-four-near-a-limit below`));
    expect(rulesOf([14, 6, 14, 6])).toEqual([]);
    expect(rulesOf([13, 13, 13, 13])).toEqual([]);
    expect(rulesOf([14, undefined, 14, 14])).toEqual([]);
  });
});
