import { setImmediate } from 'node:timers/promises';
import {
  type FiredRule,
  type Improvement,
  type ImprovementInput,
  instantOf,
  isOpen,
  isScopeRule,
  joinAsTrigger,
  joinSilently,
  localDate,
  millis,
  nextEpisode,
  plusCalendarDays,
  type Policy,
  raise,
  refText,
  startOfDate,
  takeInScope,
} from '../../domain/index.js';
import type { Config } from '../../config/index.js';
import type { Instant, RecordRef } from '../../kit/index.js';
import type { Mapping } from '../../mapping/index.js';
import { type Db, improvements, inputsInOrder, linksOfKind } from '../../store/index.js';
import { inOrder } from '../decide/decide-scopes.js';
import { seriesMadeBy } from '../decide/sight.js';
import { weighDeployments, weighRecord } from '../decide/weigh-record.js';
import {
  hasDoubledInScope,
  keyOfScope,
  momentsOf,
  periodsDue,
  type ScopeLaw,
  type ScopeMoment,
  weighScope,
} from '../decide/weigh-scope.js';
import { type Backtest, reportOf } from './backtest-report.js';
import { type MemorySight, memorySight, refOfNode } from './memory-sight.js';

/** What is gone through. */
export interface BacktestAsk {
  /** First and last day of the organisation, `YYYY-MM-DD`, both included. What occurred before is baseline. */
  readonly from: string;
  readonly to: string;
  /** Ids of rules; without them all. */
  readonly rules?: readonly string[];
  /** Suppose that each improvement is closed so many days after it was raised; without it all of them stay open to the end. */
  readonly closedAfterDays?: number;
}

interface Run {
  readonly law: ScopeLaw;
  readonly sight: MemorySight;
  readonly ask: BacktestAsk;
  readonly inputs: Map<string, ImprovementInput>;
  readonly judged: Map<string, Instant>;
  raisedCount: number;
  joined: number;
  suppressed: number;
}

/**
 * Runs the very rules over the history that is stored, day by day by when records occurred, and says what would have been raised. Pure: it reads, keeps all
 * that it makes in memory, and writes nothing anywhere. The same history, policy and directory give the same answer. Improvements that are in the
 * register play no part; records that were written or linked by this installation are evidence here as there.
 */
export async function backtest(
  site: { readonly config: Config; readonly mappings: readonly Mapping[]; readonly db: Db },
  ask: BacktestAsk,
): Promise<Backtest> {
  const { config, db } = site;
  const { timeZone } = config.settings.organisation;
  const policy = chosen(config.policy, ask.rules);
  const raiseFrom = startOfDate(ask.from, timeZone);
  const to = startOfDate(plusCalendarDays(ask.to, 1), timeZone);
  const law = { policy, directory: config.directory, timeZone, raiseFrom };
  const run: Run = {
    law,
    sight: memorySight(await causesIn(db, policy), await oursIn(db)),
    ask,
    inputs: new Map(),
    judged: new Map(),
    raisedCount: 0,
    joined: 0,
    suppressed: 0,
  };
  const { placesOf } = seriesMadeBy(policy, config.directory);
  const tickets = ticketStreams(site);
  const counted = new Map<string, number>();
  let today = '';
  let moments: ScopeMoment[] = [];
  for await (const page of inputsInOrder(db, { categories: categoriesOf(policy), to })) {
    for (const input of page) {
      if (tickets.has(`${input.trigger.system}/${input.trigger.stream}`)) continue;
      const day = input.occurredAt < raiseFrom ? '' : localDate(input.occurredAt, timeZone);
      if (day !== today) {
        if (today !== '') await endDay(run, today, moments);
        moments = [];
        today = day;
      }
      run.sight.see(input, placesOf(input));
      run.inputs.set(input.id, input);
      if (day === '') continue;
      counted.set(input.category, (counted.get(input.category) ?? 0) + 1);
      run.sight.now = input.occurredAt;
      settle(run);
      if ((await run.sight.ours([input])).size > 0) continue;
      moments.push(...momentsOf(input, law));
      await weighOne(run, input);
    }
    await setImmediate();
  }
  if (today !== '') await endDay(run, today, moments);
  run.sight.now = to;
  await weighMoments(run, []);
  return reportOf({
    ask,
    policy,
    timeZone,
    improvements: [...run.sight.improvements.values()],
    inputs: run.inputs,
    counted,
    joined: run.joined,
    suppressed: run.suppressed,
  });
}

function chosen(policy: Policy, rules: readonly string[] | undefined): Policy {
  return rules === undefined ? policy : { ...policy, rules: policy.rules.filter(({ id }) => rules.includes(id)) };
}

function categoriesOf(policy: Policy): readonly string[] {
  const named = policy.rules.flatMap((rule) => [
    ...rule.categories,
    ...(rule.looksAt === 'service-levels' ? (rule.of ?? []) : []),
    ...(rule.looksAt === 'problem-resolution' ? rule.problems : []),
    // The change that incidents are caused by may be of any category.
    ...(rule.looksAt === 'deployments' ? policy.categories.map(({ id }) => id) : []),
  ]);
  return [...new Set(named)];
}

