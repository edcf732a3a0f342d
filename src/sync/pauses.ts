import type { Failure, Instant } from '../kit/index.js';
import { appendJournal, type Db, getSetting, pauseOf, pauseStream, putSetting, resumeStream, type Tx } from '../store/index.js';
import type { System } from './systems.js';
import type { World } from './world.js';

/** Why nothing is asked of a system for the time being. */
export interface SystemPause {
  readonly since: Instant;
  /** Nothing is sent to it before this. */
  readonly until: Instant;
  readonly kind: Failure['kind'];
  readonly reason: string;
  /** How many probes in a row have failed. */
  readonly failures: number;
}

const minuteMs = 60_000;
/** Accounts get locked by hammering: 5, 10, 20, … minutes between probes, at most four hours. */
const firstProbeMs = 5 * minuteMs;
const slowestProbeMs = 240 * minuteMs;

/** The name under which only the writing to a system is paused: its account is another one, or has other rights. */
export function writingTo(system: string): string {
  return `${system}/writing`;
}

/** The pause of a system, over or not; undefined when it works. */
export async function systemPause(db: Db, system: string): Promise<SystemPause | undefined> {
  const value = await getSetting(db, `pause/${system}`);
  return value === undefined || value === null ? undefined : (value as unknown as SystemPause);
}

/** Whether the system is left alone at this moment. */
export async function isSystemPaused(world: World, system: string): Promise<boolean> {
  const pause = await systemPause(world.store.read, system);
  return pause !== undefined && pause.until > world.clock();
}

/** Leaves a system alone after an authorisation failure or when it asked for it by Retry-After. */
export async function pauseSystem(world: World, t: Tx, system: string, failure: Failure): Promise<void> {
  const at = world.clock();
  const known = await systemPause(t, system);
  const failures = (known?.failures ?? 0) + 1;
  const waitMs = failure.details.retryAfterMs ?? Math.min(firstProbeMs * 2 ** (failures - 1), slowestProbeMs);
  const until = new Date(Date.parse(at) + waitMs).toISOString();
  await putSetting(t, `pause/${system}`, { since: known?.since ?? at, until, kind: failure.kind, reason: failure.message, failures });
  if (known === undefined)
    await appendJournal(t, [
      { at, actor: 'golden-thread', kind: 'system-paused', subject: system, because: failure.message, body: { kind: failure.kind, until } },
    ]);
}

/** Notes that a system answers again. */
export async function resumeSystem(world: World, system: string): Promise<void> {
  if ((await systemPause(world.store.read, system)) === undefined) return;
  await world.store.tx(async (t) => {
    await putSetting(t, `pause/${system}`, null);
    await appendJournal(t, [
      { at: world.clock(), actor: 'golden-thread', kind: 'system-resumed', subject: system, because: 'it answers again', body: {} },
    ]);
  });
}

/**
 * Brings the streams that the configuration pauses in line with the store. A pause on purpose is a gap in the coverage for ever; an outage that was
 * caught up with is none, because the next complete run has read everything that changed meanwhile.
 */
export async function applyConfiguredPauses(world: World, system: System): Promise<void> {
  for (const { name: stream } of system.streams) {
    const name = { system: system.id, stream };
    const wanted = system.paused.includes(stream);
    const paused = (await pauseOf(world.store.read, name)) !== undefined;
    if (wanted === paused) continue;
    await world.store.tx((t) =>
      wanted
        ? pauseStream(t, name, { since: world.clock(), reason: 'paused in golden-thread.yaml' })
        : resumeStream(t, name, world.clock()),
    );
  }
}
