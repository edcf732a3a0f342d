import type { Xmr } from './xmr.js';

/** Why a value counts as a signal: Wheeler's three rules of detection for individual values. */
export type SignalRule = 'outside-limits' | 'eight-on-one-side' | 'three-of-four-near-a-limit';

export interface Signal {
  /** Position of the value in the series; for a run, each value of the run has its own. */
  readonly at: number;
  readonly rule: SignalRule;
  readonly side: 'above' | 'below';
}

/**
 * The signals in a series, in its order, held against limits that were computed elsewhere: one value outside the limits; eight in a row on one side of
 * the mean; three of four in a row nearer to one limit than to the mean. A missing value ends a row, and one on the mean is on neither side.
 */
export function signalsIn(values: readonly (number | undefined)[], limits: Pick<Xmr, 'mean' | 'upper' | 'lower'>): readonly Signal[] {
  const { mean, upper, lower } = limits;
  const side = (value: number | undefined): Signal['side'] | undefined =>
    value === undefined || value === mean ? undefined : value > mean ? 'above' : 'below';
  const near = (value: number | undefined): Signal['side'] | undefined =>
    value === undefined ? undefined : value > (mean + upper) / 2 ? 'above' : value < (mean + lower) / 2 ? 'below' : undefined;
  const found = new Map<string, Signal>();
  const note = (at: number, rule: SignalRule, where: Signal['side']): void => void found.set(`${rule} ${at}`, { at, rule, side: where });

  values.forEach((value, at) => {
    if (value !== undefined && value > upper) note(at, 'outside-limits', 'above');
    if (value !== undefined && value < lower) note(at, 'outside-limits', 'below');
    for (const where of ['above', 'below'] as const) {
      const eight = lastOf(values, at, 8);
      if (eight.every((one) => side(values[one]) === where) && eight.length === 8)
        for (const one of eight) note(one, 'eight-on-one-side', where);
      const four = lastOf(values, at, 4);
      const close = four.filter((one) => near(values[one]) === where);
      if (close.length >= 3 && four.every((one) => values[one] !== undefined))
        for (const one of close) note(one, 'three-of-four-near-a-limit', where);
    }
  });
  return [...found.values()].toSorted((a, b) => a.at - b.at || a.rule.localeCompare(b.rule));
}

/** The positions of the last `count` values up to and with `at`; fewer at the beginning. */
function lastOf(values: readonly unknown[], at: number, count: number): readonly number[] {
  const from = Math.max(0, at - count + 1);
  return Array.from({ length: Math.min(values.length, at + 1) - from }, (_, i) => from + i);
}
