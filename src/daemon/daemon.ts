import { schedule, type ScheduledTask } from 'node-cron';
import { timeShown } from '../domain/index.js';
import { operationReport } from '../report/index.js';
import { type Health, type Metrics, startServer } from '../server/index.js';
import { type Cycle, cycle, pullSystem, type System, workThrough, type World } from '../sync/index.js';
import { asFailure } from '../kit/index.js';

export interface DaemonOptions {
  readonly metrics: Metrics;
  readonly version: string;
  /** The time between two runs of a cron expression, in ms. */
  readonly intervalOf: (expression: string | undefined) => number;
}

/** A running daemon. `stop` lets what is under way end its transaction, then closes the server. */
export interface Daemon {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Runs the tasks on their schedules, in UTC: a cron in a zone with summer time has an hour without a run every autumn. A run that is still under way when
 * its time comes again is not started twice. Everything is done once at the start, so that a restart never waits for the clock.
 */
export async function startDaemon(world: World, { metrics, version, intervalOf }: DaemonOptions): Promise<Daemon> {
  const { settings } = world.config;
  let lastBeat = Date.now();
  let writable: string | undefined;
  let current: Promise<unknown> = Promise.resolve();
  // One task after another: they share the store's one writer, and what one reads another may just have decided.
  const queue = (name: string, work: () => Promise<unknown>): Promise<void> => {
    const next = current.then(async () => {
      lastBeat = Date.now();
      if (world.signal.aborted) return;
      try {
        await work();
        writable = undefined;
      } catch (error) {
        const failure = asFailure(error);
        if (!world.signal.aborted) world.log.error(failure.message, { task: name, kind: failure.kind, hint: failure.details.hint ?? '' });
        writable = failure.kind === 'config' || failure.kind === 'contract' ? `${name}: ${failure.message}` : undefined;
      }
    });
    current = next;
    return next;
  };
  const pullOne = async (system: System): Promise<void> => {
    // What goes wrong with a stream is logged where it happens, and shown by status and health.
    count(metrics, { pulled: await pullSystem(world, system, []) });
  };
  const options = { timezone: 'Etc/UTC', noOverlap: true } as const;
  const tasks: ScheduledTask[] = [
    ...[...world.systems.byId.values()].map((system) =>
      schedule(system.schedule, () => queue(`pull ${system.id}`, () => pullOne(system)), { ...options, name: `pull ${system.id}` }),
    ),
    schedule(settings.schedule, () => queue('decide and push', () => workThrough(world)), { ...options, name: 'decide and push' }),
  ];
  const intervals = Math.max(...[settings.schedule, ...[...world.systems.byId.values()].map(({ schedule: text }) => text)].map(intervalOf));
  const health = async (): Promise<Health> => {
    const report = await operationReport(world.store.read, world.clock(), (system) => intervalOf(settings.systems[system]?.schedule));
    const trouble = world.store.journalTrouble();
    const silentMs = Date.now() - lastBeat;
    const reasons = [
      ...(silentMs > 3 * intervals + 60_000 ? [`no task has run for ${timeShown(silentMs / 1000)}`] : []),
      ...(writable === undefined ? [] : [writable]),
      ...(trouble === undefined ? [] : [`nothing is written to other systems since ${trouble.since}: ${trouble.reason}`]),
    ];
    const degraded = [
      ...report.systems.map(({ system, reason }) => `${system} is left alone: ${reason}`),
      ...report.streams
        .filter(({ state }) => state === 'error' || state === 'late')
        .map(({ system, stream, state, problem }) => `${system}/${stream} is ${state}${problem === undefined ? '' : `: ${problem}`}`),
      ...report.heldCensuses.map(({ stream, missing, of }) => `${missing} of ${of} records of ${stream} have vanished at once`),
      ...report.parked.map(({ subject, operation, system }) => `${operation} of ${subject} to ${system} waits for a person`),
    ];
    return { ready: reasons.length === 0, reasons, degraded };
  };
  const server = await startServer({ ...settings.server, version, health, metrics, refresh: () => refresh(world, metrics) });
  world.log.info('started', { url: server.url, systems: [...world.systems.byId.keys()], version });
  void queue('first round', async () => count(metrics, await cycle(world)));
  return {
    url: server.url,
    stop: async () => {
      for (const task of tasks) await task.destroy();
      await current;
      await server.close();
      world.log.info('stopped', {});
    },
  };
}

function count(metrics: Metrics, { pulled }: Pick<Cycle, 'pulled'>): void {
  for (const { system, stream, fresh, changed, unchanged, quarantined } of pulled)
    for (const [outcome, value] of Object.entries({ new: fresh, changed, unchanged, quarantined }))
      metrics.records.inc({ system, stream, outcome }, value);
}

async function refresh(world: World, metrics: Metrics): Promise<void> {
  const report = await operationReport(world.store.read, world.clock(), () => 3_600_000);
  for (const { system, stream, lagSeconds, quarantined, absent } of report.streams) {
    if (lagSeconds !== undefined) metrics.lag.set({ system, stream }, lagSeconds);
    metrics.quarantined.set({ system, stream }, quarantined);
    metrics.absent.set({ system, stream }, absent);
  }
  metrics.censusesHeld.set(report.heldCensuses.length);
  metrics.outbox.reset();
  for (const { state, count: depth } of report.outbox) metrics.outbox.inc({ state }, depth);
  const oldest = report.outbox.map(({ oldest: at }) => at).sort()[0];
  metrics.outboxOldest.set(oldest === undefined ? 0 : Math.max(0, (Date.parse(world.clock()) - Date.parse(oldest)) / 1000));
  metrics.improvements.reset();
  for (const { status, count: number } of report.improvements) metrics.improvements.set({ status }, number);
}
