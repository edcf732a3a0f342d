import { Failure, type HistoryEntry, type Json } from 'golden-thread/kit';
import type { ActorOf } from './actor.js';
import type { CatalogueField } from './catalogue.js';
import { elementsOf, type Known, projectOfKey, valueOfEnd } from './change-value.js';
import { issueId } from './issue-key.js';
import type { Jira } from './jira.js';
import { rewindLists, type Step } from './list-history.js';
import { readTicket } from './ticket.js';
import { instantOf } from './value.js';
import { type ChangeItem, Changelog, type History, Statuses } from './wire.js';

const pageSize = 100;

/** What the changelog calls fields for which it gives no id, or an id of its own. */
const otherNames: Readonly<Record<string, string>> = {
  Component: 'components',
  'Fix Version': 'fixVersions',
  Version: 'versions',
  IssueParentAssociation: 'parent',
  Parent: 'parent',
  'Epic Link': 'parent',
};

/**
 * Everything that happened to a ticket, oldest first. Read page by page to the end: the changelog that comes with an issue holds the newest
 * forty entries only. Changes are in the names and shapes of the record's `data`, so that setting each field to `from`, newest entry
 * first, gives the record as it was; of rich text the changelog has the words, and its own line breaks. Fields that the record does not hold are left out; their entries stay.
 */
export async function readHistory(
  jira: Jira,
  stream: string,
  ticketKey: string,
  actorOf: ActorOf,
  signal?: AbortSignal,
): Promise<readonly HistoryEntry[]> {
  const now = await readTicket(jira, stream, ticketKey, signal);
  if (now === undefined)
    throw new Failure('record', 'the ticket was deleted, or the account may no longer see it', {
      key: ticketKey,
      status: 404,
      committed: 'no',
    });
  const histories = await readAll(jira, ticketKey, signal);
  const categories = await categoriesOf(jira, histories, signal);
  const frame = await jira.frame(stream, signal);
  const fieldOf = finder(frame.fields);

  const entries: { id: string; at: string; actor: HistoryEntry['actor']; steps: Step[] }[] = [];
  for (const history of histories) {
    const at = instantOf(history.created);
    if (at === undefined) throw new Failure('contract', 'a changelog entry has no readable date', { key: ticketKey });
    const steps = history.items.flatMap((item) =>
      stepOf(item, history, fieldOf, { categories, richText: (text) => jira.dialect.markup.read(text) }),
    );
    entries.push({ id: history.id, at, actor: await actorOf(history.author, signal), steps });
  }
  entries.sort((a, b) => (a.at === b.at ? Number(a.id) - Number(b.id) : a.at < b.at ? -1 : 1));
  if (frame.fields.some((field) => field.name === 'resolutiondate')) addResolutionDates(entries);
  const changes = rewindLists(entries, now.record);
  return entries.map(({ id, at, actor }, index) => ({ id, at, actor, changes: changes[index] ?? [] }));
}

async function readAll(jira: Jira, ticketKey: string, signal?: AbortSignal): Promise<readonly History[]> {
  const all: History[] = [];
  for (;;) {
    const { value } = await jira.client.ask({
      send: (api, via) => api.getChangeLogs(via, { issueIdOrKey: issueId(ticketKey), startAt: all.length, maxResults: pageSize }),
      answer: Changelog,
      effect: 'read',
      signal,
    });
    all.push(...value.values);
    if (value.values.length === 0 || value.isLast === true || (value.total !== undefined && all.length >= value.total)) return all;
  }
}

function finder(fields: readonly CatalogueField[]): (item: ChangeItem) => CatalogueField | undefined {
  const byId = new Map(fields.map((field) => [field.id, field]));
  return (item) =>
    byId.get(item.fieldId ?? '') ??
    byId.get(otherNames[item.field] ?? item.field) ??
    fields.find((field) => field.label === item.field && item.fieldId === undefined);
}

function stepOf(item: ChangeItem, history: History, fieldOf: (item: ChangeItem) => CatalogueField | undefined, known: Known): Step[] {
  if (item.field === 'Key') return [{ field: 'key', from: item.fromText ?? null, to: item.toText ?? null }];
  const field = fieldOf(item);
  if (field === undefined) return [];
  const ends = { from: { id: item.from, text: item.fromText }, to: { id: item.to, text: item.toText } };
  if (field.shape === 'named-list') return [{ field: field.name, removed: elementsOf(ends.from), added: elementsOf(ends.to) }];
  if (field.shape === 'project') {
    const moved = history.items.find((other) => other.field === 'Key');
    return [
      { field: field.name, from: projectOfKey(item.from ?? null, moved?.fromText), to: projectOfKey(item.to ?? null, moved?.toText) },
    ];
  }
  return [{ field: field.name, from: valueOfEnd(field.shape, ends.from, known), to: valueOfEnd(field.shape, ends.to, known) }];
}

/** Jira sets the resolution date together with the resolution and need not write it into the changelog. */
function addResolutionDates(entries: readonly { readonly at: string; readonly steps: Step[] }[]): void {
  let date: Json = null;
  for (const { at, steps } of entries) {
    const resolution = steps.find((step) => step.field === 'resolution');
    if (resolution === undefined || !('to' in resolution) || steps.some((step) => step.field === 'resolutiondate')) continue;
    const next = resolution.to === null ? null : at;
    steps.push({ field: 'resolutiondate', from: date, to: next });
    date = next;
  }
}

/** The categories of the statuses that the ticket went through; a status that is gone has none. */
async function categoriesOf(jira: Jira, histories: readonly History[], signal?: AbortSignal): Promise<ReadonlyMap<string, string>> {
  if (!histories.some((history) => history.items.some((item) => (item.fieldId ?? item.field) === 'status'))) return new Map();
  const { value } = await jira.client.ask({ send: (api, via) => api.getStatuses(via), answer: Statuses, effect: 'read', signal });
  return new Map(value.flatMap((status) => (status.statusCategory === undefined ? [] : [[status.id, status.statusCategory.key]])));
}
