import { fileURLToPath } from 'node:url';
import { type Config, loadConfig } from '../../src/config/index.js';

const folder = fileURLToPath(new URL('../../../config', import.meta.url));
const names = [
  'GOLDEN_THREAD_DATABASE',
  'SERVICENOW_READ_USER',
  'SERVICENOW_READ_PASSWORD',
  'SERVICENOW_WRITE_USER',
  'SERVICENOW_WRITE_PASSWORD',
  'JIRA_EMAIL',
  'JIRA_API_TOKEN',
];

/** The shipped configuration; nothing of it is ever connected to. */
export function shippedConfig(): Config {
  const env: Record<string, string> = { SERVICENOW_URL: 'https://snow.test', JIRA_URL: 'https://jira.test' };
  for (const name of names) env[name] = 'x';
  const loaded = loadConfig(folder, { env });
  if (!loaded.ok) throw new AggregateError(loaded.problems);
  return loaded.value;
}
