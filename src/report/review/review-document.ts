import { aboutOf, type ReportContext } from '../context.js';
import { type Block, heading, paragraph, type ReportDocument } from '../document/document.js';
import { asJson } from '../document/json.js';
import { ageInDays, gapTable } from '../gaps-document.js';
import { shownAt } from '../context.js';
import { changedIssues, decisionTable, earlierActions, feedback, opportunities, performanceTrends, suitability } from './inputs-a-to-f.js';
import { coming, objectives, otherParties, resources, risks, servicePerformance } from './inputs-g-to-l.js';
import { ageingChart, flowChart, resultChart, shareBlocks } from './review-charts.js';
import { type ReviewFacts, reviewFacts } from './review-facts.js';
import { countTable } from './review-pieces.js';

/** The inputs of clause 9.3, in its order. */
const inputs: readonly (readonly [string, (facts: ReviewFacts, context: ReportContext) => readonly Block[]])[] = [
  ['a. Status of actions from earlier reviews', earlierActions],
  ['b. Changes in external and internal issues', changedIssues],
  ['c. Nonconformities and corrective actions, monitoring and audit results', performanceTrends],
  ['d. Opportunities for improvement', opportunities],
  ['e. Feedback from customers and other parties', feedback],
  ['f. Suitability of policies', suitability],
  ['g. Objectives', objectives],
  ['h. Performance of the services', servicePerformance],
  ['i. Performance of other parties', otherParties],
  ['j. Resources', resources],
  ['k. Risks, and effectiveness of what was done about them', risks],
  ['l. Changes that can affect the management system and the services', coming],
];

/**
 * The pack for a management review of the days from `from` to `to`, laid out as clause 9.3 a to l, with what people would rather look at than read first. What
 * happened is that of the period; how things stand is that of the instant that is shown. Where the records hold nothing, it says so.
 */
export async function reviewDocument(context: ReportContext, from: string, to: string): Promise<ReportDocument> {
  const facts = await reviewFacts(context, from, to);
  const own = facts.decisions.filter(({ period }) => period.from === from && period.to === to);
  const overdue = facts.open.filter(({ targetDate }) => targetDate < facts.today);
  return {
    name: 'management-review',
    title: 'Management review',
    about: await aboutOf(context, facts.gaps.length, facts.period),
    blocks: [
      heading('At a glance'),
      paragraph(
        `${facts.raised.length} improvements were raised and ${facts.closed.length} closed in this period; ${facts.open.length} are open, ${overdue.length} of them past their target date. ${facts.results.length} results: ${resultsInWords(facts)}. ${facts.gaps.length} gaps.`,
      ),
      flowChart(facts),
      resultChart(facts),
      ageingChart(facts, context),
      ...shareBlocks(facts),
      heading('Blockers'),
      ...blockers(facts, context),
      ...inputs.flatMap(([title, blocksOf]) => [heading(title), ...blocksOf(facts, context)]),
      heading('Decisions of this review'),
      ...(own.length === 0
        ? [paragraph('None is recorded yet. golden-thread review decide records one; the next pack follows it under a.', 'note')]
        : [decisionTable('Decisions', own, facts, context)]),
    ],
    data: {
      period: { from, to },
      raised: ids(facts.raised),
      closed: ids(facts.closed),
      open: ids(facts.open),
      overdue: ids(overdue),
      decided: asJson(
        facts.decided.map(({ improvement, decision }) => ({
          improvement: improvement.id,
          kind: decision.kind,
          at: decision.at,
          by: decision.by,
        })),
      ),
      results: asJson(
        facts.results.map(({ improvement, measurement: { at, result, sentence } }) => ({
          improvement: improvement.id,
          at,
          result,
          sentence,
        })),
      ),
      gaps: asJson(facts.gaps.map(({ improvement, gap }) => ({ improvement: improvement.id, ...gap }))),
      inputs: asJson(
        context.config.policy.categories.map(({ id }) => ({
          category: id,
          records: facts.records.find((count) => count.category === id && count.period === 1)?.records ?? 0,
          before: facts.records.find((count) => count.category === id && count.period === 0)?.records ?? 0,
        })),
      ),
      objectives: asJson(
        facts.measured.map(({ objective: { id }, atStart, atEnd, target }) => ({ objective: id, atStart, atEnd, target: target ?? null })),
      ),
      services: asJson(facts.perService),
      earlierDecisions: asJson(facts.decisions.filter(({ period }) => period.to < from)),
      decisions: asJson(own),
    },
  };
}

function ids(improvements: readonly { readonly id: string }[]): readonly string[] {
  return improvements.map(({ id }) => id);
}

function resultsInWords({ results }: ReviewFacts): string {
  const count = (wanted: string): number => results.filter(({ measurement: { result } }) => result === wanted).length;
  return `${count('effective')} effective, ${count('not-effective')} not effective, ${count('inconclusive')} inconclusive`;
}

/** What stands in the way, the commonest and the oldest. */
function blockers(facts: ReviewFacts, context: ReportContext): readonly Block[] {
  if (facts.gaps.length === 0) return [paragraph('No gap: every link that is due is there and verified.')];
  const at = shownAt(context);
  const found = facts.gaps.map(({ improvement: { id, title, status }, gap }) => ({
    ...gap,
    improvement: { id, title, status },
    ageDays: ageInDays(gap.since, at),
  }));
  const oldest = found.toSorted((a, b) => b.ageDays - a.ageDays).slice(0, 10);
  return [
    countTable(
      'Gaps by code',
      'code',
      facts.gaps.map(({ gap }) => gap.code),
    ),
    { ...gapTable(oldest, context), caption: `The ${oldest.length} oldest of ${facts.gaps.length} gaps` },
  ];
}
