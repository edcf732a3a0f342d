/**
 * The numbers of an XmR chart (individual values and moving ranges), Wheeler, "Understanding Variation" (2nd ed. 2000), appendix: what a process does by
 * itself lies between the natural process limits, and a value outside of them, or an unlikely run, is a signal that something has changed.
 */
export interface Xmr {
  readonly mean: number;
  /** Of successive values; a missing one breaks the succession. */
  readonly meanMovingRange: number;
  /** Natural process limits: mean ± 2.66 × mean moving range. `lower` may be below zero, where no count can go. */
  readonly upper: number;
  readonly lower: number;
  /** Upper limit of the moving ranges: 3.268 × mean moving range. */
  readonly upperRange: number;
  /** How many values they rest on. */
  readonly values: number;
  /** Wheeler: limits from fewer than six values are too rough to rest on. */
  readonly isRough: boolean;
}

/** 3 / d₂ for ranges of two values, d₂ = 1.128 (ASTM Manual on Presentation of Data, table of control chart constants). */
const limitFactor = 2.66;
/** D₄ for ranges of two values. */
const rangeFactor = 3.268;
const fewest = 6;

/** Limits from these values, in their order; undefined stands for a value that is missing. Undefined where no two values follow each other. */
export function xmr(values: readonly (number | undefined)[]): Xmr | undefined {
  const there = values.filter((value) => value !== undefined);
  const ranges = values.flatMap((value, at) => {
    const before = values[at - 1];
    return value === undefined || before === undefined ? [] : [Math.abs(value - before)];
  });
  if (ranges.length === 0) return undefined;
  const mean = average(there);
  const meanMovingRange = average(ranges);
  return {
    mean,
    meanMovingRange,
    upper: mean + limitFactor * meanMovingRange,
    lower: mean - limitFactor * meanMovingRange,
    upperRange: rangeFactor * meanMovingRange,
    values: there.length,
    isRough: there.length < fewest,
  };
}

function average(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
