import { dayMs, isOpen, millis } from '../../domain/index.js';
import type { ReviewDecision } from '../../store/index.js';
import { categoriesFeeding } from '../clauses/obliging-clauses.js';
import { type ReportContext, shownAt } from '../context.js';
import { type Block, type Cell, paragraph, type Table } from '../document/document.js';
import { personName, resultMark, resultWords, serviceName } from '../wording.js';
import { dateOf } from './review-charts.js';
import type { ReviewFacts } from './review-facts.js';
import { countTable, fromInputs, improvementTable, nothing } from './review-pieces.js';

/** a: what earlier reviews decided, and what became of it. */
export function earlierActions(facts: ReviewFacts, context: ReportContext): readonly Block[] {
  const earlier = facts.decisions.filter(({ period }) => period.to < facts.period.from);
  if (earlier.length === 0) return [nothing('decisions of earlier management reviews', 'golden-thread review decide, after each review')];
  const open = earlier.filter(({ done }) => done === undefined);
  const late = open.filter(({ due }) => due !== undefined && due < facts.today);
  return [
    paragraph(
      `${earlier.length} decisions: ${earlier.length - open.length} carried out, ${open.length} open, of which ${late.length} past the date.`,
    ),
    decisionTable('Decisions of earlier reviews', earlier, facts, context),
  ];
}

/** Decisions of reviews with what became of them. */
export function decisionTable(
  caption: string,
  decisions: readonly ReviewDecision[],
  facts: Pick<ReviewFacts, 'all' | 'today'>,
  context: ReportContext,
): Table {
  const { directory } = context.config;
  return {
    kind: 'table',
    caption,
    columns: [
      { title: 'ID', width: 1 },
      { title: 'Decision', width: 3.5 },
      { title: 'By', width: 1.2 },
      { title: 'Owner', width: 1.2 },
      { title: 'Due', width: 1.1 },
      { title: 'Improvement', width: 1.6 },
      { title: 'What became of it', width: 2.6 },
    ],
    empty: 'none',
    rows: decisions.map(({ id, at, decision, by, owner, due, improvement, done }) => {
      const linked = facts.all.find((each) => each.id === improvement);
      const state: Cell =
        done !== undefined
          ? { mark: 'good', text: `done ${dateOf(done.at, context)} by ${personName(directory, done.by)}: ${done.note}` }
          : due !== undefined && due < facts.today
            ? { mark: 'bad', text: 'open, past its date' }
            : { mark: 'warn', text: 'open' };
      return [
        id,
        decision,
        `${personName(directory, by)}, ${dateOf(at, context)}`,
        personName(directory, owner),
        due === undefined ? undefined : { date: due },
        linked === undefined ? improvement : `${linked.id} (${linked.status})`,
        state,
      ];
    }),
  };
}

/** b: changes in external and internal issues. */
export function changedIssues(facts: ReviewFacts, context: ReportContext): readonly Block[] {
  const categories = categoriesFeeding(context.config.policy, ['4.1', '4.2']);
  const turned = facts.decided.filter(({ decision: { kind } }) => kind === 'rejected' || kind === 'deferred' || kind === 'withdrawn');
  return [
    ...fromInputs(
      'changes in external and internal issues (4.1, 4.2)',
      'a list of issues with owner and date, from a file or a Jira project',
      categories,
      facts,
      context,
    ),
    {
      kind: 'table',
      caption: 'What was rejected, deferred or withdrawn, and why: issues show here first',
      columns: [
        { title: 'ID' },
        { title: 'Decision' },
        { title: 'By', width: 1.3 },
        { title: 'On', width: 1.2 },
        { title: 'Rationale', width: 4 },
      ],
      empty: 'none in this period',
      rows: turned.map(({ improvement, decision }) => [
        improvement.id,
        decision.kind,
        personName(context.config.directory, decision.by),
        { date: dateOf(decision.at, context) },
        decision.rationale,
      ]),
    },
  ];
}

/** c: nonconformities and corrective actions, results of monitoring and of audits. */
export function performanceTrends(facts: ReviewFacts, context: ReportContext): readonly Block[] {
  const { policy } = context.config;
  const findings = new Set(categoriesFeeding(policy, ['9.2', '10.1']).map(({ id }) => id));
  const corrective = facts.all.filter(
    (each) =>
      (each.kind === 'corrective-action' || findings.has(each.category)) &&
      (isOpen(each) || facts.raised.includes(each) || facts.closed.includes(each)),
  );
  const repeated = facts.raised.filter(({ recursAfter }) => recursAfter !== undefined);
  return [
    improvementTable('Nonconformities and corrective actions: open, raised or closed in this period', corrective, context),
    ...(repeated.length === 0 ? [] : [improvementTable('Came back after they had been closed', repeated, context)]),
    {
      kind: 'table',
      caption: 'Results of measuring in this period',
      columns: [{ title: 'ID' }, { title: 'On', width: 1.2 }, { title: 'Result', width: 1.4 }, { title: 'In words', width: 6 }],
      empty: 'nothing was measured to its end',
      rows: facts.results.map(({ improvement, measurement }) => [
        improvement.id,
        { date: dateOf(measurement.at, context) },
        { mark: resultMark(measurement.result), text: resultWords(measurement.result) },
        measurement.sentence,
      ]),
    },
    ...fromInputs(
      'results of monitoring and measuring (9.1)',
      'a quality index per process, from a file',
      categoriesFeeding(policy, ['9.1']),
      facts,
      context,
    ),
    ...fromInputs(
      'results of audits (9.2)',
      'audit findings in Jira or ServiceNow GRC',
      categoriesFeeding(policy, ['9.2']),
      facts,
      context,
    ),
  ];
}

