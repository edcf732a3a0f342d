import { type Improvement, localDate } from '../../domain/index.js';
import { ageInDays } from '../gaps-document.js';
import { type ReportContext, shownAt } from '../context.js';
import type { Block, Figure, Table } from '../document/document.js';
import { barChart } from '../figures/bar-chart.js';
import { periodIndex } from '../period.js';
import type { ReviewFacts } from './review-facts.js';

/** Raised and closed by month: whether the year was steady, or a burst before the audit. */
export function flowChart(facts: ReviewFacts): Figure {
  const per = (instants: readonly string[]): readonly number[] =>
    facts.months.map((_, at) => instants.filter((instant) => periodIndex(instant, facts.months) === at).length);
  const raised = per(facts.raised.map(({ raisedAt }) => raisedAt));
  const closed = per(facts.closed.flatMap(({ closure }) => closure?.at ?? []));
  return barChart({
    caption: 'Improvements raised and closed by month',
    groupsAre: 'month',
    groups: facts.months.map(({ name }) => name),
    series: [
      { name: 'raised', colour: 'a', values: raised },
      { name: 'closed', colour: 'b', values: closed },
    ],
    alt: `${facts.raised.length} raised and ${facts.closed.length} closed in ${facts.months.length} months; months with something raised: ${raised.filter((count) => count > 0).length}.`,
  });
}

const buckets = [
  { name: 'to 30 days', to: 30 },
  { name: '31 to 60', to: 60 },
  { name: '61 to 90', to: 90 },
  { name: '91 to 180', to: 180 },
  { name: 'over 180', to: Number.POSITIVE_INFINITY },
];

/** How old what is open has become. */
export function ageingChart(facts: ReviewFacts, context: ReportContext): Figure {
  const at = shownAt(context);
  const bucketOf = ({ raisedAt }: Improvement): number => buckets.findIndex(({ to }) => ageInDays(raisedAt, at) <= to);
  const overdue = (each: Improvement): boolean => each.targetDate < facts.today;
  const count = (of: readonly Improvement[]): readonly number[] => buckets.map((_, n) => of.filter((each) => bucketOf(each) === n).length);
  const late = facts.open.filter(overdue);
  return barChart({
    caption: 'Age of open improvements',
    groupsAre: 'age',
    groups: buckets.map(({ name }) => name),
    series: [
      { name: 'open', colour: 'a', values: count(facts.open) },
      { name: 'of these past their target date', colour: 'b', values: count(late) },
    ],
    alt: `${facts.open.length} are open, ${late.length} of them past their target date.`,
  });
}

/** What was measured, by quarter. */
export function resultChart(facts: ReviewFacts): Figure {
  const values = (result: string): readonly number[] =>
    facts.quarters.map(
      (_, at) =>
        facts.results.filter(({ measurement }) => measurement.result === result && periodIndex(measurement.at, facts.quarters) === at)
          .length,
    );
  const [effective, missed, unclear] = [values('effective'), values('not-effective'), values('inconclusive')];
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
  return barChart({
    caption: 'Results by quarter',
    groupsAre: 'quarter',
    groups: facts.quarters.map(({ name }) => name),
    series: [
      { name: 'effective', colour: 'good', values: effective },
      { name: 'not effective', colour: 'bad', values: missed },
      { name: 'inconclusive', colour: 'warn', values: unclear },
    ],
    alt: `${sum(effective)} effective, ${sum(missed)} not effective, ${sum(unclear)} inconclusive.`,
  });
}

/** Services against paperwork, by quarter and over all: an auditor asks whether only documents were improved. */
export function shareBlocks(facts: ReviewFacts): readonly Block[] {
  const of = (improvements: readonly Improvement[]): readonly [number, number] => {
    const paper = improvements.filter(({ kind }) => kind === 'sms').length;
    return [improvements.length - paper, paper];
  };
  const groups = facts.quarters.map((quarter, at) => ({
    name: quarter.name,
    counts: of(facts.raised.filter(({ raisedAt }) => periodIndex(raisedAt, facts.quarters) === at)),
  }));
  const [services, paper] = of(facts.raised);
  const percent = (part: number, whole: number): string => (whole === 0 ? '-' : `${Math.round((100 * part) / whole)} %`);
  const table: Table = {
    kind: 'table',
    caption: 'Share of services against the management system, by quarter of raising',
    columns: [
      { title: 'Quarter' },
      { title: 'Services, suppliers, corrective actions', align: 'number' },
      { title: 'Management system (sms)', align: 'number' },
      { title: 'Share of services', align: 'number' },
    ],
    rows: [
      ...groups.map(({ name, counts: [a, b] }) => [name, a, b, percent(a, a + b)]),
      ['all', services, paper, percent(services, services + paper)],
    ],
  };
  return [table];
}

/** `2026-03-01` of an instant, in the organisation's time zone. */
export function dateOf(at: string, context: ReportContext): string {
  return localDate(at, context.config.settings.organisation.timeZone);
}
