import { cycle, release, type World } from '../../sync/index.js';
import { threadLines, threadReport } from '../../report/index.js';
import { improvements } from '../../store/index.js';
import { openWorld, type OpenWorld } from '../open-world.js';
import { registerLines } from '../verbs/register.js';
import { showProgress } from '../progress.js';
import { safe, type Terminal } from '../terminal.js';
import { readEventLog, type LogEvent } from './event-log.js';
import { countFigures, type Figures } from './figures.js';
import { incidentsOfDay, weeklyRate } from './incidents.js';
import { stories, type Story } from './organisation.js';
import { actAsPeople } from './people.js';
import { seededRandom } from './random.js';
import { furnishJira, furnishServiceNow, makeSite } from './site.js';
import { type Simulator, startSimulator } from './simulators.js';

export interface DemoOptions {
  readonly seed: number;
  readonly log: string | undefined;
  readonly data: string | undefined;
  readonly terminal: Terminal;
}

/** What the demo did, and where it left its database. */
export interface DemoOutcome extends Figures {
  readonly seconds: number;
  readonly days: number;
  readonly folder?: string;
}

interface Stage {
  readonly servicenow: Simulator;
  readonly jira: Simulator;
  readonly world: World;
  readonly random: () => number;
  now: string;
}

const dayMs = 86_400_000;
const historyDays = 300;
const demoDays = 300;
/** What a log holds before anything is raised from it: without a past there is nothing to compare with. */
const baselineDaysOfLog = 28;

/** Plays the whole loop against simulated systems in simulated time. The same seed gives the same figures. */
export async function runDemo(options: DemoOptions): Promise<DemoOutcome> {
  const { terminal } = options;
  const events = options.log === undefined ? undefined : readEventLog(options.log);
  const first = events?.[0]?.at ?? '2026-01-05T00:00:00.000Z';
  const start = `${first.slice(0, 10)}T00:00:00.000Z`;
  const started = Date.now();
  const servicenow = await startSimulator('servicenow', { seed: options.seed, now: start });
  const jira = await startSimulator('jira', { seed: options.seed, now: start });
  let opened: OpenWorld | undefined;
  try {
    terminal.err(`A ServiceNow at ${servicenow.url} and a Jira at ${jira.url} are simulated for this.`);
    if (events !== undefined)
      await servicenow.control('POST', 'tables', { name: 'incident', columns: [{ name: 'u_symptom', label: 'Symptom', type: 'string' }] });
    const dir = makeSite({ servicenow, jira, dir: options.data, log: events !== undefined });
    const progress = showProgress(terminal);
    const stage = { servicenow, jira, random: seededRandom(options.seed), now: start } as Omit<Stage, 'world'> & { world?: World };
    opened = await openWorld(
      { config: `${dir}/config` },
      {
        clock: () => stage.now,
        installationId: `demo-${options.seed}`,
        log: {
          debug: () => undefined,
          info: () => undefined,
          warn: () => undefined,
          error: (message, details) => terminal.err(`${message} ${JSON.stringify(details ?? {})}`),
        },
      },
    );
    const set: Stage = Object.assign(stage, { world: opened.world });
    const report = (day: number, days: number): void => progress.report('days', day, days);
    const days = events === undefined ? await playStories(set, report) : await playLog(set, events, report);
    progress.end();
    const figures = await countFigures(set.world, set);
    const outcome: DemoOutcome = { ...figures, days, seconds: Math.round((Date.now() - started) / 1000), folder: dir };
    tell(terminal, outcome);
    await show(terminal, set.world, outcome);
    return outcome;
  } finally {
    await opened?.close();
    await Promise.all([servicenow.stop(), jira.stop()]);
  }
}

/** The invented organisation: history first, then the release, then its people at work with incidents that follow from what they do. */
async function playStories(stage: Stage, report: (day: number, days: number) => void): Promise<number> {
  await furnishServiceNow(stage.servicenow);
  await furnishJira(stage.jira);
  let number = 10_000;
  const next = (): number => (number += 1);
  const history = Array.from({ length: historyDays }, (_, day) => dayAt(stage.now, day - historyDays));
  const rows = history.flatMap((day) => stories.flatMap((story) => incidentsOfDay(story, day, story.weekly, stage.random, next)));
  await stage.servicenow.control('POST', 'bulk/incident', rows.map((row) => JSON.stringify(row)).join('\n'));
  await cycle(stage.world); // held: reads everything, writes nothing
  const begin = stage.now;
  await release(stage.world.store, { by: 'Demo Administrator', at: stage.now, raiseFrom: stage.now });
  const carriedOut = new Map<Story, number>();
  await makeTrouble(stage);
  for (let day = 0; day < demoDays; day += 1) {
    const today = dayAt(begin, day);
    const week = day / 7;
    const incidents = stories.flatMap((story) =>
      incidentsOfDay(story, today, weeklyRate(story, week, carriedOut.get(story) ?? 0), stage.random, next),
    );
    await advance(stage, dayAt(begin, day + 1));
    if (incidents.length > 0)
      await stage.servicenow.control('POST', 'bulk/incident', incidents.map((row) => JSON.stringify(row)).join('\n'));
    if (day === 20) await raiseByHand(stage);
    if (day === 40) await makeTrouble(stage);
    await round(stage, (story) => carriedOut.set(story, (carriedOut.get(story) ?? 0) + 1));
    report(day + 1, demoDays);
  }
  await settle(stage);
  return demoDays;
}

