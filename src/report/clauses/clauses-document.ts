import type { InputCategory } from '../../domain/index.js';
import { aboutOf, type ReportContext } from '../context.js';
import { type Block, type Cell, heading, type Mark, paragraph, type ReportDocument, type Table } from '../document/document.js';
import { asJson } from '../document/json.js';
import { periodOf, periodsWithin, type PeriodKind } from '../period.js';
import { personName } from '../wording.js';
import { type ClauseCell, clauseCoverage, type ClauseRow } from './clause-coverage.js';
import { partInWords, partsFor } from './obliging-clauses.js';

const marks: Readonly<Record<ClauseCell['state'], Mark>> = {
  raised: 'good',
  reviewed: 'good',
  unreviewed: 'warn',
  gap: 'bad',
  'no-source': 'bad',
};

/** Which clause was looked at in which month or quarter, from what, by whom, and what came of it. Its gaps are those of the matrix. */
export async function clausesDocument(context: ReportContext, from: string, to: string, kind: PeriodKind): Promise<ReportDocument> {
  const zone = context.config.settings.organisation.timeZone;
  const periods = periodsWithin(from, to, kind, zone);
  const rows = await clauseCoverage(context, periods);
  const cells = rows.flatMap(({ cells: own }) => own);
  const gaps = cells.filter(({ state }) => state === 'gap' || state === 'no-source').length;
  const names = periods.map(({ name }) => name);
  const main = matrix(rows, names, context);
  return {
    name: 'clause-coverage',
    title: 'Clause coverage',
    about: await aboutOf(context, gaps, periodOf(from, to, zone)),
    blocks: [
      paragraph(
        `${rows.length} clauses oblige the organisation to look for improvements. Of ${cells.length} fields (clause by ${kind}), ${cells.filter(({ state }) => state === 'raised').length} led to improvements or decisions, ${cells.filter(({ state }) => state === 'reviewed').length} were reviewed and nothing was found, ${cells.filter(({ state }) => state === 'unreviewed').length} brought records that led to nothing and were not reviewed, ${gaps} are gaps: nothing, and nobody has looked.`,
      ),
      main,
      heading('Sources'),
      sourceTable(rows, context),
      ...reviewBlocks(rows, context),
    ],
    main,
    data: {
      periods: asJson(periods),
      clauses: asJson(rows.map(({ clause, sources, cells: own }) => ({ ...clause, sources: sources.map(({ id }) => id), cells: own }))),
    },
  };
}

function matrix(rows: readonly ClauseRow[], periods: readonly string[], context: ReportContext): Table {
  return {
    kind: 'table',
    caption: 'What was seen, raised or reviewed, by clause and period',
    columns: [
      { title: 'Clause', width: 0.8 },
      { title: 'What is to be looked at', width: 2.4 },
      ...periods.map((title) => ({ title, width: 1.3 })),
    ],
    rows: rows.map(({ clause, cells }) => [clause.clause, clause.source, ...cells.map((cell) => matrixCell(cell, context))]),
  };
}

function matrixCell(cell: ClauseCell, { config }: ReportContext): Cell {
  const { state, records, improvements, decisions } = cell;
  const seen = `${records} ${records === 1 ? 'record' : 'records'}`;
  const names = [...new Set(cell.reviews.map(({ by }) => personName(config.directory, by)))].join(', ');
  const words: Readonly<Record<ClauseCell['state'], string>> = {
    raised:
      decisions.length > 0 && improvements.length === 0 ? `${decisions.length} decided` : `${improvements.length} raised from ${seen}`,
    reviewed: `none found in ${seen}, ${names}`,
    unreviewed: `${seen}, not reviewed`,
    gap: 'nothing and not reviewed',
    'no-source': 'no source',
  };
  return { mark: marks[state], text: words[state] };
}

function sourceTable(rows: readonly ClauseRow[], { config }: ReportContext): Table {
  return {
    kind: 'table',
    caption: 'Approved inputs by clause, with owner and cadence',
    columns: [
      { title: 'Clause', width: 0.8 },
      { title: 'Input', width: 1.5 },
      { title: 'Definition', width: 3 },
      { title: 'Streams', width: 2 },
      { title: 'Owner', width: 1.3 },
      { title: 'Cadence', width: 1 },
    ],
    rows: rows.flatMap(({ clause, sources }): readonly (readonly Cell[])[] =>
      sources.length === 0
        ? [[clause.clause, { mark: 'bad', text: 'none' }, `could be fed by ${clause.fedBy}`, '', '', '']]
        : sources.map((source) => {
            const { id, sources: streams, owner, cadenceDays } = source;
            return [
              clause.clause,
              id,
              onlyPart(source, clause.clause),
              streams.length === 0 ? 'not named' : streams.join(', '),
              owner === undefined ? 'not named' : personName(config.directory, owner),
              cadenceDays === undefined ? 'none' : `${cadenceDays} days`,
            ];
          }),
    ),
  };
}

/** What belongs to it, and which of it the clause asks for. */
function onlyPart(source: InputCategory, clause: string): string {
  const parts = partsFor(source, clause);
  return parts === undefined ? source.definition : `${source.definition} For this clause only: ${parts.map(partInWords).join(', or ')}.`;
}

function reviewBlocks(rows: readonly ClauseRow[], { config }: ReportContext): readonly Block[] {
  const reviews = rows.flatMap(({ cells }) => cells.flatMap(({ reviews: own }) => own));
  const distinct = [...new Map(reviews.map((review) => [JSON.stringify(review), review])).values()];
  return [
    heading('Reviews'),
    {
      kind: 'table',
      caption: 'What persons have looked at',
      columns: [
        { title: 'Input', width: 1.5 },
        { title: 'From' },
        { title: 'To' },
        { title: 'By', width: 1.3 },
        { title: 'On' },
        { title: 'Note', width: 4 },
      ],
      empty: 'none: golden-thread inputs review records that a person has looked and found none',
      rows: distinct
        .toSorted((a, b) => (a.at < b.at ? -1 : 1))
        .map(({ category, from, to, by, at, note }) => [
          category,
          { date: from },
          { date: to },
          personName(config.directory, by),
          { date: at.slice(0, 10) },
          note,
        ]),
    },
  ];
}
