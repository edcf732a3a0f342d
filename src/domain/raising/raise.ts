import type { Instant } from '../../kit/index.js';
import { byOccurrence, distinctRecords, measuredKeys, refText, stableCaseKey } from '../inputs/case.js';
import type { Directory } from '../organisation/directory.js';
import { resolveSupplier } from '../organisation/find-in-directory.js';
import type { Improvement, MeasurementPlan } from '../improvement.js';
import { openTitle, type ImprovementInput } from '../inputs/input.js';
import { localDate, plusCalendarDays } from '../instant.js';
import { PlanTemplate } from '../effectiveness/plan-template.js';
import type { Policy } from '../organisation/policy.js';
import { prioritise } from './priority.js';
import { overdueCategory } from '../inputs/input-category.js';
import { approverOf, ownerOf, standIn } from '../organisation/responsible.js';
import type { FiredRule, FiredScope } from './rules.js';
import { criteriaText, descriptionOf, riskStatementOf, similarText, titleOf, titleOfScope } from './wording.js';

/** Everything that raising needs beside what triggered it. */
export interface RaiseContext {
  readonly policy: Policy;
  readonly directory: Directory;
  /** IANA name of the organisation's time zone. */
  readonly timeZone: string;
  readonly at: Instant;
  /** `IMP-0001` */
  readonly number: string;
  /** How often this case has been raised before; see `nextEpisode`. */
  readonly episode: number;
}

/** What a new improvement answers to in the register. */
export interface Ancestry {
  readonly recursAfter?: string;
  readonly followOnOf?: string;
  readonly parent?: string;
  readonly similar?: NonNullable<Improvement['similar']>;
}

/** Raises an improvement from a rule that fired. The ticket, the graph and the journal follow from what this returns. */
export function raise(fired: FiredRule, context: RaiseContext, ancestry: Ancestry = {}): Improvement {
  const { rule, triggers, windowFrom } = fired;
  const counts = { caseKeys: measuredKeys(triggers), categories: rule.categories, baselineEnd: windowFrom };
  const plan = planOf(templateFor(fired), triggers, counts);
  const facts = { rule: rule.id, kind: rule.kind, change: rule.change, plan };
  const built = build(triggers, facts, context, fired.scope);
  const { similar = [] } = ancestry;
  const description = descriptionOf(triggers, rule, fired.because, fired.scope?.amount);
  return {
    ...built,
    title: fired.scope === undefined ? titleOf(triggers, rule) : titleOfScope(fired.scope),
    description: `${description}${criteriaText(context.policy.criteria)}${similarText(similar)}`,
    ...(fired.scope !== undefined && { caseKeys: fired.scope.keys }),
    ...ancestry,
  };
}

/** The rule's plan; of a rule over a scope, with what the rule counts as its filter, unless the plan says what it counts. */
function templateFor({ rule, scope }: FiredRule): PlanTemplate {
  const { plan } = rule;
  if (scope === undefined || rule.looksAt === 'deployments' || plan.metric === 'criterion' || plan.filter?.scope !== undefined) return plan;
  const counted = ({ service: 'services', supplier: 'suppliers', process: 'processes', all: 'all', requirement: 'case' } as const)[
    scope.by
  ];
  const where = [
    ...(rule.severityAtLeast === undefined ? [] : [{ severityAtLeast: rule.severityAtLeast }]),
    ...Object.entries(rule.facts ?? {}).map(([fact, is]) => ({ fact, is })),
  ];
  const isRate = plan.metric === 'weekly-rate' && where.length > 0 && plan.filter?.where === undefined;
  return { ...plan, filter: { ...plan.filter, scope: counted, ...(isRate && { where }) } };
}

/** What a person says who raises an improvement by hand. */
export interface ByHand {
  /** The issue that they made, as an input: it is the trigger. */
  readonly input: ImprovementInput;
  /** Directory id of the reporter. */
  readonly proposer?: string;
  readonly description?: string;
  readonly kind?: Improvement['kind'];
  readonly change?: Improvement['change'];
  /** Target and criterion as far as they are given; the defaults of a plan for the rest. */
  readonly plan?: Readonly<Record<string, unknown>>;
  /** What is counted to judge it: other records by their keys and categories; the issue itself where nothing is named. */
  readonly counts?: { readonly caseKeys: readonly string[]; readonly categories: readonly string[] };
  readonly ticket: NonNullable<Improvement['ticket']>;
}

