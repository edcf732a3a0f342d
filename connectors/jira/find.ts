import { type Found, type IdempotencyKey, isFailure, type Json, type Watermark } from 'golden-thread/kit';
import type { Jira } from './jira.js';
import type { Target } from './target.js';
import { partsOf } from './issue-key.js';
import { jqlString } from './jql.js';
import { readTicket, refOf, type Ticket } from './ticket.js';
import { isObject } from './value.js';
import { SearchAnswer } from './wire.js';

/** When to ask again while the search index may still be behind. */
const againAfterMs = 30_000;
/** More existing issues than this behind the watermark are left to the search. */
const maxProbes = 1000;

/** The label that a ticket carries: short enough for a label, and by far long enough to be unique. */
export function labelOf(jira: Jira, key: IdempotencyKey): string {
  return `${jira.config.labelPrefix}${key.value.slice(0, 40)}`;
}

/**
 * The highest issue number of the project that the search index knows. Issue numbers are given out in sequence, so a create that is sent
 * afterwards gets a higher one. The index may be behind: then the mark is too low, which costs requests later and loses nothing.
 */
export async function watermarkOf(jira: Jira, { project }: Target, signal?: AbortSignal): Promise<Watermark> {
  const [issue] = await searchIssues(jira, `project = ${jqlString(project)} ORDER BY key DESC`, 1, signal);
  const number = isObject(issue) && typeof issue['key'] === 'string' ? partsOf(issue['key'])?.number : undefined;
  return { v: 1, project, number: number ?? 0 };
}

/**
 * Looks for the ticket that carries a key, in two ways, and believes only a ticket whose property holds the whole key:
 *
 * 1. The issues behind the watermark are read one by one, by number (strongly consistent), until a stretch of numbers in a row is missing.
 *    Numbers are missing when a create failed or an issue was deleted.
 * 2. The label is searched for, which finds it wherever it was moved, once the index knows it.
 *
 * `absent` is never answered: the create may still be under way in Jira. Core asks again through the index lag and then sends once more.
 */
export async function findTicket(
  jira: Jira,
  { stream }: Target,
  key: IdempotencyKey,
  ask: { readonly watermark?: Watermark; readonly signal?: AbortSignal },
): Promise<Found> {
  const label = labelOf(jira, key);
  const ours = new Map<string, Ticket>();
  const keep = (ticket: Ticket | undefined): void => {
    if (ticket?.carries === key.value && ticket.labels.includes(label)) ours.set(ticket.record.ref.key, ticket);
  };
  for await (const ticket of behind(jira, stream, ask.watermark, ask.signal)) keep(ticket);
  for (const issue of await searchIssues(jira, `labels = ${jqlString(label)} ORDER BY key ASC`, 50, ask.signal)) {
    const id = isObject(issue) && typeof issue['id'] === 'string' ? issue['id'] : undefined;
    if (id !== undefined && !ours.has(id)) keep(await readTicket(jira, stream, id, ask.signal));
  }
  const tickets = [...ours.values()].map((ticket) => refOf(ticket.record));
  const [only, ...more] = tickets;
  if (only === undefined) return { is: 'unknown', againAfterMs };
  return more.length === 0 ? { is: 'found', ticket: only } : { is: 'ambiguous', tickets };
}

async function* behind(jira: Jira, stream: string, watermark: Watermark | undefined, signal?: AbortSignal): AsyncGenerator<Ticket> {
  const project = watermark?.['project'];
  const number = watermark?.['number'];
  if (typeof project !== 'string' || partsOf(`${project}-1`) === undefined || typeof number !== 'number' || !Number.isSafeInteger(number))
    return;
  let missing = 0;
  for (let next = number + 1; missing < jira.config.probeStretch && next <= number + maxProbes; next += 1) {
    const ticket = await readable(readTicket(jira, stream, `${project}-${next}`, signal, true));
    missing = ticket === 'missing' ? missing + 1 : 0;
    if (typeof ticket === 'object') yield ticket;
  }
}

/** An issue that cannot be read as a record is not ours, but it is there. */
async function readable(reading: Promise<Ticket | undefined>): Promise<Ticket | 'missing' | 'unreadable'> {
  try {
    return (await reading) ?? 'missing';
  } catch (error) {
    if (isFailure(error) && error.kind === 'record') return 'unreadable';
    throw error;
  }
}

async function searchIssues(jira: Jira, jql: string, maxResults: number, signal?: AbortSignal): Promise<readonly Json[]> {
  const { value } = await jira.client.ask({
    send: (api, via) => api.searchAndReconsileIssuesUsingJqlPost(via, { jql, maxResults, fields: ['summary'] }),
    answer: SearchAnswer,
    effect: 'read',
    signal,
  });
  return value.issues;
}
