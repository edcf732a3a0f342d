import { asFailure, type Failure } from '../kit/index.js';
import { decide } from './decide/decide.js';
import type { Decided } from './decide/decided.js';
import { measureEffects } from './measure/measure-effects.js';
import { doubtResults } from './measure/doubt-results.js';
import { watchEffects } from './measure/watch-effects.js';
import { applyConfiguredPauses, isSystemPaused, pauseSystem, resumeSystem } from './pauses.js';
import { probeVanished } from './read-back/probe.js';
import { isCensusDue, takeCensus } from './pull/census.js';
import { lookAgainAtDue } from './pull/look-again.js';
import { pull, type Pulled } from './pull/pull.js';
import { push, type Pushed } from './push/push.js';
import { adoptLinkedChanges } from './read-back/read-back-changes.js';
import { readBack } from './read-back/read-back.js';
import { anchorJournal } from './journal/anchor-journal.js';
import { applyRetentionDaily } from './retention.js';
import type { System } from './systems.js';
import type { World } from './world.js';

/** What one cycle did, and everything that went wrong in it. */
export interface Cycle {
  readonly pulled: readonly Pulled[];
  readonly readBack: number;
  readonly measured: readonly string[];
  readonly decided: Decided | undefined;
  readonly pushed: Pushed;
  readonly failures: readonly Failure[];
}

const nothingPushed: Pushed = { confirmed: 0, inDoubt: 0, parked: 0, later: 0, refused: 0 };

/** One round of everything: settle what is in doubt, pull every system, then {@link workThrough}. */
export async function cycle(world: World): Promise<Cycle> {
  const failures: Failure[] = [];
  const before = await attempt(world, failures, () => push(world), nothingPushed);
  const pulled: Pulled[] = [];
  for (const system of world.systems.byId.values()) pulled.push(...(await pullSystem(world, system, failures)));
  const worked = await workThrough(world);
  return { ...worked, pulled, pushed: sum(before, worked.pushed), failures: [...failures, ...worked.failures] };
}

/**
 * Works through what was pulled: read back, measure, decide, push. A step that fails does not keep the others from their work; its failure is in the
 * result, and in the next round it is tried again.
 */
export async function workThrough(world: World): Promise<Omit<Cycle, 'pulled'>> {
  const failures: Failure[] = [];
  const read =
    (await attempt(world, failures, () => readBack(world), 0)) + (await attempt(world, failures, () => adoptLinkedChanges(world), 0));
  await attempt(world, failures, () => probeVanished(world), 0);
  const measured = await attempt(world, failures, () => measureEffects(world), []);
  await attempt(world, failures, () => watchEffects(world), []);
  await attempt(world, failures, () => doubtResults(world), []);
  const decided = await attempt<Decided | undefined>(world, failures, () => decide(world), undefined);
  const pushed = await attempt(world, failures, () => push(world), nothingPushed);
  await attempt(world, failures, () => applyRetentionDaily(world), {});
  await attempt(world, failures, () => anchorJournal(world), undefined);
  return { readBack: read, measured, decided, pushed, failures };
}

async function attempt<T>(world: World, failures: Failure[], work: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return world.signal.aborted ? otherwise : await work();
  } catch (error) {
    failures.push(noted(world, error));
    return otherwise;
  }
}

/** Pulls all streams of one system, unless it is paused. What goes wrong is added to `failures`. */
export async function pullSystem(world: World, system: System, failures: Failure[]): Promise<readonly Pulled[]> {
  const pulled: Pulled[] = [];
  await applyConfiguredPauses(world, system);
  if (await isSystemPaused(world, system.id)) return pulled;
  for (const stream of system.streams) {
    if (system.paused.includes(stream.name) || world.signal.aborted) continue;
    try {
      const done = await pull(world, system, stream);
      pulled.push(done);
      await lookAgainAtDue(world, system, stream, done.remoteNow);
      if (await isCensusDue(world, system, stream)) await takeCensus(world, system, stream);
      await resumeSystem(world, system.id);
    } catch (error) {
      const failure = noted(world, error);
      failures.push(failure);
      if (await leavesSystemAlone(world, system, failure)) return pulled;
    }
  }
  return pulled;
}

/** The one switch for reads: authorisation and a long Retry-After pause the whole system; anything else stops this stream's run only. */
async function leavesSystemAlone(world: World, system: System, failure: Failure): Promise<boolean> {
  const longWait = (failure.details.retryAfterMs ?? 0) > 60_000;
  if (failure.kind !== 'auth' && !(failure.kind === 'transient' && longWait)) return false;
  await world.store.tx((t) => pauseSystem(world, t, system.id, failure));
  return true;
}

function noted(world: World, error: unknown): Failure {
  const failure = asFailure(error);
  const { system, stream, key, hint } = failure.details;
  world.log.error(failure.message, {
    kind: failure.kind,
    ...(system !== undefined && { system }),
    ...(stream !== undefined && { stream }),
    ...(key !== undefined && { key }),
    ...(hint !== undefined && { hint }),
  });
  return failure;
}

function sum(a: Pushed, b: Pushed): Pushed {
  return {
    confirmed: a.confirmed + b.confirmed,
    inDoubt: a.inDoubt + b.inDoubt,
    parked: a.parked + b.parked,
    later: a.later + b.later,
    refused: a.refused + b.refused,
  };
}
