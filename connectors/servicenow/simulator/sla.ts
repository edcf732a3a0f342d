import type { Instance } from './instance.js';
import { nextVersion } from './records.js';
import type { Row } from './store.js';
import { fromText, toText } from './time.js';

/**
 * Columns of `task_sla` that the instance calculates when they are read, so that they differ between two reads of one version.
 * Undefined where the stored value stands: the clock of a finished or paused SLA does not run.
 */
export function calculatedSla(field: string, row: Row, now: number): string | undefined {
  const start = fromText(row['start_time'] ?? '');
  const breach = fromText(row['planned_end_time'] ?? '');
  if (row['stage'] !== 'in_progress' || row['active'] !== 'true' || start === undefined || start > now) return undefined;
  const left = breach === undefined ? undefined : Math.max(0, breach - now);
  switch (field) {
    case 'duration':
    case 'business_duration':
      return toText(now - start);
    case 'time_left':
    case 'business_time_left':
      return left === undefined ? undefined : toText(left);
    case 'percentage':
    case 'business_percentage':
      return breach === undefined || breach <= start ? undefined : (((now - start) / (breach - start)) * 100).toFixed(2);
    default:
      return undefined;
  }
}

export const calculatedSlaFields: ReadonlySet<string> = new Set([
  'duration',
  'business_duration',
  'time_left',
  'business_time_left',
  'percentage',
  'business_percentage',
]);

/** The SLA engine: an SLA that still runs when its breach time comes is breached then. */
export function watchBreach(instance: Instance, row: Row): void {
  const breach = fromText(row['planned_end_time'] ?? '');
  if (breach === undefined || breach <= instance.clock.now() || !runs(row)) return;
  instance.clock.at(breach, () => {
    const current = instance.store.get('task_sla', row.sys_id);
    if (!current || !runs(current) || current['planned_end_time'] !== row['planned_end_time']) return;
    const breached = { has_breached: 'true' };
    instance.store.put(
      'task_sla',
      instance.switches.breachMovesStamp ? nextVersion(instance, current, breached, 'system') : { ...current, ...breached },
    );
  });
}

const runs = (row: Row): boolean => row['stage'] === 'in_progress' && row['active'] === 'true' && row['has_breached'] !== 'true';