/** Streams of tickets that are improvements themselves: their system is the policy's, their stream what decisions are read from. */
function ticketStreams({ config, mappings }: { readonly config: Config; readonly mappings: readonly Mapping[] }): ReadonlySet<string> {
  const { ticketSystem } = config.policy.routing;
  return new Set(mappings.filter(({ kind }) => kind === 'decision').map(({ from }) => `${ticketSystem}/${from.split('.')[1] ?? ''}`));
}

async function causesIn(db: Db, policy: Policy): Promise<ReadonlyMap<string, readonly RecordRef[]>> {
  const found = new Map<string, RecordRef[]>();
  if (!policy.rules.some(({ looksAt }) => looksAt === 'deployments')) return found;
  for (const { from, to } of await linksOfKind(db, 'caused-by')) {
    const cause = refOfNode(to);
    if (cause !== undefined) found.set(from, [...(found.get(from) ?? []), cause]);
  }
  return found;
}

async function oursIn(db: Db): Promise<ReadonlySet<string>> {
  return new Set((await improvements(db)).flatMap(({ changes }) => changes.map(({ ref }) => refText(ref))));
}

async function weighOne(run: Run, input: ImprovementInput): Promise<void> {
  const { sight, law } = run;
  const known = await sight.improvementsOfCase(input.caseKeys);
  const intake = await weighRecord(sight, input, known, law);
  if (intake.do === 'raise' || intake.do === 'recurs-after')
    await raiseOne(run, intake.fired, intake.do === 'raise' ? undefined : intake.improvementId);
  else if (intake.do === 'suppressed') run.suppressed += 1;
  else if (intake.do !== 'nothing') join(run, intake.improvementId, input, intake.do === 'join-as-trigger');
  for (const fired of await weighDeployments(sight, input, law))
    await scopeFound(run, fired, await sight.improvementsOfCase(fired.scope?.keys ?? []));
}

/** What a day has to say about whole scopes is weighed when it is over. */
async function endDay(run: Run, day: string, moments: readonly ScopeMoment[]): Promise<void> {
  run.sight.now = startOfDate(plusCalendarDays(day, 1), run.law.timeZone);
  await weighMoments(run, moments);
}

async function weighMoments(run: Run, moments: readonly ScopeMoment[]): Promise<void> {
  const { sight, law } = run;
  const due = await periodsDue(sight, law, (rule) => Promise.resolve(run.judged.get(rule)));
  for (const [rule, through] of due.through) run.judged.set(rule, through);
  const all = new Map([...due.moments, ...moments].map((one) => [JSON.stringify(one), one]));
  for (const at of inOrder([...all.values()], law)) {
    const rule = law.policy.rules.find(({ id }) => id === at.rule);
    if (rule === undefined || !isScopeRule(rule)) continue;
    const ofCase = await sight.improvementsOfCase([keyOfScope(rule, at.scope)]);
    const fired = await weighScope(sight, law, at, ofCase, run.inputs.get(at.moment));
    if (fired !== undefined) await scopeFound(run, fired, ofCase);
  }
}

async function scopeFound(run: Run, fired: FiredRule, ofCase: readonly Improvement[]): Promise<void> {
  const intake = await takeInScope(ofCase, fired, run.law.policy, (last) => hasDoubledInScope(run.sight, fired, last));
  if (intake.do === 'raise') await raiseOne(run, fired, intake.recursAfter);
  else if (intake.do === 'suppressed') run.suppressed += 1;
  else if (intake.do === 'join')
    for (const input of intake.inputs) join(run, intake.improvementId, input, intake.how === 'join-as-trigger');
}

async function raiseOne(run: Run, fired: FiredRule, recursAfter: string | undefined): Promise<void> {
  const keys = fired.scope?.keys ?? fired.triggers.flatMap(({ caseKeys }) => caseKeys);
  run.raisedCount += 1;
  const { policy, directory, timeZone } = run.law;
  const context = {
    policy,
    directory,
    timeZone,
    at: run.sight.now,
    number: `#${String(run.raisedCount).padStart(4, '0')}`,
    episode: nextEpisode(await run.sight.improvementsOfCase(keys)),
  };
  run.sight.keep(raise(fired, context, recursAfter === undefined ? {} : { recursAfter }));
}

function join(run: Run, id: string, input: ImprovementInput, asTrigger: boolean): void {
  const before = run.sight.improvements.get(id);
  if (before === undefined) return;
  // Its triggers are looked up only for the priority, which a backtest shows as of the raising.
  const after = asTrigger
    ? { ...joinAsTrigger({ ...before, status: 'approved' }, input, [], run.law.policy), status: before.status }
    : joinSilently(before, input);
  if (after === before) return;
  run.joined += 1;
  run.sight.keep(after);
}

/** Closes what is supposed to be closed by now. */
function settle(run: Run): void {
  const { closedAfterDays } = run.ask;
  if (closedAfterDays === undefined) return;
  const limit = instantOf(millis(run.sight.now) - closedAfterDays * 86_400_000);
  for (const improvement of run.sight.improvements.values()) {
    if (!isOpen(improvement) || improvement.raisedAt > limit) continue;
    run.sight.keep({ ...improvement, status: 'closed', closure: { at: run.sight.now, by: 'backtest', result: 'effective', notes: '' } });
  }
}
