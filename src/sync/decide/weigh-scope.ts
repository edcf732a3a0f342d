import {
  byOccurrence,
  byOf,
  compareInstants,
  countsFor,
  type Directory,
  type FiredRule,
  type Improvement,
  type ImprovementInput,
  isOpen,
  judgeAssessment,
  judgeFindings,
  judgePeriod,
  judgeSupplier,
  judgeTrend,
  latest,
  localDate,
  millis,
  instantOf,
  isBefore,
  partOf,
  periodAt,
  periodBefore,
  plusCalendarDays,
  plusDays,
  type Policy,
  refText,
  scopeKey,
  scopeName,
  scopesOf,
  type ScopeJudgement,
  type ScopeRule,
  isInSeries,
  isScopeRule,
  settledAt,
  startOfDate,
  weekMs,
  wholeOf,
} from '../../domain/index.js';
import type { Instant } from '../../kit/index.js';
import type { Sight } from './sight.js';

/** The law that scopes are weighed by. */
export interface ScopeLaw {
  readonly policy: Policy;
  readonly directory: Directory;
  readonly timeZone: string;
  readonly raiseFrom: Instant;
}

/** One thing to look at: a scope of a rule, at a day (trend), in a period that begins at an instant, or around an input. */
export interface ScopeMoment {
  readonly rule: string;
  readonly scope: string;
  readonly moment: string;
}

/** At most so many of the newest records stand for what a rule counted. */
const representatives = 50;
const longAgo = '1970-01-01T00:00:00.000Z';

/** The scopes, and their moments, that an input concerns: those of every rule that counts it. Nothing that occurred before raising began. */
export function momentsOf(input: ImprovementInput, { policy, directory, timeZone, raiseFrom }: ScopeLaw): readonly ScopeMoment[] {
  if (isBefore(input.occurredAt, raiseFrom)) return [];
  return policy.rules.filter(isScopeRule).flatMap((rule) => {
    const concerns = isInSeries(partOf(rule), input) && countsFor(policy, rule, input, { raiseFrom });
    if (!concerns) return [];
    return scopesOf(byOf(rule), input, directory).map((scope) => ({ rule: rule.id, scope, moment: momentOf(rule, input, timeZone) }));
  });
}

function momentOf(rule: ScopeRule, input: ImprovementInput, timeZone: string): string {
  if (rule.looksAt === 'trend') return localDate(input.occurredAt, timeZone);
  if (rule.looksAt === 'service-levels' || rule.looksAt === 'changes') return periodAt(input.occurredAt, rule.period, timeZone).from;
  return input.id;
}

/** The moments of rules about shares whose period is over and was not judged yet; and through which period each of them is judged then. */
export async function periodsDue(
  sight: Sight,
  law: ScopeLaw,
  judgedThrough: (rule: string) => Promise<Instant | undefined>,
): Promise<{ readonly moments: readonly ScopeMoment[]; readonly through: ReadonlyMap<string, Instant> }> {
  const moments: ScopeMoment[] = [];
  const through = new Map<string, Instant>();
  for (const rule of law.policy.rules) {
    if ((rule.looksAt !== 'service-levels' && rule.looksAt !== 'changes') || rule.atMostShare === undefined) continue;
    const over = periodBefore(periodAt(sight.now, rule.period, law.timeZone), rule.period, law.timeZone);
    const last = await judgedThrough(rule.id);
    if ((last !== undefined && last >= over.from) || over.to <= law.raiseFrom) continue;
    for (const scope of await sight.scopes({ series: partOf(rule), from: over.from, to: over.to }))
      moments.push({ rule: rule.id, scope, moment: over.from });
    through.set(rule.id, over.from);
  }
  return { moments, through };
}

/** The case key of a rule's scope. */
export function keyOfScope(rule: ScopeRule, scope: string): string {
  return scopeKey(rule.case ?? rule.id, scope);
}

/**
 * What a rule finds in a scope at a moment; undefined when it does not fire. Records count from the release on, and after the case was last settled from
 * then on: what was decided about is not decided again. `ofCase` are the improvements of the scope; `around` is the input whose id is the moment.
 */
export async function weighScope(
  sight: Sight,
  law: ScopeLaw,
  at: ScopeMoment,
  ofCase: readonly Improvement[],
  around: ImprovementInput | undefined,
): Promise<FiredRule | undefined> {
  const rule = law.policy.rules.find(({ id }) => id === at.rule);
  if (rule === undefined || !isScopeRule(rule)) return undefined;
  const settled = ofCase.filter((improvement) => !isOpen(improvement)).map(settledAt);
  const from = latest([law.raiseFrom, ...settled]) ?? law.raiseFrom;
  const found = await find(sight, { ...law, raiseFrom: from }, rule, at, around);
  if (found === undefined) return undefined;
  const ours = await sight.ours(found.records);
  const triggers = byOccurrence(found.records.filter(({ trigger }) => !ours.has(refText(trigger)))).slice(-representatives);
  if (triggers.length === 0) return undefined;
  const by = byOf(rule);
  return {
    rule,
    windowFrom: found.from,
    triggers,
    because: found.judgement.because,
    scope: {
      keys: [keyOfScope(rule, at.scope)],
      by,
      id: at.scope,
      name: scopeName(by, at.scope, law.directory),
      title: found.judgement.title,
      amount: found.judgement.amount,
      to: found.to,
    },
  };
}

