import type { Instant, Json, JsonObject } from 'golden-thread/kit';
import { byId, idOf, instantOf, isObject, textIn, textOrNull } from './plain.js';
import { clean } from './text.js';

/**
 * A service level target of Jira Service Management: whether one of its cycles was breached, the cycle that is running, and those that ended, oldest first.
 * What ticks while nobody touches the issue (time elapsed and left, texts like "in 2 hours", office hours) is left out: it would make a new version of the
 * record at every look. `breached` is Jira's own word: its example has a breach time before the stop time of a cycle that is not breached.
 */
export function slaOf(raw: Json): JsonObject | null | undefined {
  if (!isObject(raw)) return undefined;
  const completed = (Array.isArray(raw['completedCycles']) ? (raw['completedCycles'] as readonly Json[]) : []).filter(isObject);
  const running = isObject(raw['ongoingCycle']) ? raw['ongoingCycle'] : undefined;
  if (running === undefined && completed.length === 0) return null;
  const ended = completed
    .map((cycle) => ({ ...cycleOf(cycle), stoppedAt: stampOf(cycle['stopTime']), elapsedMs: millisOf(cycle['elapsedTime']) }))
    .toSorted((a, b) => ((a.startedAt ?? '') < (b.startedAt ?? '') ? -1 : 1));
  const ongoing = running === undefined ? null : { ...cycleOf(running), paused: running['paused'] === true };
  return {
    name: shown(raw['name']),
    breached: [...ended, ...(ongoing === null ? [] : [ongoing])].some((cycle) => cycle.breached),
    ongoing,
    completed: ended,
  };
}

/**
 * When an SLA of this record will be breached if nobody does anything: the earliest breach time of the cycles that are running. Nothing moves the
 * issue's update stamp then. Undefined when no cycle runs, or all are paused or breached.
 */
export function nextBreachOf(data: JsonObject): Instant | undefined {
  const times = Object.values(data).flatMap((value) => {
    const ongoing = isObject(value) ? value['ongoing'] : undefined;
    if (!isObject(ongoing) || ongoing['breached'] !== false || ongoing['paused'] !== false) return [];
    return typeof ongoing['breachAt'] === 'string' ? [ongoing['breachAt']] : [];
  });
  return times.toSorted()[0];
}

/** What the portal calls the request; its current status with its "2 hours ago" is left out. */
export function requestTypeOf(raw: Json): JsonObject | null | undefined {
  if (!isObject(raw)) return undefined;
  const type = isObject(raw['requestType']) ? raw['requestType'] : raw;
  const id = textIn(type['id']);
  return id === '' ? null : { id, name: shown(type['name']) };
}

/** Approvals with what each approver answered, oldest first. Readable evidence: nobody but an approver can give one. */
export function approvalsOf(raw: readonly Json[]): readonly Json[] {
  return raw
    .filter(isObject)
    .map((approval) => ({
      id: textIn(approval['id']),
      name: shown(approval['name']),
      decision: shown(approval['finalDecision']),
      createdAt: stampOf(approval['createdDate']),
      completedAt: stampOf(approval['completedDate']),
      approvers: (Array.isArray(approval['approvers']) ? (approval['approvers'] as readonly Json[]) : []).filter(isObject).map((one) => {
        const who = isObject(one['approver']) ? one['approver'] : {};
        return { id: textIn(who['accountId']), name: shown(who['displayName']), decision: shown(one['approverDecision']) };
      }),
    }))
    .toSorted((a, b) => Number(a.id) - Number(b.id));
}

/** Affected services, organisations: `{id, name}`, by id. */
export function entitiesOf(raw: readonly Json[]): readonly Json[] {
  return raw
    .flatMap((item) => {
      if (typeof item === 'string') return [{ id: clean(item), name: null }];
      const id = isObject(item) ? textIn(item['id']) : '';
      return isObject(item) && id !== '' ? [{ id, name: shown(item['name']) }] : [];
    })
    .toSorted(byId);
}

/** References to Assets: ids only; names need the Assets API. */
export function assetsOf(raw: readonly Json[]): readonly Json[] {
  return raw
    .flatMap((item) => {
      const id = isObject(item) ? textIn(item['id']) : '';
      return isObject(item) && id !== '' ? [{ id, objectId: textIn(item['objectId']), workspaceId: textIn(item['workspaceId']) }] : [];
    })
    .toSorted(byId);
}

/**
 * Links to other issues: `as` reads from this issue to the other one (`is caused by`), `type` is the link's name on this site. Seen on live sites: the
 * issue on the inward side of a link shows `outwardIssue`, and reads the type's `outward`.
 */
export function linksOf(raw: readonly Json[]): readonly Json[] {
  return raw
    .flatMap((item) => {
      if (!isObject(item) || !isObject(item['type'])) return [];
      const side = isObject(item['outwardIssue']) ? 'outward' : 'inward';
      const other = item[`${side}Issue`];
      if (!isObject(other) || idOf(other) === '') return [];
      const { type } = item;
      const issue = { id: idOf(other), key: shown(other['key']) };
      return [
        {
          id: textIn(item['id']),
          as: shown(isObject(type) ? type[side] : undefined),
          type: shown(isObject(type) ? type['name'] : undefined),
          issue,
        },
      ];
    })
    .toSorted(byId);
}

function cycleOf(cycle: JsonObject): {
  readonly startedAt: string | null;
  readonly breachAt: string | null;
  readonly breached: boolean;
  readonly goalMs: number | null;
} {
  return {
    startedAt: stampOf(cycle['startTime']),
    breachAt: stampOf(cycle['breachTime']),
    breached: cycle['breached'] === true,
    goalMs: millisOf(cycle['goalDuration']),
  };
}

function stampOf(raw: Json | undefined): string | null {
  if (!isObject(raw)) return instantOf(raw) ?? null;
  return instantOf(raw['epochMillis']) ?? instantOf(raw['iso8601']) ?? null;
}

function millisOf(raw: Json | undefined): number | null {
  const millis = isObject(raw) ? raw['millis'] : undefined;
  return typeof millis === 'number' ? millis : null;
}

function shown(raw: Json | undefined): string | null {
  return typeof raw === 'string' ? textOrNull(clean(raw)) : null;
}
