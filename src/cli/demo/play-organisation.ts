import { cycle, importRegister, release } from '../../sync/index.js';
import { dropFiles, writeEarlierRegister } from './inbox.js';
import type { Matter } from './organisation/conduct.js';
import { happenings } from './organisation/happenings.js';
import { incidentsOfDay, weeklyRate } from './organisation/incidents.js';
import { stories, type Story } from './organisation/stories.js';
import { emptyMemory } from './people/memory.js';
import { actAsPeople } from './people/people.js';
import { furnishJira, furnishServiceNow } from './site.js';
import { advance, dayAt, settle, type Stage } from './stage.js';

const historyDays = 300;
const weeksOfYear = 52;
/** Tuesdays and Fridays: what happened since the last time is read, and its people act on it. */
const roundsOfWeek = [1, 4];
const hourOfRound = 17;

/**
 * The invented organisation: a year of history, the release with the import of the register that was kept before, then a year in which its people are at
 * work, with records that follow from what they do. Returns how many days that was.
 */
export async function playOrganisation(stage: Stage, report: (day: number, days: number) => void, weeks = weeksOfYear): Promise<number> {
  await furnishServiceNow(stage.servicenow);
  await furnishJira(stage.jira);
  const begin = stage.now;
  let number = 10_000;
  const next = (): number => (number += 1);
  const carriedOut = new Map<Matter, number>();
  const rowsOf = (days: readonly number[], rate: (story: Story, day: number) => number): readonly object[] =>
    days.flatMap((day) => stories.flatMap((story) => incidentsOfDay(story, dayAt(begin, day), rate(story, day), stage.random, next)));
  const load = async (rows: readonly object[]): Promise<void> => {
    if (rows.length > 0) await stage.servicenow.control('POST', 'bulk/incident', rows.map((row) => JSON.stringify(row)).join('\n'));
  };
  await load(rowsOf(span(-historyDays, 0), ({ weekly }) => weekly));
  dropFiles(stage.dir, begin, { before: -historyDays, today: 0 });
  await cycle(stage.world); // held: reads everything, writes nothing
  await release(stage.world.store, { by: 'Demo Administrator', at: stage.now, raiseFrom: stage.now });
  await takeOver(stage, begin);
  const memory = emptyMemory();
  let through = 0;
  for (const day of roundDays(weeks)) {
    const today = span(through, day + 1);
    const rows = rowsOf(today, (story, at) => weeklyRate(story, at / 7, carriedOut.get(story) ?? 0));
    await advance(stage, new Date(Date.parse(dayAt(begin, day)) + hourOfRound * 3_600_000).toISOString());
    await load(rows);
    dropFiles(stage.dir, begin, { before: through - 1, today: day });
    for (const { act } of happenings.filter((each) => today.includes(each.day))) await act(stage);
    through = day + 1;
    await cycle(stage.world);
    await actAsPeople({ ...stage, memory, day, carriedOut: (matter) => carriedOut.set(matter, (carriedOut.get(matter) ?? 0) + 1) });
    report(day + 1, weeks * 7);
  }
  await settle(stage);
  return weeks * 7;
}

/** The register that was kept in a table before: imported once, its entries marked as older than the product. */
async function takeOver(stage: Stage, begin: string): Promise<void> {
  const file = writeEarlierRegister(stage.dir, begin);
  await importRegister(stage.world, {
    source: { is: 'file', file, key: 'Number' },
    register: 'register',
    by: 'a.rahman',
    withTickets: false,
    dryRun: false,
  });
}

function roundDays(weeks: number): readonly number[] {
  return span(0, weeks).flatMap((week) => roundsOfWeek.map((day) => 7 * week + day));
}

/** Whole numbers from `from`, before `to`. */
function span(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}
