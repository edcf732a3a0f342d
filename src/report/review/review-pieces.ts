import { type Improvement, type InputCategory, localDate } from '../../domain/index.js';
import type { ReportContext } from '../context.js';
import { type Block, type Cell, paragraph, type Table } from '../document/document.js';
import { personName, resultMark, resultWords, serviceName, statusMark } from '../wording.js';
import { recordsIn, type ReviewFacts } from './review-facts.js';

/** What is said where the records hold nothing: silence would look like good news. */
export function nothing(what: string, fedBy: string): Block {
  return paragraph(`The records hold nothing on ${what}. It could be fed by: ${fedBy}.`, 'note');
}

/** Improvements, one a line. */
export function improvementTable(caption: string, improvements: readonly Improvement[], context: ReportContext, empty?: string): Table {
  const { directory, settings } = context.config;
  return {
    kind: 'table',
    caption,
    columns: [
      { title: 'ID', width: 1.5 },
      { title: 'Title', width: 2.8 },
      { title: 'Services', width: 1.5 },
      { title: 'Status', width: 1.5 },
      { title: 'Priority', width: 1.2 },
      { title: 'Owner', width: 1.3 },
      { title: 'Raised', width: 1.6 },
      { title: 'Target', width: 1.6 },
      { title: 'Result', width: 1.8 },
    ],
    empty: empty ?? 'none',
    rows: improvements.map((each) => {
      const result = each.measurements.at(-1)?.result;
      return [
        each.id,
        each.title,
        each.serviceIds.map((id) => serviceName(directory, id)).join(', '),
        { mark: statusMark(each.status), text: each.status },
        each.priority.band.toUpperCase(),
        personName(directory, each.owner),
        { date: localDate(each.raisedAt, settings.organisation.timeZone) },
        { date: each.targetDate },
        result === undefined ? undefined : { mark: resultMark(result), text: resultWords(result) },
      ];
    }),
  };
}

/** What approved inputs brought in this period and in the one before, and what came of it. */
export function inputTable(caption: string, categories: readonly InputCategory[], facts: ReviewFacts, context: ReportContext): Table {
  return {
    kind: 'table',
    caption,
    columns: [
      { title: 'Input', width: 1.6 },
      { title: 'Definition', width: 3 },
      { title: 'Owner', width: 1.3 },
      { title: 'Records', align: 'number' },
      { title: 'Period before', align: 'number' },
      { title: 'Improvements raised', align: 'number', width: 1.4 },
    ],
    rows: categories.map(({ id, definition, owner }) => [
      id,
      definition,
      owner === undefined ? undefined : personName(context.config.directory, owner),
      recordsIn(facts, id, 1),
      recordsIn(facts, id, 0),
      facts.raised.filter(({ category }) => category === id).length,
    ]),
  };
}

/** A section that rests on approved inputs: their table, or that there is no such input, or that they brought nothing. */
export function fromInputs(
  what: string,
  fedBy: string,
  categories: readonly InputCategory[],
  facts: ReviewFacts,
  context: ReportContext,
): readonly Block[] {
  if (categories.length === 0) return [nothing(what, `${fedBy}, as an input category of the policy with that clause`)];
  const table = inputTable(`Inputs: ${what}`, categories, facts, context);
  const silent = categories.every(({ id }) => recordsIn(facts, id, 1) === 0);
  return silent ? [table, nothing(`${what} in this period`, fedBy)] : [table];
}

/** Counts by a name, the largest first. */
export function countTable(caption: string, name: string, names: readonly string[], most = 12): Table {
  const rows = [...Map.groupBy(names, (each) => each)]
    .map(([key, group]) => [key === '' ? '(none)' : key, group.length] as const)
    .toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const shown: readonly (readonly Cell[])[] = rows.slice(0, most);
  const rest = rows.slice(most).reduce((sum, [, count]) => sum + count, 0);
  return {
    kind: 'table',
    caption,
    columns: [
      { title: name, width: 4 },
      { title: 'count', align: 'number' },
    ],
    rows: rest === 0 ? shown : [...shown, [`${rows.length - most} others`, rest]],
    empty: 'none',
  };
}
