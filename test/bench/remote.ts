import { type Simulator, startSimulator } from '../../src/cli/demo/simulators.js';
import { incidents, references, type Row } from './incidents.js';

/** Both simulated systems, each in a process of its own. */
export interface Remotes {
  readonly servicenow: Simulator;
  readonly jira: Simulator;
  stop(): Promise<void>;
}

/** A ServiceNow that holds `count` incidents of the last year, and a Jira without issues. */
export async function startRemotes(count: number): Promise<Remotes> {
  const now = new Date().toISOString();
  const servicenow = await startSimulator('servicenow', { seed: 1, now });
  for (const [table, rows] of Object.entries(references())) await load(servicenow, table, rows);
  await load(servicenow, 'incident', incidents(count, now));
  const jira = await startSimulator('jira', { seed: 1, now });
  return { servicenow, jira, stop: async () => void (await Promise.all([servicenow.stop(), jira.stop()])) };
}

async function load(simulator: Simulator, table: string, rows: Iterable<Row>): Promise<void> {
  let lines = '';
  for (const row of rows) {
    lines += `${JSON.stringify(row)}\n`;
    if (lines.length < 4_000_000) continue;
    await simulator.control('POST', `bulk/${table}`, lines);
    lines = '';
  }
  if (lines !== '') await simulator.control('POST', `bulk/${table}`, lines);
}

/** What the last list request for incidents asked for: others ask for the very same columns. */
export async function columnsAsked(simulator: Simulator): Promise<string> {
  const { entries } = await simulator.control<{ entries: readonly { readonly path: string; readonly query: string }[] }>('GET', 'journal');
  const last = entries.findLast(({ path }) => path.endsWith('/table/incident'));
  const columns = new URLSearchParams(last?.query ?? '').get('sysparm_fields');
  if (columns === null) throw new Error('nobody has asked for incidents yet');
  return columns;
}
