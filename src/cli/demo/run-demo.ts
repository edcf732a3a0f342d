import type { Log } from '../../kit/index.js';
import { openWorld, type OpenWorld } from '../open-world.js';
import { showProgress } from '../progress.js';
import type { Terminal } from '../terminal.js';
import { readEventLog } from './event-log.js';
import { countFigures, type Figures } from './figures.js';
import { playLog } from './play-log.js';
import { playOrganisation } from './play-organisation.js';
import { seededRandom } from './random.js';
import { show, tell } from './show.js';
import { startSimulator } from './simulators.js';
import { makeSite } from './site.js';
import type { Stage } from './stage.js';

export interface DemoOptions {
  readonly seed: number;
  readonly log: string | undefined;
  readonly data: string | undefined;
  /** How long the organisation is played, for tests; a year without it. */
  readonly weeks?: number;
  readonly terminal: Terminal;
}

/** What the demo did, and where it left its database. */
export interface DemoOutcome extends Figures {
  readonly seconds: number;
  readonly days: number;
  readonly folder: string;
  /** Not a log that was replayed. */
  readonly isOrganisation: boolean;
}

/** The release of the invented organisation: a Monday, so that its year is four quarters. */
const beginning = '2025-10-06T00:00:00.000Z';

/** Plays the whole loop against simulated systems in simulated time. The same seed gives the same figures. */
export async function runDemo(options: DemoOptions): Promise<DemoOutcome> {
  const { terminal } = options;
  const events = options.log === undefined ? undefined : readEventLog(options.log);
  const start = `${(events?.[0]?.at ?? beginning).slice(0, 10)}T00:00:00.000Z`;
  const started = Date.now();
  const servicenow = await startSimulator('servicenow', { seed: options.seed, now: start });
  const jira = await startSimulator('jira', { seed: options.seed, now: start });
  let opened: OpenWorld | undefined;
  try {
    terminal.err(`A ServiceNow at ${servicenow.url} and a Jira at ${jira.url} are simulated for this.`);
    if (events !== undefined)
      await servicenow.control('POST', 'tables', { name: 'incident', columns: [{ name: 'u_symptom', label: 'Symptom', type: 'string' }] });
    const dir = makeSite({ servicenow, jira, dir: options.data, begin: events === undefined ? start : undefined });
    const progress = showProgress(terminal);
    const quiet: Omit<Stage, 'world' | 'reopen'> = { servicenow, jira, dir, random: seededRandom(options.seed), now: start };
    const open = (): Promise<OpenWorld> =>
      openWorld(
        { config: `${dir}/config` },
        { clock: () => quiet.now, installationId: `demo-${options.seed}`, log: failuresOnly(terminal) },
      );
    opened = await open();
    const stage: Stage = Object.assign(quiet, {
      world: opened.world,
      reopen: async (between: () => void) => {
        await opened?.close();
        opened = undefined;
        between();
        opened = await open();
        stage.world = opened.world;
      },
    });
    const report = (day: number, days: number): void => progress.report('days', day, days);
    const days = events === undefined ? await playOrganisation(stage, report, options.weeks) : await playLog(stage, events, report);
    progress.end();
    const figures = await countFigures(stage.world, stage);
    const outcome: DemoOutcome = {
      ...figures,
      days,
      seconds: Math.round((Date.now() - started) / 1000),
      folder: dir,
      isOrganisation: events === undefined,
    };
    tell(terminal, outcome);
    await show(terminal, stage.world, outcome);
    return outcome;
  } finally {
    await opened?.close();
    await Promise.all([servicenow.stop(), jira.stop()]);
  }
}

/** Only what has gone wrong is told: the rest stands in the register. */
function failuresOnly(terminal: Terminal): Log {
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: (message, details) => terminal.err(`${message} ${JSON.stringify(details ?? {})}`),
  };
}
