import { type ImprovementInput, type Intake, isOpen, itself, plusDays, takeIn } from '../../domain/index.js';
import type { Instant } from '../../kit/index.js';
import {
  appendJournal,
  getRelease,
  getSetting,
  improvements,
  improvementsWithCaseKeys,
  inputsSince,
  inputsWithKeys,
  putSetting,
  type Tx,
} from '../../store/index.js';
import { collectJoins, type Joins } from './joins.js';
import { type Ours, oursAmong, whatIsOurs } from './ours.js';
import { isTicket, proposeAgain, proposeByHand } from './propose.js';
import { raiseImprovement } from './raise-improvement.js';
import { takeEvent } from './take-event.js';
import { noteTriggerChange } from './trigger-changes.js';
import { localDateOf } from '../calendar.js';
import type { World } from '../world.js';

/** What the rules made of what came in. */
export interface Decided {
  /** The installation is held: nothing was decided. */
  readonly held: boolean;
  readonly inputs: number;
  readonly raised: readonly string[];
  readonly joined: number;
  readonly suppressed: number;
}

const nothing: Decided = { held: false, inputs: 0, raised: [], joined: 0, suppressed: 0 };
const batch = 200;
/** The furthest that any rule or cool-down looks around an input. */
const lookBackDays = 400;

/**
 * Lets the rules look at every input that was made, revised or ended since the last time, a batch a transaction: where it stands in the feed is
 * committed with what was decided, so that no input is weighed twice and none is left out. While the installation is held nothing is decided.
 */
export async function decide(world: World): Promise<Decided> {
  const release = await getRelease(world.store.read);
  if (release === undefined) return { ...nothing, held: true };
  let total = nothing;
  for (let more = true; more && !world.signal.aborted;) {
    const part = await world.store.tx((t) => decideBatch(world, t, release.raiseFrom));
    total = add(total, part);
    more = part.more;
  }
  const proposed = await world.store.tx((t) => proposeAgain(world, t));
  await world.store.tx((t) => reachReviewDates(world, t));
  return add(total, { ...nothing, raised: proposed });
}

/** One batch of {@link decide} in a transaction of the caller: what `plan` runs and then takes back. */
export async function decideBatch(world: World, t: Tx, raiseFrom: Instant): Promise<Decided & { readonly more: boolean }> {
  const from = Number((await getSetting(t, 'decided-through')) ?? 0);
  const changes = await inputsSince(t, from, batch);
  let part = nothing;
  const around: Around = { raiseFrom, ours: await whatIsOurs(world, t), joins: collectJoins(world, t), revised: [] };
  for (const input of changes.inputs) part = add(part, await weigh(world, t, input, around));
  await around.joins.flush();
  for (const input of around.revised) await noteTriggerChange(world, t, input);
  if (changes.seq !== from) await putSetting(t, 'decided-through', changes.seq);
  return { ...part, more: changes.more };
}

/** What the inputs of one batch are weighed with. */
interface Around {
  readonly raiseFrom: Instant;
  readonly ours: Ours;
  readonly joins: Joins;
  /** Those that had triggered an improvement before this version of theirs. */
  readonly revised: ImprovementInput[];
}

async function weigh(world: World, t: Tx, input: ImprovementInput, { raiseFrom, ours, joins, revised }: Around): Promise<Decided> {
  const one = { ...nothing, inputs: 1 };
  if ((await oursAmong(t, [input], ours)).size > 0) return one;
  if (isTicket(world, input)) return add(one, { ...nothing, raised: await proposeByHand(world, t, input) });
  const known = joins.asJoined(await improvementsWithCaseKeys(t, input.caseKeys), input);
  if (known.some(({ triggers }) => triggers.includes(input.id))) revised.push(input);
  // History raises nothing; it matters only to a case that is open already.
  if (input.occurredAt < raiseFrom && !known.some(isOpen)) return one;
  const inputs = await inputsWithKeys(t, input.caseKeys, { from: plusDays(input.occurredAt, -lookBackDays) });
  const intake = takeIn(input, { improvements: known, inputs }, world.config.policy, { raiseFrom, ours: await oursAmong(t, inputs, ours) });
  return add(one, await perform(world, t, input, intake, joins));
}

async function perform(world: World, t: Tx, input: ImprovementInput, intake: Intake, joins: Joins): Promise<Decided> {
  switch (intake.do) {
    case 'raise':
      return { ...nothing, raised: [(await raiseImprovement(world, t, intake.fired)).id] };
    case 'recurs-after':
      return { ...nothing, raised: [(await raiseImprovement(world, t, intake.fired, { recursAfter: intake.improvementId })).id] };
    case 'join-as-trigger':
    case 'join-silently':
    case 'effect-data':
      await joins.join(input, intake.improvementId, intake.do);
      return { ...nothing, joined: 1 };
    case 'suppressed':
      await appendJournal(t, [
        {
          at: world.clock(),
          actor: itself,
          kind: 'input-suppressed',
          subject: intake.improvementId,
          because: `its case was decided already; it is suppressed until ${intake.until}`,
          body: { input: input.id, until: intake.until },
        },
      ]);
      return { ...nothing, suppressed: 1 };
    case 'nothing':
      return nothing;
  }
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

function add(a: Decided, b: Decided): Decided {
  return {
    held: a.held || b.held,
    inputs: a.inputs + b.inputs,
    raised: [...a.raised, ...b.raised],
    joined: a.joined + b.joined,
    suppressed: a.suppressed + b.suppressed,
  };
}
