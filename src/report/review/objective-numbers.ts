import {
  holesIn,
  type Interval,
  type Objective,
  type ObjectiveMeasure,
  objectiveTarget,
  objectiveValue,
  type Policy,
  spanOfObjective,
  yearBefore,
} from '../../domain/index.js';
import { coverage, type Db, inputsOfCategories, recordsPerPeriod, streamsOfCategories } from '../../store/index.js';

/** The number of an objective at one instant, or why there is none. */
export type ObjectiveNumber = { readonly value: number } | { readonly noData: string };

/** An objective that the records can measure, at both ends of a period. */
export interface MeasuredObjective {
  readonly objective: Objective;
  readonly measure: ObjectiveMeasure;
  readonly atStart: ObjectiveNumber;
  readonly atEnd: ObjectiveNumber;
  /** The value to be reached at the end; absent where it depends on a year before that nothing tells. */
  readonly target?: number;
}

/** Counts every objective with a measure over the weeks before both ends of a period. A stream that was not read completely is no data: silence is no success. */
export async function measuredObjectives(
  db: Db,
  { objectives, categories }: Pick<Policy, 'objectives' | 'categories'>,
  period: { readonly from: string; readonly to: string },
): Promise<readonly MeasuredObjective[]> {
  const measured: MeasuredObjective[] = [];
  for (const objective of objectives) {
    const { measure } = objective;
    if (measure === undefined) continue;
    const end = spanOfObjective(measure, period.to);
    const sources = categories.filter(({ id }) => measure.categories.includes(id)).flatMap((category) => category.sources);
    const numberAt = (span: Interval): Promise<ObjectiveNumber> => numberOver(db, measure, sources, span);
    const before = measure.target === undefined ? await numberAt(yearBefore(end)) : undefined;
    const target = objectiveTarget(measure, before !== undefined && 'value' in before ? before.value : undefined);
    measured.push({
      objective,
      measure,
      atStart: await numberAt(spanOfObjective(measure, period.from)),
      atEnd: await numberAt(end),
      ...(target === undefined ? {} : { target }),
    });
  }
  return measured;
}

async function numberOver(db: Db, measure: ObjectiveMeasure, sources: readonly string[], span: Interval): Promise<ObjectiveNumber> {
  const { categories } = measure;
  // Those that brought something, and those that the policy says are to: a quiet one counts as 0 only when it was read.
  const streams = new Set([
    ...sources.filter((source) => source.includes('/')),
    ...(await streamsOfCategories(db, categories, span.from, span.to)).map(({ system, stream }) => `${system}/${stream}`),
  ]);
  if (streams.size === 0) return { noData: 'no data: no record of these inputs' };
  for (const stream of streams) {
    const [system = '', name = ''] = stream.split('/');
    const [hole] = holesIn({ stream, complete: await coverage(db, { system, stream: name }) }, span);
    if (hole !== undefined) return { noData: `no data: ${stream} was not read from ${hole.from.slice(0, 10)} to ${hole.to.slice(0, 10)}` };
  }
  const value = await valueOver(db, measure, span);
  return value === undefined ? { noData: 'no data: no record tells it' } : { value };
}

/** A plain rate of one category is counted by the database: nobody has to read the records of a quarter for it. */
async function valueOver(db: Db, measure: ObjectiveMeasure, span: Interval): Promise<number | undefined> {
  const { metric, categories, services, where, weeks } = measure;
  if (metric !== 'weekly-rate' || categories.length > 1 || services !== undefined || where !== undefined)
    return objectiveValue(measure, await inputsOfCategories(db, { categories, ...span }), span);
  const counts = await recordsPerPeriod(db, [span.from, span.to]);
  return counts.filter(({ category }) => categories.includes(category)).reduce((sum, { records }) => sum + records, 0) / weeks;
}
