import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Simulator } from './simulators.js';
import { stories } from './organisation.js';

const shipped = fileURLToPath(new URL('../../../../', import.meta.url));

/** A folder with the shipped configuration and mappings, the environment filled in with the simulators' addresses and accounts. */
export function makeSite(at: {
  readonly servicenow: Simulator;
  readonly jira: Simulator;
  readonly dir: string | undefined;
  readonly log: boolean;
}): string {
  const dir = at.dir ?? mkdtempSync(join(tmpdir(), 'golden-thread-demo-'));
  mkdirSync(dir, { recursive: true });
  for (const part of ['config', 'mappings']) cpSync(join(shipped, part), join(dir, part), { recursive: true });
  if (at.log) adaptToLog(dir);
  const environment = {
    GOLDEN_THREAD_DATABASE: join(dir, 'golden-thread.db'),
    SERVICENOW_URL: at.servicenow.url,
    SERVICENOW_READ_USER: 'gt.reader',
    SERVICENOW_READ_PASSWORD: 'reader-password',
    SERVICENOW_WRITE_USER: 'gt.writer',
    SERVICENOW_WRITE_PASSWORD: 'writer-password',
    JIRA_URL: at.jira.url,
    JIRA_EMAIL: 'bot@example.com',
    JIRA_API_TOKEN: 'bot-token',
  };
  Object.assign(process.env, environment);
  // For looking around in it afterwards: the simulated systems are gone then, and so are their accounts.
  const lines = Object.entries(environment).map(([name, value]) => `export ${name}='${value}'\n`);
  writeFileSync(join(dir, 'env.sh'), lines.join(''));
  return dir;
}

/** The log names no services: category, subcategory and symptom are all there is to tell one case from another. */
function adaptToLog(dir: string): void {
  const edit = (file: string, change: (text: string) => string): void => {
    const path = join(dir, file);
    const before = readFileSync(path, 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`${file} is not as the demo expects it`);
    writeFileSync(path, after);
  };
  // Every fourth incident of the log is critical; what the demo is to show is recurrence.
  edit('config/policy.yaml', (text) => text.replace(/  - id: critical-incident\n(?:    .*\n)+/, ''));
  edit('mappings/servicenow/incident.yaml', (text) =>
    text
      .replace(/recurrenceKey: .*/, 'recurrenceKey: =$key([category, subcategory, u_symptom])')
      .replace(/when: .*/, 'when: =$not($string(state) = "8")'),
  );
}

/** The services. */
export async function furnishServiceNow(servicenow: Simulator): Promise<void> {
  const services = new Map(stories.map((story) => [story.serviceId, story.service]));
  await servicenow.control('POST', 'records/cmdb_ci_service', { records: [...services].map(([sys_id, name]) => ({ sys_id, name })) });
}

/** The people whom directory.yaml names. */
export async function furnishJira(jira: Simulator): Promise<void> {
  const account = (n: number): string => `712020:00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  await jira.control('POST', 'people', {
    people: [
      { accountId: account(2), displayName: 'Mary Okafor' },
      { accountId: account(3), displayName: 'Amir Rahman' },
      { accountId: account(7), displayName: 'Lena Weber', email: 'weber@example.com' },
    ],
  });
}