export type RaisedByHand =
  | { readonly is: 'raised'; readonly improvement: Improvement }
  | { readonly is: 'refused'; readonly code: string; readonly missing: readonly string[]; readonly sentence: string };

/** A proposal made in the improvement project by a person: the same gates as any other, and a category and a known reporter from the start. */
export function raiseByHand(proposal: ByHand, context: RaiseContext): RaisedByHand {
  const { input } = proposal;
  const approved = context.policy.categories.map((category) => category.id);
  const missing = [
    ...(approved.includes(input.category) ? [] : ['category-not-approved']),
    ...(proposal.proposer === undefined ? ['unknown-account'] : []),
  ];
  if (missing.length > 0) {
    const wants = missing.map((code) =>
      code === 'unknown-account' ? 'a reporter whom the directory knows' : `an approved category (one of ${approved.join(', ')})`,
    );
    return {
      is: 'refused',
      code: missing[0] ?? '',
      missing,
      sentence: `This is not in the improvement register yet: it needs ${wants.join(' and ')}.`,
    };
  }
  const counts = proposal.counts ?? { caseKeys: measuredKeys([input]), categories: [input.category] };
  const template = PlanTemplate.safeParse(proposal.plan ?? {});
  const plan = planOf(template.success ? template.data : PlanTemplate.parse({}), [input], { ...counts, baselineEnd: input.occurredAt });
  const facts = { rule: 'by-hand', kind: proposal.kind ?? 'service', change: proposal.change ?? 'create', plan } as const;
  const improvement: Improvement = {
    ...build([input], facts, context),
    title: input.title,
    description: proposal.description ?? '',
    ticket: proposal.ticket,
    ...(proposal.proposer === undefined ? {} : { proposer: proposal.proposer }),
  };
  return { is: 'raised', improvement };
}

/**
 * The improvement that carries on: after a result that is not effective (`followOnOf`), or after its ticket was reopened (`recursAfter`). Same
 * case, triggers and target, against the same baseline: one that reached up to now would hold the burst again. Only where that baseline could
 * not be read does the earlier measurement window take its place.
 */
export function raiseLinked(
  earlier: Improvement,
  triggers: readonly ImprovementInput[],
  why: 'follow-on' | 'reopened',
  context: RaiseContext,
): Improvement {
  const last = earlier.measurements.at(-1);
  const unreadable = last?.reason === 'data-gap' || last?.reason === 'no-baseline';
  const plan: MeasurementPlan =
    last?.window === undefined || !unreadable || earlier.plan.metric === 'criterion'
      ? earlier.plan
      : { ...earlier.plan, baselineEnd: last.window.to, baselineWeeks: Math.max(4, last.window.weekly.length) };
  const facts = { rule: earlier.rule, kind: earlier.kind, change: earlier.change, plan };
  const built = build(triggers, facts, context);
  const heading = why === 'follow-on' ? `Follow-on of ${earlier.id}` : `Continues ${earlier.id}, reopened after closure`;
  return {
    ...built,
    category: earlier.category,
    caseKeys: [...new Set([...earlier.caseKeys, ...built.caseKeys])],
    firstTrigger: earlier.firstTrigger,
    serviceIds: earlier.serviceIds,
    title: clip(`${heading}: ${withoutHeading(earlier.title)}`),
    description: `${heading}. ${last === undefined ? '' : `${last.sentence}\n\n`}${earlier.description}`,
    ...(why === 'follow-on' ? { followOnOf: earlier.id } : { recursAfter: earlier.id }),
  };
}

/** A template with the records that this improvement is about: those of its case, or of what its filter names. */
function planOf(
  template: PlanTemplate,
  triggers: readonly ImprovementInput[],
  counts: Pick<MeasurementPlan, 'caseKeys' | 'categories' | 'baselineEnd'>,
): MeasurementPlan {
  const scope = template.metric === 'criterion' ? undefined : template.filter?.scope;
  const names = (of: (input: ImprovementInput) => readonly string[]): readonly string[] => [...new Set(triggers.flatMap(of))].toSorted();
  switch (scope) {
    case 'services':
      return { ...template, ...counts, scopeOf: names(({ serviceIds }) => serviceIds) };
    case 'processes':
      return { ...template, ...counts, scopeOf: names(({ processes }) => processes) };
    case 'suppliers':
      return { ...template, ...counts, scopeOf: names(({ supplier }) => (supplier === undefined ? [] : [supplier])) };
    default:
      return { ...template, ...counts };
  }
}

