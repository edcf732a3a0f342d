import { isActive, localDate, personById, personNamed } from '../domain/index.js';
import { Failure, type JsonObject } from '../kit/index.js';
import {
  addReviewDecision,
  appendJournal,
  endReviewDecision,
  improvement as improvementWithId,
  type ReviewDecision,
  reviewDecisions,
} from '../store/index.js';
import type { World } from './world.js';

/** What recording needs of the world. */
type Recorder = Pick<World, 'config' | 'store' | 'clock'>;

/** A decision as it is recorded: persons by id or by name. */
export type DecisionToRecord = Omit<ReviewDecision, 'id' | 'at' | 'done'>;

/**
 * Records a decision of a management review (9.3) and journals it. Everybody it names must be in the directory and still here, and the improvement in the
 * register; else nothing is recorded.
 */
export async function decideInReview(world: Recorder, given: DecisionToRecord): Promise<ReviewDecision> {
  const at = world.clock();
  const by = personOfReview(world, given.by);
  const owner = given.owner === undefined ? undefined : personOfReview(world, given.owner);
  if (given.decision.trim() === '')
    throw new Failure('policy', 'a decision without words is none', { hint: 'say with --decision what was decided' });
  if (given.improvement !== undefined && (await improvementWithId(world.store.read, given.improvement)) === undefined)
    throw new Failure('record', `there is no improvement ${given.improvement} in the register`, {
      key: given.improvement,
      hint: 'golden-thread register lists them',
    });
  return await world.store.tx(async (t) => {
    const made = await addReviewDecision(t, { ...given, at, by, ...(owner !== undefined && { owner }) });
    const { id, at: _at, by: _by, ...body } = made;
    await appendJournal(t, [
      {
        at,
        actor: by,
        kind: 'review-decided',
        subject: id,
        because: `management review of ${made.period.from} to ${made.period.to}`,
        body: JSON.parse(JSON.stringify(body)) as JsonObject,
      },
    ]);
    return made;
  });
}

/** Notes that a decision was carried out, with a word on how, and journals it. Noted once: what was said first stays. */
export async function endInReview(world: Recorder, id: string, done: { readonly by: string; readonly note: string }): Promise<void> {
  const at = world.clock();
  const by = personOfReview(world, done.by);
  const known = await reviewDecisions(world.store.read);
  const decision = known.find((each) => each.id === id);
  if (decision === undefined)
    throw new Failure('record', `there is no decision ${id} of a management review`, {
      key: id,
      hint:
        known.length === 0
          ? 'none is recorded yet: golden-thread review decide'
          : `known: ${known
              .map((each) => each.id)
              .slice(-20)
              .join(', ')}`,
    });
  if (decision.done !== undefined)
    throw new Failure('policy', `${id} was noted as done on ${decision.done.at.slice(0, 10)}`, {
      key: id,
      hint: 'record a further decision instead',
    });
  if (done.note.trim() === '') throw new Failure('policy', 'say in a few words what was done', { hint: '--note "…"' });
  await world.store.tx(async (t) => {
    await endReviewDecision(t, id, { at, by, note: done.note });
    await appendJournal(t, [{ at, actor: by, kind: 'review-done', subject: id, because: done.note, body: { note: done.note } }]);
  });
}

function personOfReview(world: Recorder, text: string): string {
  const { directory, settings } = world.config;
  const person = personById(directory, text) ?? personNamed(directory, text);
  const today = localDate(world.clock(), settings.organisation.timeZone);
  if (person !== undefined && isActive(person, today)) return person.id;
  throw new Failure('policy', person === undefined ? `the directory does not know "${text}"` : `${person.name} has left`, {
    key: text,
    hint: 'name a person of directory.yaml by id or by name',
  });
}
