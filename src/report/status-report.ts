import { type Instant, type JsonObject, textIn } from '../kit/index.js';
import {
  absenceCounts,
  type Db,
  getRelease,
  improvement,
  improvementCounts,
  inputCounts,
  outboxCounts,
  outboxList,
  quarantineCounts,
  settingsUnder,
  streamStatus,
} from '../store/index.js';

/**
 * How a stream does, in the words that integration tools use:
 * `on-time`, `late` (more than one interval behind), `error` (more than two, or the last run failed), `paused`, `never` (no complete run yet).
 */
export type StreamState = 'on-time' | 'late' | 'error' | 'paused' | 'never';

export interface StreamLine {
  readonly system: string;
  readonly stream: string;
  readonly state: StreamState;
  readonly records: number;
  readonly completeTo?: Instant;
  readonly lagSeconds?: number;
  readonly quarantined: number;
  /** Records that the stream brings no more; what was kept of them stays. */
  readonly absent: number;
  readonly problem?: string;
  readonly hint?: string;
}

export interface StatusReport {
  readonly at: Instant;
  readonly held: boolean;
  readonly release?: { readonly at: Instant; readonly by: string; readonly raiseFrom: Instant };
  readonly streams: readonly StreamLine[];
  readonly systems: readonly { readonly system: string; readonly pausedUntil: Instant; readonly reason: string }[];
  readonly outbox: readonly { readonly system: string; readonly state: string; readonly count: number; readonly oldest: Instant }[];
  /** Censuses that found too many records missing at once, and noted nothing. */
  readonly heldCensuses: readonly { readonly stream: string; readonly missing: number; readonly of: number; readonly at: Instant }[];
  /** Writes that wait for a person. */
  readonly parked: readonly { readonly subject: string; readonly system: string; readonly operation: string; readonly why: string }[];
  /** Tickets that stand where somebody moved them against a guard, and that their workflow lets nobody move back from in one step. */
  readonly astray: readonly { readonly subject: string; readonly ticket: string; readonly standsAt: string; readonly status: string }[];
  readonly improvements: readonly { readonly status: string; readonly count: number }[];
  readonly inputs: readonly { readonly category: string; readonly active: number; readonly ended: number; readonly withoutKey: number }[];
  /** Subjects that cannot be processed, with what to do. */
  readonly troubles: readonly { readonly subject: string; readonly problem: string }[];
}

/** What health and metrics say: without anything whose cost grows with the records, because it is asked for every few seconds. */
export type OperationReport = Omit<StatusReport, 'inputs'>;

/** Everything that `status` shows. `intervalMs`: how often each system is pulled. Reads every input. */
export async function statusReport(db: Db, at: Instant, intervalMs: (system: string) => number): Promise<StatusReport> {
  return { ...(await operationReport(db, at, intervalMs)), inputs: await inputCounts(db) };
}

/** The part of {@link statusReport} that is answered at once however many records there are. */
export async function operationReport(db: Db, at: Instant, intervalMs: (system: string) => number): Promise<OperationReport> {
  const release = await getRelease(db);
  const quarantined = await quarantineCounts(db);
  const pauses = await settingsUnder(db, 'pause/');
  const troubles = await settingsUnder(db, 'trouble/');
  const censuses = await settingsUnder(db, 'census/');
  const absent = await absenceCounts(db);
  // What was never read from a system is not late: imported registers, records of our own.
  const polled = (await streamStatus(db)).filter((stream) => stream.lastRun !== undefined || stream.completeTo !== undefined);
  const streams = polled.map((stream): StreamLine => {
    const lagMs = stream.completeTo === undefined ? undefined : Date.parse(at) - Date.parse(stream.completeTo);
    const failure = stream.lastRun?.outcome === 'failed' ? stream.lastRun.failure : undefined;
    const interval = intervalMs(stream.system);
    return {
      system: stream.system,
      stream: stream.stream,
      state: stateOf({ paused: stream.paused !== undefined, failed: failure !== undefined, lagMs, interval }),
      records: stream.records,
      absent: absent.find((count) => count.system === stream.system && count.stream === stream.stream)?.count ?? 0,
      quarantined: quarantined.find((count) => count.system === stream.system && count.stream === stream.stream)?.open ?? 0,
      ...(stream.completeTo !== undefined && { completeTo: stream.completeTo }),
      ...(lagMs !== undefined && { lagSeconds: Math.round(lagMs / 1000) }),
      ...(stream.paused !== undefined && { problem: stream.paused.reason }),
      ...(failure !== undefined && { problem: failure.message, ...(failure.hint !== undefined && { hint: failure.hint }) }),
    };
  });
  return {
    at,
    held: release === undefined,
    ...(release && { release }),
    streams,
    systems: pauses.flatMap(({ name, value }) => {
      const pause = value as { until: Instant; reason: string } | null;
      return pause !== null && pause.until > at
        ? [{ system: name.slice('pause/'.length), pausedUntil: pause.until, reason: pause.reason }]
        : [];
    }),
    heldCensuses: censuses.flatMap(({ name, value }) => {
      const { held } = value as { held?: { missing: number; of: number; at: Instant } };
      return held === undefined ? [] : [{ stream: name.slice('census/'.length), ...held }];
    }),
    outbox: (await outboxCounts(db)).filter(({ state }) => state !== 'confirmed' && state !== 'refused'),
    parked: (await outboxList(db, { states: ['parked'] })).map(({ subject, system, operation, failure }) => ({
      subject,
      system,
      operation,
      why: textIn(failure, 'message'),
    })),
    astray: await astrayTickets(db),
    improvements: await improvementCounts(db),
    troubles: troubles.flatMap(({ name, value }) =>
      value === null ? [] : [{ subject: name.slice('trouble/'.length), problem: textIn(value as JsonObject, 'problem') }],
    ),
  };
}

async function astrayTickets(db: Db): Promise<StatusReport['astray']> {
  const subjects = new Set((await outboxList(db, { states: ['refused'] })).map(({ subject }) => subject));
  const found = await Promise.all([...subjects].map((subject) => improvement(db, subject)));
  return found.flatMap((each) =>
    each?.ticket?.astray === undefined || each.ticket.astray.to === each.status
      ? []
      : [{ subject: each.id, ticket: each.ticket.number, standsAt: each.ticket.astray.to, status: each.status }],
  );
}

function stateOf(of: {
  readonly paused: boolean;
  readonly failed: boolean;
  readonly lagMs: number | undefined;
  readonly interval: number;
}): StreamState {
  if (of.paused) return 'paused';
  if (of.lagMs === undefined) return of.failed ? 'error' : 'never';
  // The settle time is part of every lag; an interval on top of it is normal.
  const settleMs = 10 * 60_000;
  if (of.failed || of.lagMs > 2 * of.interval + settleMs) return 'error';
  return of.lagMs > of.interval + settleMs ? 'late' : 'on-time';
}
