import { type ImprovementInput, takeInScope } from '../../domain/index.js';
import type { Instant } from '../../kit/index.js';
import { getRelease, getSetting, improvements, bringSeriesUpTo, inputsSince, putSetting, type Tx } from '../../store/index.js';
import { add, type Decided, nothing } from './decided.js';
import { type ClosedProblems, readClosedProblems } from './closed-problems.js';
import { collectJoins, type Joins } from './joins.js';
import { type Ours, oursAmong, whatIsOurs } from './ours.js';
import { isTicket, proposeAgain, proposeByHand } from './propose.js';
import { decideScopes, noteMoments } from './decide-scopes.js';
import { noteOverdueInputs } from './overdue-inputs.js';
import { perform, performInScope } from './perform.js';
import { seriesMadeBy, type Sight, storeSight } from './sight.js';
import { takeEvent } from './take-event.js';
import { decideLateTickets } from './ticket-apart.js';
import { noteTriggerChange } from './trigger-changes.js';
import { weighDeployments, weighRecord } from './weigh-record.js';
import { hasDoubledInScope, momentsOf, type ScopeLaw, type ScopeMoment } from './weigh-scope.js';
import { localDateOf } from '../calendar.js';
import type { World } from '../world.js';

const batch = 200;

/**
 * Lets the rules look at every input that was made, revised or ended since the last time, a batch a transaction: where it stands in the feed is
 * committed with what was decided, so that no input is weighed twice and none is left out. What concerns a whole scope is noted with the batch and weighed
 * once, after all of them. While the installation is held nothing is decided.
 */
export async function decide(world: World): Promise<Decided> {
  const release = await getRelease(world.store.read);
  if (release === undefined) return { ...nothing, held: true };
  let total = nothing;
  const read: Read = {};
  const round = async (): Promise<void> => {
    for (const part of [decideBatch, decideScopes])
      for (let more = true; more && !world.signal.aborted;) {
        const done = await world.store.tx((t) => part(world, t, release.raiseFrom, read));
        total = add(total, done);
        more = done.more;
      }
  };
  await round();
  // An input that has become overdue is a record, too: it is weighed at once.
  if ((await world.store.tx((t) => noteOverdueInputs(world, t, release.raiseFrom))) > 0) await round();
  const proposed = await world.store.tx((t) => proposeAgain(world, t));
  await world.store.tx((t) => decideLateTickets(world, t));
  await world.store.tx((t) => reachReviewDates(world, t));
  return add(total, { ...nothing, raised: proposed });
}

/** What one batch has read for those that follow it. */
interface Read {
  closed?: ClosedProblems;
}

/** One batch of {@link decide} in a transaction of the caller: what `plan` runs and then takes back. */
export async function decideBatch(world: World, t: Tx, raiseFrom: Instant, read: Read = {}): Promise<Decided & { readonly more: boolean }> {
  const from = Number((await getSetting(t, 'decided-through')) ?? 0);
  const changes = await inputsSince(t, from, batch);
  const { policy, directory, settings } = world.config;
  await bringSeriesUpTo(t, changes.seq, seriesMadeBy(policy, directory), { from, inputs: changes.inputs });
  const ours = await whatIsOurs(world, t);
  const sight = storeSight(t, { now: world.clock(), ours: (inputs) => oursAmong(t, inputs, ours) });
  const closed = (read.closed ??= await readClosedProblems(sight, policy));
  for (const input of changes.inputs) await closed.note(sight, input);
  const around: Around = {
    law: { policy, directory, timeZone: settings.organisation.timeZone, raiseFrom },
    ours,
    sight,
    closed,
    joins: collectJoins(world, t),
    moments: [],
    revised: [],
  };
  let part = nothing;
  for (const input of changes.inputs) part = add(part, await weigh(world, t, input, around));
  await around.joins.flush();
  for (const input of around.revised) await noteTriggerChange(world, t, input);
  await noteMoments(t, around.moments);
  if (changes.seq !== from) await putSetting(t, 'decided-through', changes.seq);
  return { ...part, more: changes.more };
}

/** What the inputs of one batch are weighed with. */
interface Around {
  readonly law: ScopeLaw;
  readonly ours: Ours;
  readonly sight: Sight;
  readonly closed: ClosedProblems;
  readonly joins: Joins;
  /** Those that had triggered an improvement before this version of theirs. */
  readonly revised: ImprovementInput[];
  /** What is to be weighed after the batches. */
  readonly moments: ScopeMoment[];
}

async function weigh(
  world: World,
  t: Tx,
  input: ImprovementInput,
  { law, ours, sight, closed, joins, moments, revised }: Around,
): Promise<Decided> {
  const one = { ...nothing, inputs: 1 };
  if ((await oursAmong(t, [input], ours)).size > 0) return one;
  if (isTicket(world, input)) return add(one, { ...nothing, raised: await proposeByHand(world, t, input) });
  moments.push(...momentsOf(input, law));
  const known = joins.asJoined(await sight.improvementsOfCase(input.caseKeys), input);
  if (known.some(({ triggers }) => triggers.includes(input.id))) revised.push(input);
  let done = add(one, await perform(world, t, input, await weighRecord(sight, input, known, law, closed), joins));
  for (const fired of await weighDeployments(sight, input, law)) {
    const keys = { caseKeys: fired.scope?.keys ?? [] };
    const ofCase = joins.asJoined(await sight.improvementsOfCase(keys.caseKeys), keys);
    const intake = await takeInScope(ofCase, fired, law.policy, (last) => hasDoubledInScope(sight, fired, last));
    done = add(done, await performInScope(world, t, intake, joins));
  }
  return done;
}

/** Deferred improvements come back on the day that was set. */
async function reachReviewDates(world: World, t: Tx): Promise<void> {
  const at = world.clock();
  const today = localDateOf(world, at);
  for (const improvement of await improvements(t, { status: ['deferred'] })) {
    const date = improvement.decisions.findLast((decision) => decision.kind === 'deferred')?.reviewDate;
    if (date !== undefined && date <= today) await takeEvent(world, t, improvement, { is: 'review-date-reached', at });
  }
}
