import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Systems } from './simulators.js';

const shipped = fileURLToPath(new URL('../../../', import.meta.url));

/** A folder with the shipped configuration and mappings, and room for databases. */
export interface Site {
  readonly dir: string;
  readonly config: string;
  /** The environment of a process that works on `database` (a name) and talks to these systems. */
  env(database: string, systems: Systems): NodeJS.ProcessEnv;
  path(database: string): string;
  remove(): void;
}

/** Copies the shipped site, with pages of ten rows, so that every run reads several. */
export function makeSite(): Site {
  const dir = mkdtempSync(join(tmpdir(), 'golden-thread-fault-'));
  for (const part of ['config', 'mappings']) cpSync(join(shipped, part), join(dir, part), { recursive: true });
  const file = join(dir, 'config', 'golden-thread.yaml');
  writeFileSync(
    file,
    readFileSync(file, 'utf8')
      .replace('port: 8420', 'port: 0')
      .replace('    connector: servicenow\n', '    connector: servicenow\n    pageSize: 10\n'),
  );
  const path = (database: string): string => join(dir, 'data', database, 'golden-thread.db');
  return {
    dir,
    config: join(dir, 'config'),
    path,
    env: (database, { servicenow, jira }) => {
      mkdirSync(join(dir, 'data', database), { recursive: true });
      return {
        PATH: process.env['PATH'],
        // Each process compiles the same modules: done once.
        NODE_COMPILE_CACHE: join(shipped, 'dist', 'compile-cache'),
        GOLDEN_THREAD_FAULT_LOG: process.env['GOLDEN_THREAD_FAULT_LOG'],
        GOLDEN_THREAD_DATABASE: path(database),
        SERVICENOW_URL: servicenow.url,
        SERVICENOW_READ_USER: 'gt.reader',
        SERVICENOW_READ_PASSWORD: 'reader-password',
        SERVICENOW_WRITE_USER: 'gt.writer',
        SERVICENOW_WRITE_PASSWORD: 'writer-password',
        JIRA_URL: jira.url,
        JIRA_EMAIL: 'bot@example.com',
        JIRA_API_TOKEN: 'bot-token',
      };
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
