import { cycle, release } from '../../sync/index.js';
import type { LogEvent } from './event-log.js';
import { emptyMemory } from './people/memory.js';
import { actAsPeople } from './people/people.js';
import { advance, dayAt, dayMs, settle, type Stage } from './stage.js';

/** What a log holds before anything is raised from it: without a past there is nothing to compare with. */
const baselineDays = 28;

/** A real event log: every stored version of every incident, day by day, in the order in which it was written. Returns how many days that was. */
export async function playLog(stage: Stage, events: readonly LogEvent[], report: (day: number, days: number) => void): Promise<number> {
  const begin = stage.now;
  await release(stage.world.store, { by: 'Demo Administrator', at: begin, raiseFrom: dayAt(begin, baselineDays) });
  const last = events.at(-1)?.at ?? begin;
  const days = Math.ceil((Date.parse(last) - Date.parse(begin)) / dayMs) + 2;
  const memory = emptyMemory();
  let at = 0;
  for (let day = 0; day < days; day += 1) {
    const until = dayAt(begin, day + 1);
    const today: LogEvent[] = [];
    for (; at < events.length && (events[at]?.at ?? '') < until; at += 1) today.push(events[at] as LogEvent);
    await advance(stage, until);
    // Each incident at its last version of the day: what a poll at midnight would see.
    const rows = new Map(today.map(({ row }) => [row['sys_id'], row]));
    if (rows.size > 0)
      await stage.servicenow.control('POST', 'bulk/incident', [...rows.values()].map((row) => JSON.stringify(row)).join('\n'));
    await cycle(stage.world);
    await actAsPeople({ ...stage, memory, day, carriedOut: () => undefined });
    report(day + 1, days);
  }
  await settle(stage);
  return days;
}
