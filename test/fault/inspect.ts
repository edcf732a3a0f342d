import Database from 'better-sqlite3';
import type { Json, JsonObject } from '../../src/kit/index.js';
import { improvements, latestRecord, openReader, outboxList, quarantineCounts, verifyJournal } from '../../src/store/index.js';
import type { Systems } from './simulators.js';

/** What an outsider finds who compares both systems with the database. */
export interface Findings {
  /** Records whose last version in their system is not the one in the store. */
  readonly lost: number;
  /** Tickets, changes, links and comments beyond the one that was meant. */
  readonly duplicate: number;
  /** Writes that wait for a person. */
  readonly parked: number;
  /** Everything that is wrong, in words; empty when nothing is. */
  readonly problems: readonly string[];
}

const bot = '712020:00000000-0000-4000-8000-000000000001';
const tables = ['incident', 'problem', 'change_request', 'task_sla'] as const;

/** Holds the world against the promises: nothing lost, nothing doubled, nothing orphaned, nothing left open, the journal and the file whole. */
export async function inspect(path: string, systems: Systems): Promise<Findings> {
  const reader = openReader(path);
  try {
    const problems: string[] = [];
    const lost = await lostRecords(reader.read, systems);
    const duplicate = await duplicates(systems);
    const open = await outboxList(reader.read, { states: ['pending', 'sending', 'in-doubt', 'parked'] });
    const parked = open.filter(({ state }) => state === 'parked');
    problems.push(...lost, ...duplicate, ...(await missing(reader.read, systems)));
    problems.push(
      ...open.map(({ state, operation, system, failure }) => `${operation} to ${system} is still ${state}: ${JSON.stringify(failure)}`),
    );
    for (const { system, stream, open: count } of await quarantineCounts(reader.read))
      if (count > 0) problems.push(`${count} in quarantine of ${system}/${stream}`);
    const journal = await verifyJournal(reader.read);
    if (journal.broken !== undefined) problems.push(`the journal does not verify: ${JSON.stringify(journal)}`);
    problems.push(...damage(path));
    return { lost: lost.length, duplicate: duplicate.length, parked: parked.length, problems };
  } finally {
    reader.close();
  }
}

type Reader = ReturnType<typeof openReader>['read'];

async function lostRecords(db: Reader, { servicenow, jira }: Systems): Promise<readonly string[]> {
  const lost: string[] = [];
  for (const table of tables)
    for (const row of await servicenow.records(table)) {
      const stored = await latestRecord(db, { system: 'servicenow-prod', stream: table, key: row.sys_id });
      const other =
        stored === undefined
          ? ['all of it']
          : Object.keys(stored.record.data).filter((name) => name in row && asRow(stored.record.data[name]) !== row[name]);
      if (other.length > 0) lost.push(`${table} ${row['number'] ?? row.sys_id} is lost (${other.join(', ')})`);
    }
  for (const issue of await jira.issues()) {
    const stream = issue.project === 'IMP' ? 'improvement' : 'audit-finding';
    const stored = await latestRecord(db, { system: 'jira-cloud', stream, key: issue.id });
    const is = [issue.summary, issue.status, issue.labels, issue.fields['customfield_10051'] ?? null];
    const { summary, status, labels, objective = null } = stored?.record.data ?? {};
    if (JSON.stringify(is) !== JSON.stringify([summary, partOf(status, 'name'), labels, objective]))
      lost.push(`issue ${issue.key} is lost`);
  }
  return lost;
}

/** A value of ours as ServiceNow stores it. A stamp alone is no content: a record that was touched and stayed the same is no other version. */
function asRow(value: Json | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'object') return textOf(partOf(value, 'id'));
  return textOf(value).replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)\.000Z$/, '$1 $2');
}

function partOf(value: Json | undefined, name: string): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject)[name] : undefined;
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}

async function duplicates({ servicenow, jira }: Systems): Promise<readonly string[]> {
  const issues = await jira.issues({ project: 'IMP' });
  const changes = await servicenow.records('change_request');
  return [
    ...repeated(issues.flatMap(({ labels }) => labels.filter((label) => label.startsWith('gt-')))).map(
      (label) => `another ticket carries ${label}`,
    ),
    ...repeated(changes.map((change) => change['correlation_id'] ?? '').filter((id) => id !== '')).map(
      (id) => `another change carries ${id}`,
    ),
    ...issues.flatMap(({ key, remoteLinks, comments }) => [
      ...repeated(remoteLinks.map((link) => textOf(partOf(link, 'globalId')))).map((id) => `${key} is linked twice to ${id}`),
      ...repeated(comments.map((comment) => textOf(partOf(comment, 'body')))).map(() => `${key} says the same twice`),
    ]),
  ];
}

function repeated(values: readonly string[]): readonly string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

/** One improvement, its one ticket with six links and one comment, its one change; and nothing of ours that it does not know. */
async function missing(db: Reader, { servicenow, jira }: Systems): Promise<readonly string[]> {
  const all = await improvements(db);
  const [one] = all;
  if (one === undefined || all.length > 1) return [`${all.length} improvements were raised instead of one`];
  const problems: string[] = [];
  const tickets = (await jira.issues({ project: 'IMP' })).filter(({ values }) => values['creator'] === bot);
  const changes = (await servicenow.records('change_request')).filter((change) => change['sys_created_by'] === 'gt.writer');
  for (const { id, key } of tickets) if (one.ticket?.key !== id) problems.push(`nothing refers to our ticket ${key}`);
  for (const { sys_id, number } of changes)
    if (!one.changes.some(({ ref }) => ref.key === sys_id)) problems.push(`nothing refers to our change ${number}`);
  if (one.ticket === undefined || !tickets.some(({ id }) => id === one.ticket?.key)) problems.push('the improvement has no ticket');
  if (one.changes.length !== 1 || changes.length !== 1)
    problems.push(`the improvement has ${one.changes.length} changes, and we made ${changes.length}`);
  if (one.status !== 'approved') problems.push(`the improvement is ${one.status}`);
  const links = tickets[0]?.remoteLinks.length ?? 0;
  const comments = tickets[0]?.comments.length ?? 0;
  if (links !== 6 || comments !== 1) problems.push(`the ticket has ${links} links instead of 6 and ${comments} comments instead of 1`);
  return problems;
}

function damage(path: string): readonly string[] {
  const database = new Database(path, { readonly: true });
  try {
    const integrity = database.pragma('integrity_check', { simple: true });
    const dangling = database.pragma('foreign_key_check') as readonly unknown[];
    return [
      ...(integrity === 'ok' ? [] : [`integrity_check: ${String(integrity)}`]),
      ...(dangling.length === 0 ? [] : [`foreign_key_check: ${dangling.length} rows`]),
    ];
  } finally {
    database.close();
  }
}
