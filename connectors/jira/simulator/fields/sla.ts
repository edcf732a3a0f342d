import type { Json, JsonObject } from '../json.js';
import type { Issue, IssueFile } from '../store/issue.js';
import type { Sim } from '../sim.js';
import type { Field, Person } from '../world/types.js';
import { formatStamp } from '../zone.js';

/** For whom it is shown: stamps come in their zone. */
interface Eyes {
  readonly sim: Sim;
  readonly caller: Person | undefined;
}

interface Cycle {
  readonly start: number;
  readonly stop?: number;
  /** Time in a pausing status, up to the stop or to now. */
  readonly pausedMs: number;
  readonly paused: boolean;
}

/**
 * An SLA as its field shows it: cycles that began and stopped with the issue's statuses, and one that is running. It is reckoned anew whenever it is
 * looked at, from the site's clock: it ticks, pauses and is breached without any write, so neither `updated` nor the index moves.
 */
export function renderSla(eyes: Eyes, file: IssueFile, issue: Issue, field: Field): Json {
  const { sla } = field;
  if (sla === undefined || !sla.projects.includes(issue.projectKey)) return null;
  const goal = sla.goalByPriority?.[String(issue.values['priority'] as string)] ?? sla.goalMs;
  const cycles = cyclesOf(eyes, file, issue, sla);
  const running = cycles.find((cycle) => cycle.stop === undefined);
  const now = eyes.sim.clock.now();
  const facts = ({ start, stop, pausedMs, paused }: Cycle): JsonObject => {
    const elapsed = (stop ?? now) - start - pausedMs;
    return {
      startTime: stampOf(eyes, start),
      ...((!paused || elapsed > goal) && { breachTime: stampOf(eyes, start + goal + pausedMs) }),
      breached: elapsed > goal,
      goalDuration: durationOf(goal),
      elapsedTime: durationOf(elapsed),
      remainingTime: durationOf(goal - elapsed),
    };
  };
  return {
    id: field.id.slice('customfield_'.length),
    name: field.name,
    _links: { self: `${eyes.sim.baseUrl}/rest/servicedeskapi/request/${issue.id}/sla/${field.id.slice('customfield_'.length)}` },
    completedCycles: cycles
      .filter((cycle) => cycle.stop !== undefined)
      .map((cycle) => ({ ...facts(cycle), stopTime: stampOf(eyes, cycle.stop ?? 0) })),
    ...(running !== undefined && {
      ongoingCycle: { ...facts(running), paused: running.paused, withinCalendarHours: new Date(now).getUTCHours() < 18 },
    }),
  };
}

function cyclesOf(eyes: Eyes, file: IssueFile, issue: Issue, sla: NonNullable<Field['sla']>): readonly Cycle[] {
  const moves = file.changes
    .filter((change) => change.at <= issue.updated)
    .flatMap((change) =>
      change.items.filter((item) => item.fieldId === 'status').map((item) => ({ at: change.at, from: item.from, to: item.to })),
    );
  const categoryOf = (id: string | null): string => eyes.sim.world.statuses.find((status) => status.id === id)?.category ?? 'new';
  const stopsIn = (id: string | null): boolean => (sla.stops as readonly string[]).includes(categoryOf(id));
  const pausesIn = (id: string | null): boolean => sla.pauses.includes(id ?? '');
  const first = moves[0]?.from ?? issue.statusId;
  const cycles: Cycle[] = [];
  // An issue that came into the world finished has one cycle, up to its last change.
  if (stopsIn(first)) cycles.push({ start: issue.created, stop: issue.updated, pausedMs: 0, paused: false });
  let open: { start: number; pausedMs: number; pausedSince?: number } | undefined = stopsIn(first)
    ? undefined
    : { start: issue.created, pausedMs: 0, ...(pausesIn(first) && { pausedSince: issue.created }) };
  for (const { at, from, to } of moves) {
    if (open?.pausedSince !== undefined && !pausesIn(to)) open = { start: open.start, pausedMs: open.pausedMs + at - open.pausedSince };
    if (open !== undefined && stopsIn(to)) {
      cycles.push({ start: open.start, stop: at, pausedMs: open.pausedMs, paused: false });
      open = undefined;
    } else if (open === undefined && !stopsIn(to) && stopsIn(from)) open = { start: at, pausedMs: 0 };
    if (open !== undefined && open.pausedSince === undefined && pausesIn(to)) open = { ...open, pausedSince: at };
  }
  if (open === undefined) return cycles;
  const since = open.pausedSince;
  const pausedMs = open.pausedMs + (since === undefined ? 0 : eyes.sim.clock.now() - since);
  return [...cycles, { start: open.start, pausedMs, paused: since !== undefined }];
}

function stampOf(eyes: Eyes, at: number): JsonObject {
  const friendly = new Date(at).toUTCString().slice(5, 22);
  const stamp = formatStamp(eyes.caller?.timeZone ?? 'UTC', at);
  return { iso8601: stamp.replace(/\.\d{3}/, ''), jira: stamp, friendly, epochMillis: at };
}

function durationOf(millis: number): JsonObject {
  const minutes = Math.trunc(millis / 60_000);
  return { millis, friendly: `${minutes < 0 ? '-' : ''}${Math.trunc(Math.abs(minutes) / 60)}h ${Math.abs(minutes) % 60}m` };
}