/** d: opportunities for improvement, and their themes. */
export function opportunities(facts: ReviewFacts, context: ReportContext): readonly Block[] {
  const { directory } = context.config;
  const waiting = facts.open.filter(({ status }) => status === 'proposed' || status === 'deferred');
  const services = facts.raised.flatMap(({ serviceIds }) =>
    serviceIds.length === 0 ? ['no service'] : serviceIds.map((id) => serviceName(directory, id)),
  );
  return [
    paragraph(
      `${facts.raised.length} were raised, ${facts.decided.filter(({ decision }) => decision.kind === 'approved').length} approved, ${facts.decided.filter(({ decision }) => decision.kind === 'rejected').length} rejected; ${waiting.length} wait for a decision.`,
    ),
    countTable(
      'Themes: raised by kind of trigger',
      'category',
      facts.raised.map(({ category }) => category),
    ),
    countTable('Themes: raised by service', 'service', services),
    improvementTable(
      'Waiting for a decision, the most urgent first',
      waiting.toSorted((a, b) => b.priority.score - a.priority.score).slice(0, 20),
      context,
    ),
  ];
}

/** e: feedback from customers and other parties. */
export function feedback(facts: ReviewFacts, context: ReportContext): readonly Block[] {
  const categories = categoriesFeeding(context.config.policy, ['8.3.2']);
  const answered = facts.raised.filter(({ category }) => categories.some(({ id }) => id === category));
  return [
    ...fromInputs('feedback from customers and other parties', 'satisfaction surveys and complaint tickets', categories, facts, context),
    ...(answered.length === 0 ? [] : [improvementTable('Improvements raised from feedback', answered, context)]),
  ];
}

/** f: whether the policies still suit: gates switched off, rules that never fired, inputs that are overdue. */
export function suitability(facts: ReviewFacts, context: ReportContext): readonly Block[] {
  const { policy, directory } = context.config;
  const at = millis(shownAt(context));
  const ever = new Map(facts.lastOf.map((each) => [each.category, each]));
  const overdue = policy.categories.filter(({ id, cadenceDays }) => {
    const last = ever.get(id)?.last;
    return cadenceDays !== undefined && (last === undefined || at - millis(last) > cadenceDays * dayMs);
  });
  return [
    {
      kind: 'table',
      caption: 'Gates that the policy switches off',
      columns: [{ title: 'Gate' }, { title: 'Since' }, { title: 'By', width: 1.3 }, { title: 'Because', width: 4 }],
      empty: 'none: every gate is on',
      rows: policy.gatesOff.map(({ gate, since, by, because }) => [gate, { date: since }, personName(directory, by), because]),
    },
    {
      kind: 'table',
      caption: 'Raise rules, and how often they fired',
      columns: [
        { title: 'Rule', width: 2 },
        { title: 'What it is for', width: 4 },
        { title: 'In this period', align: 'number' },
        { title: 'Ever', align: 'number' },
      ],
      rows: policy.rules.map(({ id, description }) => {
        const count = facts.all.filter(({ rule }) => rule === id).length;
        return [
          id,
          description,
          facts.raised.filter(({ rule }) => rule === id).length,
          count === 0 ? { mark: 'warn', text: 'never' } : count,
        ];
      }),
    },
    {
      kind: 'table',
      caption: 'Inputs that are overdue by their cadence',
      columns: [
        { title: 'Input', width: 1.5 },
        { title: 'Owner', width: 1.5 },
        { title: 'Cadence, days', align: 'number' },
        { title: 'Last record', width: 1.5 },
      ],
      empty: policy.categories.some(({ cadenceDays }) => cadenceDays !== undefined)
        ? 'none'
        : 'no input has a cadence (cadenceDays), so none can be overdue',
      rows: overdue.map(({ id, owner, cadenceDays }) => {
        const last = ever.get(id)?.last;
        return [
          id,
          personName(directory, owner),
          cadenceDays,
          last === undefined ? { mark: 'bad', text: 'never' } : { date: dateOf(last, context) },
        ];
      }),
    },
  ];
}
