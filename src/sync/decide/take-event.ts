import { type Improvement, itself, type LifecycleContext, type LifecycleEvent, step, type StepResult } from '../../domain/index.js';
import type { JsonObject } from '../../kit/index.js';
import { appendJournal, improvement as improvementWithId, type NewJournalEntry, saveImprovement, type Tx } from '../../store/index.js';
import { followUp } from './consequences.js';
import { keepGraph } from './keep-graph.js';
import { noteReadBack } from '../read-back/read-back-due.js';
import type { World } from '../world.js';

/** The organisation, as the domain's guards see it. */
export function lifecycleContext(world: World): LifecycleContext {
  const { policy, directory, settings } = world.config;
  return { policy, directory, timeZone: settings.organisation.timeZone };
}

/**
 * Lets one event happen to an improvement, in the caller's transaction: its new state, the journal, the graph and every write that follows are
 * decided together or not at all. The same event again changes nothing.
 */
export async function takeEvent(world: World, t: Tx, before: Improvement, event: LifecycleEvent): Promise<Improvement> {
  const result = step(before, event, lifecycleContext(world));
  if (result.improvement === before && result.is !== 'refused') return before;
  const at = world.clock();
  const by = actorOf(result, event);
  await saveImprovement(t, result.improvement, { at, by, because: result.is === 'refused' ? result.sentence : result.because });
  await appendJournal(t, journalOf(world, before, result, event, by));
  await keepGraph(world, t, result.improvement, before);
  if (event.is === 'change-linked') await noteReadBack(t, before.id); // it may have been pulled long before it was linked
  const further = await followUp(world, t, before, result, event);
  for (const { improvement: id, event: next } of further) {
    const affected = await improvementWithId(t, id);
    if (affected !== undefined) await takeEvent(world, t, affected, next);
  }
  return further.length === 0 ? result.improvement : ((await improvementWithId(t, before.id)) ?? result.improvement);
}

function actorOf(result: StepResult, event: LifecycleEvent): string {
  const mover = result.moves.find((move) => move.by !== itself)?.by;
  if (mover !== undefined) return mover;
  if (result.is === 'refused' && result.refusal !== undefined) return result.refusal.by;
  return event.is === 'follow-on-decided' || event.is === 'suspect-cleared' ? event.by : itself;
}

function journalOf(world: World, before: Improvement, result: StepResult, event: LifecycleEvent, by: string): NewJournalEntry[] {
  const at = world.clock();
  const { improvement } = result;
  const entry = (kind: string, actor: string, because: string, body: object): NewJournalEntry => ({
    at,
    actor,
    kind,
    subject: improvement.id,
    because,
    body: JSON.parse(JSON.stringify(body)) as JsonObject,
  });
  const decisions = improvement.decisions.slice(before.decisions.length);
  const measurements = improvement.measurements.slice(before.measurements.length);
  const evidence = improvement.evidence.slice(before.evidence.length);
  const violations = improvement.violations.slice(before.violations.length);
  const suspects = (improvement.suspects ?? []).slice(before.suspects?.length ?? 0);
  const { lightPath } = improvement;
  const told = result.moves.length + decisions.length + measurements.length + evidence.length + suspects.length > 0;
  return [
    ...result.moves.map((move) => {
      const { from, to, at: movedAt, gatesOff } = move;
      return entry('status-moved', move.by, move.because, { from, to, at: movedAt, gatesOff });
    }),
    ...decisions.map((decision) => entry('decision-taken', decision.by, decision.rationale, decision)),
    ...measurements.map((measurement) => entry('effect-measured', itself, measurement.sentence, measurement)),
    ...evidence.map(({ kind, hash, ref }) =>
      entry('evidence-kept', itself, result.is === 'refused' ? result.sentence : result.because, { kind, hash, ref }),
    ),
    ...(lightPath === undefined || before.lightPath?.historyId === lightPath.historyId
      ? []
      : [entry('path-authorised', lightPath.by, lightPath.because, lightPath)]),
    ...suspects.map((suspect) => entry('link-suspect', itself, `${suspect.field} changed after it was relied on`, suspect)),
    ...(event.is === 'suspect-cleared' ? [entry('suspect-cleared', by, event.because, { ref: event.ref, field: event.field })] : []),
    ...violations.map((violation) => entry('violation', violation.by, violation.what, violation)),
    ...(result.is === 'refused' ? [entry('move-refused', by, result.sentence, { code: result.code, missing: result.missing })] : []),
    ...(!told && result.is !== 'refused' && event.is !== 'suspect-cleared' ? [entry(event.is, by, result.because, {})] : []),
  ];
}
