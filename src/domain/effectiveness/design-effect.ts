import { studentQuantile } from './distributions.js';
import { normalQuantile, sum } from './statistics.js';

/** A value with the whole week in which it fell, counted from the begin of its span. */
export interface WeeklyValue {
  readonly week: number;
  readonly value: number;
}

/**
 * How much more the records of one week resemble each other than chance would have it: the variance of a mean with weeks as clusters, over the
 * variance if all records were independent (Kish 1965; for shares it is the correction of Rao & Scott 1992). At least 1. Estimated from few weeks,
 * so with the (t/z)² correction of Korn & Graubard (1998) where it is more than 1, as for rates. Each group is centred on its own mean, so that a real
 * change between them is not taken for clustering.
 */
export function designEffect(groups: readonly (readonly WeeklyValue[])[]): number {
  let clustered = 0;
  let independent = 0;
  let weeks = 0;
  for (const group of groups) {
    const average = sum(group.map(({ value }) => value)) / Math.max(1, group.length);
    const byWeek = new Map<number, number>();
    for (const { week, value } of group) byWeek.set(week, (byWeek.get(week) ?? 0) + value - average);
    // A group of k weeks has k - 1 free sums: scaled back, so that independent records give 1 in expectation.
    const k = byWeek.size;
    if (k < 2) continue;
    clustered += sum([...byWeek.values()].map((total) => total * total)) * (k / (k - 1));
    independent += sum(group.map(({ value }) => (value - average) ** 2)) * (group.length / (group.length - 1));
    weeks += k - 1;
  }
  if (independent === 0 || weeks === 0) return 1;
  const effect = clustered / independent;
  return effect <= 1 ? 1 : effect * (studentQuantile(0.95, weeks) / normalQuantile) ** 2;
}
