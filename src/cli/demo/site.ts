import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { shipped } from '../places.js';
import type { Simulator } from './simulators.js';
import { furnishConfig } from './furnish-config.js';
import { accountOf, people, serviceKey, services, supplierKey, suppliers } from './organisation/parties.js';

/** A folder with the shipped configuration and mappings, the environment filled in with the simulators' addresses and accounts. */
export function makeSite(at: {
  readonly servicenow: Simulator;
  readonly jira: Simulator;
  readonly dir: string | undefined;
  /** When the invented organisation begins; without it a log is replayed. */
  readonly begin: string | undefined;
}): string {
  const dir = at.dir === undefined ? mkdtempSync(join(tmpdir(), 'golden-thread-demo-')) : resolve(at.dir);
  mkdirSync(dir, { recursive: true });
  for (const part of ['config', 'mappings']) cpSync(shipped(part), join(dir, part), { recursive: true });
  if (at.begin === undefined) adaptToLog(dir);
  else furnishConfig(dir, at.begin);
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
  writeFileSync(join(dir, 'env.sh'), [...lines, `export GOLDEN_THREAD_CONFIG='${join(dir, 'config')}'\n`].join(''));
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

/** The services and suppliers. */
export async function furnishServiceNow(servicenow: Simulator): Promise<void> {
  await servicenow.control('POST', 'records/core_company', {
    records: suppliers.map(({ id, name }) => ({ sys_id: supplierKey(id), name, vendor: 'true' })),
  });
  await servicenow.control('POST', 'records/cmdb_ci_service', {
    records: services.map(({ id, name }) => ({ sys_id: serviceKey(id), name })),
  });
}

/** The people whom directory.yaml names. */
export async function furnishJira(jira: Simulator): Promise<void> {
  await jira.control('POST', 'people', {
    people: people.map((person) => ({ accountId: accountOf(person), displayName: person.name, email: person.email })),
  });
}
