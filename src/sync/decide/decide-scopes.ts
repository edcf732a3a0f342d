import { isScopeRule, takeInScope } from '../../domain/index.js';
import type { Instant } from '../../kit/index.js';
import { getSetting, inputById, putSetting, type Tx } from '../../store/index.js';
import type { World } from '../world.js';
import { add, type Decided, nothing } from './decided.js';
import { collectJoins } from './joins.js';
import { oursAmong, whatIsOurs } from './ours.js';
import { performInScope } from './perform.js';
import { storeSight } from './sight.js';
import { hasDoubledInScope, keyOfScope, periodsDue, type ScopeLaw, type ScopeMoment, weighScope } from './weigh-scope.js';

/** What is to be weighed; kept with the batch that found it, so that a crash between the two forgets nothing. */
const due = 'scopes-due';
const judged = 'period-judged/';
const batch = 200;

/** Adds to what is to be weighed, each once. */
export async function noteMoments(t: Tx, moments: readonly ScopeMoment[]): Promise<void> {
  if (moments.length === 0) return;
  const known = await readDue(t);
  const all = new Map([...known, ...moments].map((one) => [nameOf(one), one]));
  if (all.size > known.length)
    await putSetting(
      t,
      due,
      [...all.values()].map(({ rule, scope, moment }) => [rule, scope, moment]),
    );
}

/** Weighs some of what is due, in a transaction of the caller: scopes that new inputs concern, and periods that are over. */
export async function decideScopes(world: World, t: Tx, raiseFrom: Instant): Promise<Decided & { readonly more: boolean }> {
  const { policy, directory, settings } = world.config;
  const law: ScopeLaw = { policy, directory, timeZone: settings.organisation.timeZone, raiseFrom };
  const ours = await whatIsOurs(world, t);
  const sight = storeSight(t, { now: world.clock(), ours: (inputs) => oursAmong(t, inputs, ours) });
  const joins = collectJoins(world, t);
  const over = await periodsDue(sight, law, async (rule) => {
    const at = await getSetting(t, `${judged}${rule}`);
    return typeof at === 'string' ? at : undefined;
  });
  await noteMoments(t, over.moments);
  for (const [rule, from] of over.through) await putSetting(t, `${judged}${rule}`, from);
  const all = inOrder(await readDue(t), law);
  let total = nothing;
  for (const at of all.slice(0, batch)) {
    const rule = policy.rules.find(({ id }) => id === at.rule);
    if (rule === undefined || !isScopeRule(rule)) continue; // it is gone from the policy
    const keys = { caseKeys: [keyOfScope(rule, at.scope)] };
    const ofCase = joins.asJoined(await sight.improvementsOfCase(keys.caseKeys), keys);
    const around = at.moment.includes('#') ? await inputById(t, at.moment) : undefined;
    const fired = await weighScope(sight, law, at, ofCase, around);
    if (fired === undefined) continue;
    const intake = await takeInScope(ofCase, fired, policy, (last) => hasDoubledInScope(sight, fired, last));
    total = add(total, await performInScope(world, t, intake, joins));
  }
  await joins.flush();
  const rest = all.slice(batch);
  if (all.length > 0)
    await putSetting(
      t,
      due,
      rest.map(({ rule, scope, moment }) => [rule, scope, moment]),
    );
  return { ...total, more: rest.length > 0 };
}

/** By rule in the order of the policy, then by scope and moment: what is found does not depend on what arrived first. */
export function inOrder(moments: readonly ScopeMoment[], { policy }: Pick<ScopeLaw, 'policy'>): readonly ScopeMoment[] {
  const rank = new Map(policy.rules.map(({ id }, index) => [id, index]));
  return moments.toSorted((a, b) => (rank.get(a.rule) ?? 0) - (rank.get(b.rule) ?? 0) || (nameOf(a) < nameOf(b) ? -1 : 1));
}

async function readDue(t: Tx): Promise<readonly ScopeMoment[]> {
  const value = (await getSetting(t, due)) as readonly (readonly [string, string, string])[] | undefined;
  return (value ?? []).map(([rule, scope, moment]) => ({ rule, scope, moment }));
}

function nameOf({ rule, scope, moment }: ScopeMoment): string {
  return JSON.stringify([rule, scope, moment]);
}
