import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type JiraControl, jiraControl, type RawIssue, startJiraSimulator } from '../../connectors/jira/simulator/index.js';
import { type ServiceNowControl, serviceNowControl, startServiceNowSimulator } from '../../connectors/servicenow/simulator/index.js';
import { openWorld } from '../../src/cli/open-world.js';
import type { Improvement } from '../../src/domain/index.js';
import { improvement as improvementWithId, improvements, type JournalEntry, readJournal } from '../../src/store/index.js';
import { cycle, type Cycle, release, type World } from '../../src/sync/index.js';

const shipped = fileURLToPath(new URL('../../../', import.meta.url));

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** Accounts of the simulated Jira; m.okafor, a.rahman and l.weber are in the shipped directory, the outsider is not. */
export const okafor = 'owner@example.com';
export const rahman = 'approver@example.com';
export const weber = 'weber@example.com';
export const outsider = 'outsider@example.com';
export const automation = 'automation@example.com';

export const checkout = '5e51ce00000000000000000000000001';
export const mail = '5e51ce00000000000000000000000002';

/** What one log line of the product said. */
export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly details: unknown;
}

/** A simulated ServiceNow and Jira with the product between them; one virtual clock for all three. */
export interface Organisation {
  readonly servicenow: ServiceNowControl;
  readonly jira: JiraControl;
  /** Configuration, mappings and database. */
  readonly dir: string;
  readonly world: World;
  readonly log: readonly LogLine[];
  now(): string;
  /** Lets time pass everywhere. */
  pass(ms: number): Promise<void>;
  /** One round of the product. */
  cycle(): Promise<Cycle>;
  /** Lets an hour pass, then one round: what people did is settled and read. */
  later(ms?: number): Promise<Cycle>;
  release(): Promise<void>;
  /** Replaces text in one of the files; fails when it is not there. */
  edit(file: string, from: string | RegExp, to: string): void;
  /** Ends the product and starts it again with its files as they are now; `between` runs while it is down. */
  restart(between?: () => void): Promise<void>;
  improvement(id: string): Promise<Improvement>;
  improvements(): Promise<readonly Improvement[]>;
  /** The ticket of an improvement, as everybody in Jira sees it. */
  ticket(id: string): Promise<RawIssue>;
  /** What people read in the comments of a ticket. */
  comments(id: string): Promise<readonly string[]>;
  journal(kind?: string): Promise<readonly JournalEntry[]>;
  /** Requests so far that asked a system to change something. */
  writes(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface OrganisationOptions {
  /** By how much the product's clock is ahead of both systems'. */
  readonly clockAheadMs?: number;
  /** Files to change before the product starts: file, from, to. */
  readonly edits?: readonly (readonly [string, string | RegExp, string])[];
}

/** Starts everything. Nothing is released, no record exists but the services. */
export async function startOrganisation({ clockAheadMs = 0, edits = [] }: OrganisationOptions = {}): Promise<Organisation> {
  let now = Date.parse('2026-01-05T08:00:00.000Z');
  const iso = (): string => new Date(now).toISOString();
  const sn = await startServiceNowSimulator({ seed: 1, now: iso() });
  const ji = await startJiraSimulator({ seed: 1, now: iso() });
  const servicenow = serviceNowControl(sn.url);
  const jira = jiraControl(ji.url);
  await servicenow.load('cmdb_ci_service', [
    { sys_id: checkout, name: 'Checkout' },
    { sys_id: mail, name: 'E-mail' },
  ]);
  await jira.people({ accountId: '712020:00000000-0000-4000-8000-000000000007', displayName: 'Lena Weber', email: weber });
  const dir = mkdtempSync(join(tmpdir(), 'golden-thread-scenario-'));
  for (const part of ['config', 'mappings']) cpSync(join(shipped, part), join(dir, part), { recursive: true });
  const edit = (file: string, from: string | RegExp, to: string): void => {
    const path = join(dir, file);
    const before = readFileSync(path, 'utf8');
    const after = before.replace(from, to);
    if (after === before) throw new Error(`${file} does not hold ${String(from)}`);
    writeFileSync(path, after);
  };
  for (const [file, from, to] of edits) edit(file, from, to);
  Object.assign(process.env, environmentOf(dir, sn.url, ji.url));
  const log: LogLine[] = [];
  const note =
    (level: LogLine['level']) =>
    (message: string, details?: unknown): void =>
      void log.push({ level, message, details });
  const open = () =>
    openWorld(
      { config: join(dir, 'config') },
      {
        clock: () => new Date(now + clockAheadMs).toISOString(),
        installationId: 'scenario',
        log: { debug: () => undefined, info: note('info'), warn: note('warn'), error: note('error') },
      },
    );
  const stop = async (): Promise<void> => {
    await Promise.all([sn.close(), ji.close()]);
    rmSync(dir, { recursive: true, force: true });
  };
  let opened = await open().catch(async (error: unknown) => {
    await stop(); // else the listening simulators would keep the test run from ending
    throw error;
  });
  const pass = async (ms: number): Promise<void> => {
    now += ms;
    await Promise.all([servicenow.setClock(iso()), jira.setClock(iso())]);
  };
  const ticket = async (id: string): Promise<RawIssue> => {
    const { ticket: known } = await found(id);
    const [issue] = known === undefined ? [] : await jira.issues({ ids: [known.key] });
    if (issue === undefined) throw new Error(`${id} has no ticket`);
    return issue;
  };
  const found = async (id: string): Promise<Improvement> => {
    const one = await improvementWithId(opened.world.store.read, id);
    if (one === undefined) throw new Error(`there is no ${id}`);
    return one;
  };
  return {
    servicenow,
    jira,
    dir,
    log,
    get world() {
      return opened.world;
    },
    now: iso,
    pass,
    cycle: () => cycle(opened.world),
    later: async (ms = hourMs) => {
      await pass(ms);
      return cycle(opened.world);
    },
    release: async () => {
      const at = new Date(now + clockAheadMs).toISOString();
      await release(opened.world.store, { by: 'Ada Admin', at, raiseFrom: at });
    },
    edit,
    restart: async (between) => {
      await opened.close();
      between?.();
      opened = await open();
    },
    improvement: found,
    improvements: () => improvements(opened.world.store.read),
    ticket,
    comments: async (id) => (await ticket(id)).comments.map((comment) => textOf((comment as { body: unknown }).body)),
    journal: async (kind) => {
      const entries: JournalEntry[] = [];
      for (let from = 0; ;) {
        const part = await readJournal(opened.world.store.read, { after: from, limit: 1000 });
        entries.push(...part);
        const last = part.at(-1);
        if (last === undefined) break;
        from = last.seq;
      }
      return kind === undefined ? entries : entries.filter((entry) => entry.kind === kind);
    },
    writes: async () => [
      ...(await servicenow.journal())
        .filter(({ method, path }) => method !== 'GET' && path !== '/oauth_token.do')
        .map(({ method, path }) => `${method} ${path}`),
      ...(await jira.journal())
        .filter(({ method, path }) => method !== 'GET' && !isQuestion(path))
        .map(({ method, path }) => `${method} ${path}`),
    ],
    close: async () => {
      await opened.close();
      await stop();
    },
  };
}

/** The environment that the shipped configuration asks for. */
export function environmentOf(dir: string, servicenowUrl: string, jiraUrl: string): Readonly<Record<string, string>> {
  return {
    GOLDEN_THREAD_DATABASE: join(dir, 'golden-thread.db'),
    SERVICENOW_URL: servicenowUrl,
    SERVICENOW_READ_USER: 'gt.reader',
    SERVICENOW_READ_PASSWORD: 'reader-password',
    SERVICENOW_WRITE_USER: 'gt.writer',
    SERVICENOW_WRITE_PASSWORD: 'writer-password',
    JIRA_URL: jiraUrl,
    JIRA_EMAIL: 'bot@example.com',
    JIRA_API_TOKEN: 'bot-token',
  };
}

/** POSTs that only ask. */
function isQuestion(path: string): boolean {
  return /\/(search\/jql|jql\/parse|issue\/bulkfetch|changelog\/bulkfetch|search\/approximate-count)$/.test(path);
}

/** The text of a document, as a reader sees it. */
export function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  if (Array.isArray(body)) return body.map(textOf).join('');
  if (typeof body !== 'object' || body === null) return '';
  const { text, content } = body as { text?: string; content?: unknown };
  return `${text ?? ''}${textOf(content)}`;
}