/** Whether at least twice as many records came in a window as long as the finding's up to its end, as in the one before the case was turned down. */
export async function hasDoubledInScope(sight: Sight, fired: FiredRule, turnedDown: Improvement): Promise<boolean> {
  if (fired.scope === undefined || !isScopeRule(fired.rule) || fired.rule.looksAt === 'assessment') return false;
  const decided = settledAt(turnedDown);
  const length = Math.max(1, Math.min(millis(fired.scope.to), millis(sight.now)) - millis(fired.windowFrom));
  const stretch = { series: partOf(fired.rule), scope: fired.scope.id };
  const before = await sight.count({ ...stretch, from: instantOf(millis(decided) - length), to: decided });
  const after = await sight.count({ ...stretch, from: latest([decided, fired.windowFrom]) ?? decided, to: fired.scope.to });
  return after >= 2 * Math.max(1, before);
}

interface Found {
  readonly from: Instant;
  readonly to: Instant;
  readonly judgement: ScopeJudgement;
  readonly records: readonly ImprovementInput[];
}

async function find(
  sight: Sight,
  law: ScopeLaw,
  rule: ScopeRule,
  { scope, moment }: ScopeMoment,
  around: ImprovementInput | undefined,
): Promise<Found | undefined> {
  const series = partOf(rule);
  switch (rule.looksAt) {
    case 'trend': {
      const to = startOfDate(plusCalendarDays(moment, 1), law.timeZone);
      const from = plusDays(to, -7 * rule.weeks);
      if (isBefore(from, law.raiseFrom)) return undefined;
      const window = await sight.weekly({ series, scope, from, weeks: rule.weeks });
      if (window.reduce((sum, each) => sum + each, 0) < rule.minimumRecords) return undefined;
      const first = await sight.first({ series, scope });
      const past = first === undefined ? 0 : Math.floor((millis(from) - millis(first)) / weekMs);
      const weeks = Math.min(rule.baselineWeeks, Math.max(0, past));
      const baseline = await sight.weekly({ series, scope, from: plusDays(from, -7 * weeks), weeks });
      const judgement = judgeTrend(rule, baseline, window);
      return judgement && { from, to, judgement, records: await newest(sight, series, scope, from, to) };
    }
    case 'service-levels':
    case 'changes': {
      const period = periodAt(moment, rule.period, law.timeZone);
      const from = latest([period.from, law.raiseFrom]) ?? period.from;
      if (!isBefore(from, period.to)) return undefined;
      if (rule.atMostShare !== undefined && isBefore(sight.now, period.to)) return undefined;
      const part = await sight.count({ series, scope, from, to: period.to });
      const whole = wholeOf(rule);
      const counted = { part, whole: whole === undefined ? part : await sight.count({ series: whole, scope, from, to: period.to }) };
      const judgement = judgePeriod(rule, period, counted);
      return judgement && { from: period.from, to: period.to, judgement, records: await newest(sight, series, scope, from, period.to) };
    }
    case 'assessment': {
      if (around === undefined) return undefined;
      const to = instantOf(millis(around.occurredAt) + 1);
      const inputs = await sight.newest({ series, scope, from: longAgo, to, limit: (rule.falling ?? 0) + 1 });
      const judgement = judgeAssessment(rule, inputs);
      return judgement && { from: around.occurredAt, to, judgement, records: [around] };
    }
    case 'supplier':
    case 'findings': {
      if (around === undefined) return undefined;
      const near = {
        from: latest([plusDays(around.occurredAt, -rule.days), law.raiseFrom]) ?? law.raiseFrom,
        to: plusDays(around.occurredAt, rule.days),
      };
      // Counting is a range of an index; reading records is not.
      if ((await sight.count({ series, scope, ...near })) < rule.count) return undefined;
      const others = await sight.newest({ series, scope, ...near, limit: 1000 });
      const ours = await sight.ours(others);
      const counted = others.filter((each) => each.id !== around.id && !ours.has(refText(each.trigger)));
      if (isBefore(around.occurredAt, law.raiseFrom)) return undefined;
      const records = rule.looksAt === 'supplier' ? judgeSupplier(rule, around, counted) : judgeFindings(rule, around, counted);
      const last = records.at(-1);
      if (last === undefined) return undefined;
      return {
        from: plusDays(last.occurredAt, -rule.days),
        to: plusDays(last.occurredAt, 0),
        judgement: judgementOf(rule, records),
        records,
      };
    }
  }
}

function judgementOf(rule: Extract<ScopeRule, { looksAt: 'supplier' | 'findings' }>, records: readonly ImprovementInput[]): ScopeJudgement {
  const amount = records.length;
  const services = new Set(records.flatMap(({ serviceIds, services: named }) => (serviceIds.length > 0 ? serviceIds : named.slice(0, 1))))
    .size;
  const wide = rule.looksAt === 'supplier' && services > 0 ? ` across ${services} service${services === 1 ? '' : 's'}` : '';
  const what = rule.looksAt === 'supplier' ? 'misses of the supplier' : 'findings of the same requirement';
  return { title: `${amount} ${what} in ${rule.days} days${wide}`, because: `${amount} ${what} within ${rule.days} days${wide}.`, amount };
}

async function newest(
  sight: Sight,
  series: Parameters<Sight['count']>[0]['series'],
  scope: string,
  from: Instant,
  to: Instant,
): Promise<readonly ImprovementInput[]> {
  const inputs = await sight.newest({ series, scope, from, to, limit: 2 * representatives });
  return inputs.toSorted((a, b) => compareInstants(a.occurredAt, b.occurredAt));
}