/** A real event log: every stored version of every incident, day by day, in the order in which it was written. */
async function playLog(stage: Stage, events: readonly LogEvent[], report: (day: number, days: number) => void): Promise<number> {
  const begin = stage.now;
  await release(stage.world.store, { by: 'Demo Administrator', at: begin, raiseFrom: dayAt(begin, baselineDaysOfLog) });
  const last = events.at(-1)?.at ?? begin;
  const days = Math.ceil((Date.parse(last) - Date.parse(begin)) / dayMs) + 2;
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
    await round(stage, () => undefined);
    report(day + 1, days);
  }
  await settle(stage);
  return days;
}

/** One day: the engine works, then the people do, then the engine sees what they did. */
async function round(stage: Stage, carriedOut: (story: Story) => void): Promise<void> {
  await cycle(stage.world);
  await actAsPeople({ ...stage, stories, carriedOut });
}

/** Goes on until a round writes nothing, so that what is counted is at rest. */
async function settle(stage: Stage): Promise<void> {
  for (let rounds = 0; rounds < 20; rounds += 1) {
    await advance(stage, new Date(Date.parse(stage.now) + 1_800_000).toISOString());
    const { pushed } = await cycle(stage.world);
    if (rounds > 0 && pushed.confirmed + pushed.inDoubt + pushed.later === 0) return;
  }
}

async function advance(stage: Stage, to: string): Promise<void> {
  stage.now = to;
  await Promise.all([stage.servicenow.control('POST', 'clock', { set: to }), stage.jira.control('POST', 'clock', { set: to })]);
}

/** What happens in real life: answers that are lost after the work was done, and a gateway that is away for a moment. */
async function makeTrouble({ jira, servicenow }: Stage): Promise<void> {
  await jira.control('POST', 'faults', {
    faults: [{ match: { method: 'POST', path: '/rest/api/3/issue$' }, kind: 'commit-then-drop', times: 2 }],
  });
  await servicenow.control('POST', 'faults', {
    faults: [{ match: { method: 'POST', path: 'change_request' }, kind: 'commit-then-500', times: 1 }],
  });
  await servicenow.control('POST', 'faults', {
    faults: [{ match: { method: 'GET', path: 'incident' }, kind: 'status-502-html', times: 1 }],
  });
}

/** Somebody at the service desk has an idea of their own, and the auditors leave a finding. */
async function raiseByHand({ jira }: Stage): Promise<void> {
  await jira.control('POST', 'issues', {
    by: 'owner@example.com',
    issues: [
      {
        project: 'IMP',
        summary: 'Publish the on-call hand-over checklist',
        description: 'Half of the night calls ask what the day shift knew.',
        fields: { Category: 'Incident', 'Rate reduction target %': 30, 'Measurement window weeks': 8 },
      },
      { project: 'AUD', summary: 'Two improvements closed without a measured result', fields: { Severity: 'Major', Clause: '10.2 c' } },
    ],
  });
}

function dayAt(from: string, days: number): string {
  return new Date(Date.parse(from) + days * dayMs).toISOString();
}

function tell(terminal: Terminal, outcome: DemoOutcome): void {
  const { verdicts } = outcome;
  for (const line of [
    `${outcome.days} days in ${outcome.seconds} s: ${outcome.records} records read, ${outcome.lost} lost, ${outcome.quarantined} in quarantine.`,
    `${outcome.improvements} improvements, ${outcome.tickets} tickets, ${outcome.changes} change requests, ${outcome.duplicateTickets} duplicates.`,
    `Verdicts: ${verdicts.effective} effective, ${verdicts.notEffective} not effective, ${verdicts.inconclusive} inconclusive; ${outcome.followOns} follow-ons; ${outcome.threadsComplete} complete threads, ${outcome.threadsWithGaps} with gaps.`,
    `Journal: ${outcome.journalEntries} entries, ${outcome.journalVerified ? 'every one as it was written' : 'BROKEN'}.`,
  ])
    terminal.err(line);
}

/** The register, then one golden thread for each kind of result: what an owner and an auditor would look at. */
async function show({ err }: Terminal, world: World, { examples, folder }: DemoOutcome): Promise<void> {
  const { config, store } = world;
  const blank = (): void => err('');
  blank();
  for (const line of registerLines(await improvements(store.read), config.directory)) err(line);
  for (const id of examples) {
    const report = await threadReport(store.read, config, id, world.clock());
    blank();
    if (report !== undefined) for (const line of threadLines(report, config)) err(safe(line));
  }
  blank();
  const dir = folder ?? '';
  err(`To look around: . ${dir}/env.sh; golden-thread -c ${dir}/config thread ${examples[0] ?? 'IMP-0001'}`);
}
