import type { Improvement, MeasurementPlan } from '../improvement.js';
import { PlanTemplate } from '../effectiveness/plan-template.js';

/** The parts of the plan that people may edit in the ticket: target and criterion. What they count, and how, is the rule's. */
export const planFields = [
  'metric',
  'direction',
  'reduceBy',
  'increaseBy',
  'target',
  'baselineWeeks',
  'settleDays',
  'windowWeeks',
  'minimumSample',
  'criterion',
  'judge',
] as const;
export type PlanField = (typeof planFields)[number];

/** A plan's editable parts as a ticket says them: null when somebody emptied the field, absent when the ticket has none. */
export type PlanReading = { readonly [Field in PlanField]?: (Field extends TextField ? string : number) | null };
type TextField = 'metric' | 'direction' | 'criterion' | 'judge';

/** The plan with what the ticket says about it, and the names of the parts that are missing or out of range. */
export interface PlanAsRead {
  readonly plan: MeasurementPlan;
  readonly missing: readonly string[];
}

/** Without them a plan is still complete: an emptied one is as if it had never been there. */
const optional: readonly PlanField[] = ['direction', 'increaseBy', 'target'];
const ofCriterion: readonly PlanField[] = ['metric', 'settleDays', 'criterion', 'judge'];
const ofMetric: readonly PlanField[] = planFields.filter((field) => field !== 'criterion' && field !== 'judge');

type Loose = Readonly<Record<string, unknown>>;

/** The improvement's plan as the ticket had it. A part that is empty or out of range keeps our value and is named as missing. */
export function planAsRead(
  improvement: Improvement,
  reading: { readonly plan?: PlanReading; readonly serviceIds?: readonly string[] },
): PlanAsRead {
  const { caseKeys, categories, baselineEnd, scopeOf, ...template } = improvement.plan;
  const said = saidOf(improvement.plan, reading.plan ?? {});
  const merged: Loose = { ...base(template, said), ...said };
  const services = 'filter' in template && template.filter?.scope === 'services' ? (reading.serviceIds ?? scopeOf) : scopeOf;
  const counted = { caseKeys, categories, baselineEnd, ...(services === undefined ? {} : { scopeOf: services }) };
  const checked = PlanTemplate.safeParse(withoutEmptied(merged));
  if (checked.success) {
    const plan = { ...checked.data, ...counted } as MeasurementPlan;
    return { plan, missing: missingBeyond(improvement, plan) };
  }
  const bad = new Set(checked.error.issues.map((issue) => String(issue.path[0] ?? 'metric')));
  // Our value for what is bad, theirs for the rest, as far as the two go together.
  const rest = Object.fromEntries(Object.entries(merged).filter(([field]) => !bad.has(field)));
  const mended = PlanTemplate.safeParse(withoutEmptied({ ...template, ...rest }));
  const plan = mended.success ? ({ ...mended.data, ...counted } as MeasurementPlan) : improvement.plan;
  return { plan, missing: [...bad, ...missingBeyond(improvement, plan).filter((part) => !bad.has(part))] };
}

/** What a plan must say to be complete that its schema does not ask for. */
function missingBeyond({ owner }: Improvement, plan: MeasurementPlan): readonly string[] {
  if (plan.metric === 'criterion')
    return plan.judge === undefined ? ['judge'] : plan.judge === owner ? ['a judge other than the owner'] : [];
  const scope = plan.filter?.scope ?? 'case';
  const nothing = scope === 'case' ? plan.caseKeys.length === 0 : scope !== 'all' && (plan.scopeOf ?? []).length === 0;
  return [
    ...(nothing ? [scope === 'case' ? 'the case that is counted' : `the ${scope} that are counted`] : []),
    ...((plan.filter?.categories ?? plan.categories).length === 0 ? ['the categories that are counted'] : []),
  ];
}

/** Of what the ticket says, the parts that this kind of plan has: a ticket has fields for all kinds. */
function saidOf(plan: MeasurementPlan, reading: PlanReading): Loose {
  const metric = reading.metric ?? plan.metric;
  const has = metric === 'criterion' ? ofCriterion : ofMetric;
  const said = Object.entries(reading).filter(
    ([field, value]) => value !== undefined && has.includes(field as PlanField) && !(field === 'metric' && value === null),
  );
  // An emptied share is no gap where a value is to be reached.
  const isAbsolute = typeof (reading.target === undefined && 'target' in plan ? plan.target : reading.target) === 'number';
  return Object.fromEntries(said.filter(([field, value]) => !(field === 'reduceBy' && value === null && isAbsolute)));
}

/** What stays where the ticket says nothing; of another kind of plan, nothing does. */
function base(template: Loose, said: Loose): Loose {
  const kept = said['metric'] === undefined || said['metric'] === template['metric'];
  return kept ? template : Object.fromEntries(Object.entries(template).filter(([field]) => field === 'settleDays'));
}

function withoutEmptied(parts: Loose): Loose {
  return Object.fromEntries(
    Object.entries(parts).filter(([field, value]) => !((value === null || value === undefined) && optional.includes(field as PlanField))),
  );
}

/** Whether the ticket's plan differs from this one in a part that this kind of plan has; an emptied part differs. */
export function planPartsDiffer(plan: MeasurementPlan, reading: PlanReading): boolean {
  const ours: Loose = { ...plan };
  return Object.entries(saidOf(plan, reading)).some(([field, value]) => (value ?? null) !== (ours[field] ?? null));
}

/** Whether two readings say the same of the plan. */
export function samePlanParts(a: PlanReading, b: PlanReading): boolean {
  return planFields.every((field) => (a[field] ?? null) === (b[field] ?? null));
}
