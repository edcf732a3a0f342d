import { once } from 'node:events';
import { Argument, Option } from 'commander';
import { wholeNumber } from '../argument.js';
import { incidentsOfDay } from '../demo/organisation/incidents.js';
import { stories } from '../demo/organisation/stories.js';
import { seededRandom } from '../demo/random.js';
import { furnishJira, furnishServiceNow } from '../demo/site.js';
import { type Simulator, startSimulator } from '../demo/simulators.js';
import { exitCodes } from '../exit-codes.js';
import type { AddVerb } from '../verb.js';

const dayMs = 86_400_000;
const historyDays = 300;

/** How the shipped configuration reaches each of them. */
const environment = {
  servicenow: (url: string) => [
    `SERVICENOW_URL=${url}`,
    'SERVICENOW_READ_USER=gt.reader',
    'SERVICENOW_READ_PASSWORD=reader-password',
    'SERVICENOW_WRITE_USER=gt.writer',
    'SERVICENOW_WRITE_PASSWORD=writer-password',
  ],
  jira: (url: string) => [`JIRA_URL=${url}`, 'JIRA_EMAIL=bot@example.com', 'JIRA_API_TOKEN=bot-token'],
  // With deployment: data-center and auth: { type: bearer, token: '${JIRA_PAT}' }.
  'data-center': (url: string) => [`JIRA_URL=${url}`, 'JIRA_PAT=bot-token'],
} as const;

/** `simulate`: a ServiceNow or Jira to try mappings against, without an instance of one's own. */
export const addSimulate: AddVerb = (program, terminal, run) => {
  program
    .command('simulate')
    .addArgument(new Argument('<system>').choices(['servicenow', 'jira']))
    .description('run a simulated ServiceNow or Jira on this machine, to try mappings without an instance; ends with Ctrl+C')
    .option('--port <number>', 'where it listens; 0: any free port', wholeNumber, 0)
    .option('--seed <number>', 'the same seed gives the same records', wholeNumber, 1)
    .addOption(new Option('--deployment <kind>', 'which Jira').choices(['cloud', 'data-center']).default('cloud'))
    .option('--empty', 'without the services, people and incidents of the invented organisation')
    .action((system: 'servicenow' | 'jira', options: { port: number; seed: number; deployment: string; empty?: boolean }) =>
      run(async () => {
        const { port, seed, deployment } = options;
        const simulator = await startSimulator(system, { port, seed, ...(system === 'jira' && { deployment }) });
        try {
          const kind = deployment === 'data-center' && system === 'jira' ? deployment : system;
          if (options.empty !== true) await fill(kind, simulator, seed);
          terminal.err(
            `A simulated ${system} listens; its control interface is ${simulator.url}/_sim/. Ctrl+C ends it. What the configuration needs:`,
          );
          for (const line of environment[kind](simulator.url)) terminal.out(`export ${line}`);
          await interrupted();
          return exitCodes.ok;
        } finally {
          await simulator.stop();
        }
      }),
    );
};

async function fill(system: keyof typeof environment, simulator: Simulator, seed: number): Promise<void> {
  if (system === 'jira') return furnishJira(simulator);
  // The people of directory.yaml have accounts of Cloud; a Data Center has its own, as the simulator's README lists them.
  if (system === 'data-center') return;
  await furnishServiceNow(simulator);
  const random = seededRandom(seed);
  const today = Math.floor(Date.now() / dayMs) * dayMs;
  let number = 10_000;
  const next = (): number => (number += 1);
  const rows = Array.from({ length: historyDays }, (_, day) => new Date(today - (historyDays - day) * dayMs).toISOString()).flatMap((day) =>
    stories.flatMap((story) => incidentsOfDay(story, day, story.weekly, random, next)),
  );
  await simulator.control('POST', 'bulk/incident', rows.map((row) => JSON.stringify(row)).join('\n'));
}

async function interrupted(): Promise<void> {
  await Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal)));
}
