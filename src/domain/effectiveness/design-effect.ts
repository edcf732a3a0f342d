import { studentQuantile } from './distributions.js';
import { normalQuantile, sum } from './statistics.js';

/** A value with the whole week in which it fell, counted from the begin of its span. */
export interface WeeklyValue {
  readonly week: number;
  readonly value: number;
}

/**
 * How much more the records of one week, or of two weeks in a row, resemble each other than chance would have it: the variance of a mean with weeks
 * as clusters, over the variance if all records were independent (Kish 1965; for shares it is the correction of Rao & Scott 1992). What makes records
 * alike does not begin on the first day of a measured week, so neighbouring weeks count too where that makes it larger (Hansen & Hodrick 1980, one
 * lag). At least 1. Where it is more, with the (t/z)² correction of Korn & Graubard (1998) for few clusters, as for rates, with the degrees of freedom of
 * the group that has fewer weeks (Donald & Lang 2007). Each group is centred on its own mean, so that a real change between them is not taken for
 * clustering.
 */
export function designEffect(groups: readonly (readonly WeeklyValue[])[]): number {
  let clustered = 0;
  let neighbours = 0;
  let independent = 0;
  let degrees = Number.POSITIVE_INFINITY;
  for (const group of groups) {
    const average = sum(group.map(({ value }) => value)) / Math.max(1, group.length);
    const byWeek = new Map<number, number>();
    for (const { week, value } of group) byWeek.set(week, (byWeek.get(week) ?? 0) + value - average);
    // A group of k weeks has k - 1 free sums: scaled back, so that independent records give 1 in expectation.
    const k = byWeek.size;
    if (k < 2) continue;
    const scale = k / (k - 1);
    clustered += scale * sum([...byWeek.values()].map((total) => total * total));
    neighbours += scale * sum([...byWeek].map(([week, total]) => 2 * total * (byWeek.get(week + 1) ?? 0)));
    independent += sum(group.map(({ value }) => (value - average) ** 2)) * (group.length / (group.length - 1));
    degrees = Math.min(degrees, k - 1);
  }
  if (independent === 0) return 1;
  const effect = Math.max(clustered, clustered + neighbours) / independent;
  return effect <= 1 ? 1 : effect * (studentQuantile(0.95, degrees) / normalQuantile) ** 2;
}
