import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * A folder with the shipped configuration and mappings; only the port is any free one. Returns the environment of a process that works there.
 * The database is `<dir>/golden-thread.db`.
 */
export function makeSite(dir: string, at: { readonly servicenow: string; readonly jira: string }): Readonly<Record<string, string>> {
  mkdirSync(dir, { recursive: true });
  for (const part of ['config', 'mappings']) cpSync(join(root, part), join(dir, part), { recursive: true });
  const settings = join(dir, 'config', 'golden-thread.yaml');
  const text = readFileSync(settings, 'utf8');
  if (!text.includes('port: 8420')) throw new Error('config/golden-thread.yaml names another port than the benchmark expects');
  writeFileSync(settings, text.replace('port: 8420', 'port: 0'));
  return {
    GOLDEN_THREAD_DATABASE: databaseOf(dir),
    GOLDEN_THREAD_HOST: '127.0.0.1',
    SERVICENOW_URL: at.servicenow,
    SERVICENOW_READ_USER: account.username,
    SERVICENOW_READ_PASSWORD: account.password,
    SERVICENOW_WRITE_USER: 'gt.writer',
    SERVICENOW_WRITE_PASSWORD: 'writer-password',
    JIRA_URL: at.jira,
    JIRA_EMAIL: 'bot@example.com',
    JIRA_API_TOKEN: 'bot-token',
  };
}

/** The simulator's reading account. */
export const account = { username: 'gt.reader', password: 'reader-password' } as const;

export function databaseOf(dir: string): string {
  return join(dir, 'golden-thread.db');
}

/** The image's settings for memory, read from the Dockerfile so that they cannot be others here. */
export function imageMemory(): Readonly<Record<string, string>> {
  const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
  const setting = (name: string): string => {
    const value = new RegExp(`${name}="?([^"\\n]+?)"? \\\\`).exec(dockerfile)?.[1];
    if (value === undefined) throw new Error(`the Dockerfile does not set ${name}`);
    return value;
  };
  return { NODE_OPTIONS: setting('NODE_OPTIONS'), MALLOC_ARENA_MAX: setting('MALLOC_ARENA_MAX') };
}