/** How often the case has been raised before: the episode of the next improvement. */
export function nextEpisode(improvementsOfCase: readonly Pick<Improvement, 'episode'>[]): number {
  return improvementsOfCase.reduce((next, each) => Math.max(next, each.episode + 1), 0);
}

/** What the one who raises it decides: everything else of a new entry follows from its triggers, the policy and the directory. */
export type Facts = Pick<Improvement, 'rule' | 'kind' | 'change' | 'plan'>;

/** A new entry of the register, proposed, with everything that follows from its triggers. Throws a RangeError without any. */
export function build(unordered: readonly ImprovementInput[], facts: Facts, context: RaiseContext, scope?: FiredScope): Improvement {
  const { policy, directory, timeZone, at } = context;
  const triggers = byOccurrence(unordered);
  const first = triggers[0];
  if (first === undefined) throw new RangeError('an improvement needs a trigger');
  const today = localDate(at, timeZone);
  const serviceIds = scope?.by === 'service' ? [scope.id] : [...new Set(triggers.flatMap((each) => each.serviceIds))];
  const priority = prioritise({ triggers, kind: facts.kind, weights: policy.priority, directory, ...(scope !== undefined && { scope }) });
  const stable = stableCaseKey(first);
  return {
    id: context.number,
    ...facts,
    title: openTitle(first),
    description: '',
    raisedAt: at,
    category: first.category,
    caseKeys: [stable, ...[...new Set(triggers.flatMap((each) => each.caseKeys))].filter((key) => key !== stable).toSorted()],
    episode: context.episode,
    firstTrigger: refText(first.trigger),
    triggers: triggers.map((each) => each.id),
    joined: [],
    serviceIds,
    processes: [...new Set(triggers.flatMap((each) => each.processes))],
    ...(triggers.some((each) => each.restricted === true) && { restricted: true as const }),
    riskStatement: riskStatementOf(distinctRecords(triggers), directory),
    priority,
    owner: categoryOwner(first, serviceIds, context, today) ?? ownerOf(directory, policy, serviceIds, today).person,
    approver: approverOf(directory, policy, serviceIds, today).person,
    targetDate: plusCalendarDays(today, policy.targetDays[priority.band]),
    dependencies: suppliersOf(triggers, serviceIds, directory),
    status: 'proposed',
    decisions: [],
    changes: [],
    evidence: [],
    measurements: [],
    extensions: 0,
    violations: [],
  };
}

/** Where no service says who owns it: who looks after the input that it came from, or after the input that is overdue. */
function categoryOwner(
  first: ImprovementInput,
  serviceIds: readonly string[],
  { policy, directory }: RaiseContext,
  today: string,
): string | undefined {
  if (serviceIds.length > 0) return undefined;
  const id = first.category === overdueCategory ? first.facts['category'] : first.category;
  const owner = policy.categories.find((category) => category.id === id)?.owner;
  return owner === undefined ? undefined : standIn(directory, owner, today);
}

/** Third parties on whom it depends: those that the records name, and those that the directory names for the services. */
function suppliersOf(triggers: readonly ImprovementInput[], serviceIds: readonly string[], directory: Directory): readonly string[] {
  const named = triggers.flatMap((each) =>
    each.supplier === undefined ? [] : (resolveSupplier(directory, each.trigger.system, each.supplier)?.name ?? each.supplier),
  );
  const ofServices = directory.services.flatMap((service) =>
    serviceIds.includes(service.id) && service.supplier !== undefined ? service.supplier : [],
  );
  const names = ofServices.map((id) => directory.suppliers.find((supplier) => supplier.id === id)?.name ?? id);
  return [...new Set([...named, ...names])].map((name) => `Supplier ${name}`);
}

function clip(title: string): string {
  return title.length <= 200 ? title : `${title.slice(0, 199)}…`;
}

function withoutHeading(title: string): string {
  return title.replace(/^(?:(?:Follow-on of|Continues) IMP-\d+(?:, reopened after closure)?: )+/, '');
}
