import { type Improvement, isOpen, type LifecycleEvent, openSuspects, type StepResult, verdictOf } from '../../domain/index.js';
import { improvement as improvementWithId, type Tx } from '../../store/index.js';
import { decideChange } from '../push/change-writes.js';
import { decideChart } from '../push/chart-writes.js';
import { raiseLinkedImprovement } from './raise-improvement.js';
import { decideChangeLink, decideComment, decideStatusComment, decideTransition } from '../push/ticket-writes.js';
import type { World } from '../world.js';

/** An event that another one causes, for the same improvement or for another. */
export interface FurtherEvent {
  readonly improvement: string;
  readonly event: LifecycleEvent;
}

/** Decides every write that follows from what an event did, raises the follow-on, and names the events that happen in turn. */
export async function followUp(
  world: World,
  t: Tx,
  before: Improvement,
  result: StepResult,
  event: LifecycleEvent,
): Promise<readonly FurtherEvent[]> {
  const after = result.improvement;
  const occasion = occasionOf(event);
  const last = result.moves.at(-1);
  await answer(world, t, result, occasion);
  // A ticket that a person moved stands where it should; one that moved by itself, or by what somebody wrote into it, is taken along.
  const stands = event.is === 'ticket-entry' && event.to === last?.to;
  if (last !== undefined && !stands) await decideTransition(world, t, after, occasion);
  const isNews =
    after.measurements.length > before.measurements.length ||
    after.regression !== before.regression ||
    after.followOn?.id !== before.followOn?.id;
  const isSuspect = openSuspects(after).length > openSuspects(before).length;
  const wantsChange = last?.to === 'approved' || (before.change === 'ask' && after.change === 'create' && after.status === 'approved');
  if (last !== undefined || isNews || isSuspect) await decideStatusComment(world, t, after, occasion);
  for (const change of after.changes.slice(before.changes.length)) await decideChangeLink(world, t, after, change);
  // The last of them, so that a picture that is not taken holds up none of the others.
  if (after.measurements.length > before.measurements.length) await decideChart(world, t, after);
  return [
    ...(await tellTheFollowed(t, before, after)),
    ...(await carryOn(world, t, before, after)),
    ...(wantsChange ? await decideChange(world, t, after) : []).map((linked) => ({ improvement: after.id, event: linked })),
  ];
}

/** A refused move gets one comment that says what is missing, and is moved back where the policy says so. */
async function answer(world: World, t: Tx, result: StepResult, occasion: string): Promise<void> {
  if (result.is !== 'refused') return;
  await decideComment(world, t, result.improvement, `refused:${occasion}`, result.sentence);
  if (result.moveBackTo !== undefined) await decideTransition(world, t, result.improvement, `back:${occasion}`);
  if (result.raiseLinked === true) await raiseLinkedImprovement(world, t, result.improvement, 'reopened');
}

/** A final result that is not effective needs somebody to carry on: the follow-on is raised at once, and decided like any other. */
async function carryOn(world: World, t: Tx, before: Improvement, after: Improvement): Promise<readonly FurtherEvent[]> {
  const verdict = verdictOf(after);
  const isNew = after.measurements.length > before.measurements.length;
  if (!isNew || verdict === undefined || verdict === 'effective' || after.followOn !== undefined) return [];
  const followOn = await raiseLinkedImprovement(world, t, after, 'follow-on');
  return [{ improvement: after.id, event: { is: 'follow-on-raised', at: world.clock(), id: followOn.id } }];
}

/** A decision on a follow-on is what the improvement before it waits for. */
async function tellTheFollowed(t: Tx, before: Improvement, after: Improvement): Promise<readonly FurtherEvent[]> {
  const decision = after.decisions.slice(before.decisions.length).at(-1);
  if (after.followOnOf === undefined || decision === undefined) return [];
  const followed = await improvementWithId(t, after.followOnOf);
  if (followed === undefined || !isOpen(followed)) return [];
  return [
    { improvement: followed.id, event: { is: 'follow-on-decided', at: decision.at, id: after.id, by: decision.by, kind: decision.kind } },
  ];
}

/** What made the event this one and no other: the same event again decides the same writes again, and so none. */
function occasionOf(event: LifecycleEvent): string {
  switch (event.is) {
    case 'ticket-entry':
    case 'accepted':
      return `${event.is}:${event.historyId}`;
    case 'change-linked':
      return `${event.is}:${event.change.ref.system}/${event.change.ref.key}`;
    case 'change-read':
      return `${event.is}:${event.ref.system}/${event.ref.key}:${event.missing === true ? 'missing' : JSON.stringify(event.state ?? {})}`;
    case 'suspect-cleared':
      return `${event.is}:${event.at}:${event.ref.key}`;
    case 'links-suspect':
      return `${event.is}:${event.suspects.map(({ ref, field, is }) => `${ref.key}/${field}/${is}`).join()}`;
    case 'follow-on-raised':
    case 'follow-on-decided':
      return `${event.is}:${event.id}`;
    default:
      return `${event.is}:${event.at}`;
  }
}
