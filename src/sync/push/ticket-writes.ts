import { type Improvement, openSuspects } from '../../domain/index.js';
import type { JsonObject } from '../../kit/index.js';
import { inputsById, type JournalHead, journalHead, outboxEntry, type OutboxOperation, type Tx } from '../../store/index.js';
import { anchorLine, statusMarker } from '../journal/ticket-anchors.js';
import { attachedChart } from './chart-writes.js';
import { decideWrite, fieldsFor, ticketTarget, writeKey } from './outgoing.js';
import type { World } from '../world.js';

/** At most so many records are linked to a ticket; the ticket names how many there are. */
const linkedTriggers = 10;

/** Decides the ticket of a newly raised improvement, and the links to the records behind it. */
export async function decideTicket(world: World, t: Tx, improvement: Improvement): Promise<void> {
  const target = ticketTarget(world, improvement);
  const { status: _status, ...fields } = await fieldsFor(world, t, improvement, target);
  const create = await decideWrite(world, t, improvement, { target, step: 'create', operation: 'create', payload: fields });
  const triggers = await inputsById(t, improvement.triggers);
  // A row of a file has no address that a browser could follow; the ticket names it in its text.
  const open = triggers.filter(({ restricted, url }) => restricted !== true && /^https?:\/\//.test(url));
  for (const { trigger, number, title, url } of open.slice(-linkedTriggers)) {
    const globalId = `golden-thread=${trigger.system}&stream=${trigger.stream}&key=${trigger.key}`.slice(0, 255);
    await decideWrite(world, t, improvement, {
      target,
      step: `link:${trigger.system}/${trigger.stream}/${trigger.key}`,
      operation: 'link',
      payload: { globalId, url, title: `${number} ${title}`.slice(0, 250), relationship: 'is triggered by' },
      dependsOn: create,
    });
  }
}

/** Decides a link from the ticket to the change that carries the improvement out. */
export async function decideChangeLink(
  world: World,
  t: Tx,
  improvement: Improvement,
  change: Improvement['changes'][number],
): Promise<void> {
  const { ref, number, url } = change;
  await decideInTicket(world, t, improvement, {
    step: `link:${ref.system}/${ref.stream}/${ref.key}`,
    operation: 'link',
    payload: {
      globalId: `golden-thread=${ref.system}&stream=${ref.stream}&key=${ref.key}`.slice(0, 255),
      url,
      title: number,
      relationship: 'is carried out by',
    },
  });
}

/** Decides to move the ticket to the status that the improvement has now. `occasion` names the move: the same one is decided once. */
export async function decideTransition(world: World, t: Tx, improvement: Improvement, occasion: string): Promise<void> {
  const { status } = await fieldsFor(world, t, improvement, ticketTarget(world, improvement));
  if (typeof status !== 'string') return;
  await decideInTicket(world, t, improvement, {
    step: `status:${occasion}`,
    operation: 'transition',
    payload: { status, means: improvement.status },
  });
}

/** Decides a comment of its own: an answer to what somebody did. */
export async function decideComment(world: World, t: Tx, improvement: Improvement, occasion: string, text: string): Promise<void> {
  await decideInTicket(world, t, improvement, {
    step: `comment:${occasion}`,
    operation: 'comment',
    payload: { marker: `golden-thread:${occasion}`, text },
  });
}

/** Decides to bring the one status comment up to date. It is updated in place, so that a long life does not fill the ticket. */
export async function decideStatusComment(world: World, t: Tx, improvement: Improvement, occasion: string): Promise<void> {
  await decideInTicket(world, t, improvement, {
    step: `status-comment:${occasion}`,
    operation: 'comment',
    payload: { marker: statusMarker, text: statusText(improvement, await journalHead(t), await attachedChart(world, t, improvement)) },
  });
}

/**
 * Where the improvement stands, for its owner; the last line anchors the journal, for the auditor. `chart`: the name of the run chart of the latest result,
 * where it is at the ticket.
 */
export function statusText(improvement: Improvement, head: JournalHead, chart?: string): string {
  const measurement = improvement.measurements.at(-1);
  const changes = improvement.changes.map(({ number, state }) => `${number} (${state?.phase ?? 'not read yet'})`);
  return [
    `${improvement.id} is ${improvement.status}. Target date: ${improvement.targetDate}. Records behind it: ${improvement.triggers.length + improvement.joined.length}.`,
    ...(changes.length === 0 ? [] : [`Changes: ${changes.join(', ')}.`]),
    ...(measurement === undefined ? [] : [`Result: ${measurement.result}. ${measurement.sentence}`]),
    ...(chart === undefined ? [] : [`The run chart of it is attached: ${chart}.`]),
    ...openSuspects(improvement).map(
      ({ number, field, was, is, because }) =>
        `Look again: ${because ?? `${number} has changed since it was relied on (${field}: ${was || 'empty'}, now ${is || 'empty'}).`}`,
    ),
    ...(improvement.regression === undefined ? [] : [improvement.regression.sentence]),
    ...(improvement.followOn === undefined ? [] : [`Carried on by ${improvement.followOn.id}.`]),
    anchorLine(head),
  ].join('\n\n');
}

/**
 * Decides a write into the ticket of an improvement: after its creation where that is still under way. One that has no ticket and is to get none, such as an entry
 * of an earlier register, has nobody to tell.
 */
async function decideInTicket(
  world: World,
  t: Tx,
  improvement: Improvement,
  write: { readonly step: string; readonly operation: OutboxOperation; readonly payload: JsonObject },
): Promise<void> {
  const target = ticketTarget(world, improvement);
  const create = writeKey(world, improvement, target, 'create');
  if (improvement.ticket !== undefined) await decideWrite(world, t, improvement, { ...write, target });
  else if ((await outboxEntry(t, create)) !== undefined) await decideWrite(world, t, improvement, { ...write, target, dependsOn: create });
}
