import { type Json, sameJson } from '../json.js';
import type { Sim } from '../sim.js';
import { displayOf } from '../fields/display.js';
import { customNumber, findField } from '../world/fields.js';
import type { Change, ChangeItem, Issue, IssueFile } from './issue.js';
import { shelve, takeIdentity, takeKey } from './shelf.js';

/** What a new issue is made of. */
export interface Draft {
  readonly projectKey: string;
  readonly typeId: string;
  readonly statusId: string;
  readonly values: Readonly<Record<string, Json>>;
  readonly created?: number;
  readonly updated?: number;
  /** Replaces the index lag of the switches. */
  readonly visibleInMs?: number;
}

/** How an issue changes. A value of undefined empties the field. */
export interface Edit {
  readonly values?: Readonly<Record<string, Json | undefined>>;
  readonly statusId?: string;
  readonly visibleInMs?: number;
}

/** Creates an issue. Creation leaves no changelog entry. */
export function createIssue(sim: Sim, draft: Draft): IssueFile {
  const at = stampWrite(sim);
  const created = draft.created ?? draft.updated ?? at;
  const issue: Issue = {
    ...takeIdentity(sim.shelf, draft.projectKey),
    typeId: draft.typeId,
    statusId: draft.statusId,
    created,
    updated: draft.updated ?? Math.max(at, created),
    values: draft.values,
  };
  const file = shelve(sim.shelf, issue);
  publish(sim, issue.id, issue, draft.visibleInMs);
  return file;
}

/** Applies an edit as one changelog entry; an edit that changes nothing leaves no trace, as in Jira. Answers the entry. */
export function editIssue(sim: Sim, file: IssueFile, author: string, edit: Edit): Change | undefined {
  const before = file.issue;
  const values: Record<string, Json> = { ...before.values };
  const items: ChangeItem[] = [];
  for (const [fieldId, value] of Object.entries(edit.values ?? {})) {
    if (sameJson(before.values[fieldId], value)) continue;
    items.push(changeOf(sim, fieldId, before.values[fieldId], value));
    if (value === undefined) delete values[fieldId];
    else values[fieldId] = value;
  }
  const statusId = edit.statusId ?? before.statusId;
  if (statusId !== before.statusId) items.push(changeOf(sim, 'status', before.statusId, statusId));
  return record(sim, file, author, { ...before, statusId, values }, items, edit.visibleInMs);
}

/** Moves an issue to another project: its id stays, its key does not, and the old key keeps leading to it. */
export function moveIssue(
  sim: Sim,
  file: IssueFile,
  author: string,
  to: { readonly projectKey: string; readonly typeId: string; readonly statusId: string },
): Change | undefined {
  const before = file.issue;
  const identity = takeKey(sim.shelf, to.projectKey);
  const item = (field: string, from: string | null, fromString: string, toId: string | null, toText: string): ChangeItem => ({
    field,
    fieldtype: 'jira',
    fieldId: field.toLowerCase(),
    from,
    fromString,
    to: toId,
    toString: toText,
  });
  const project = (key: string): { id: string; name: string } =>
    sim.world.projects.find((candidate) => candidate.key === key) ?? { id: key, name: key };
  const [old, next] = [project(before.projectKey), project(to.projectKey)];
  const items = [item('project', old.id, old.name, next.id, next.name), item('Key', null, before.key, null, identity.key)];
  if (to.typeId !== before.typeId) items.push(changeOf(sim, 'issuetype', before.typeId, to.typeId));
  if (to.statusId !== before.statusId) items.push(changeOf(sim, 'status', before.statusId, to.statusId));
  sim.shelf.byKey.set(identity.key, before.id);
  return record(sim, file, author, { ...before, ...identity, typeId: to.typeId, statusId: to.statusId }, items);
}

/** Deletes an issue. Search shows it until the index has caught up. */
export function deleteIssue(sim: Sim, file: IssueFile): void {
  file.deletedAt = stampWrite(sim);
  publish(sim, file.issue.id, undefined);
}

/** Puts an issue away, or brings it back: search no longer shows it, its update stamp does not move. */
export function archiveIssue(sim: Sim, file: IssueFile, archived: boolean): void {
  if (archived) file.archivedAt = stampWrite(sim);
  else delete file.archivedAt;
  publish(sim, file.issue.id, archived ? undefined : file.issue);
}

/** Moves the update stamp without a field change; with an item, writes that into the changelog as well. */
export function touchIssue(sim: Sim, file: IssueFile, author: string, ask: { readonly item?: ChangeItem; readonly stamp: boolean }): void {
  const at = stampWrite(sim);
  if (ask.item !== undefined) file.changes.push(nextChange(sim, author, at, [ask.item]));
  if (!ask.stamp) return;
  file.issue = { ...file.issue, updated: at };
  publish(sim, file.issue.id, file.issue);
}

/** The virtual time of a write, which itself may take some. */
export function stampWrite(sim: Sim): number {
  if (sim.switches.msPerWrite > 0) sim.clock.advance(sim.switches.msPerWrite);
  return sim.clock.now();
}

function record(
  sim: Sim,
  file: IssueFile,
  author: string,
  next: Issue,
  items: readonly ChangeItem[],
  visibleInMs?: number,
): Change | undefined {
  if (items.length === 0) return undefined;
  const at = stampWrite(sim);
  const change = nextChange(sim, author, at, items);
  file.changes.push(change);
  file.issue = { ...next, updated: at };
  publish(sim, file.issue.id, file.issue, visibleInMs);
  return change;
}

function nextChange(sim: Sim, author: string, at: number, items: readonly ChangeItem[]): Change {
  sim.shelf.last.change += 1;
  return { id: sim.shelf.last.change, author, at, items };
}

function changeOf(sim: Sim, fieldId: string, from: Json | undefined, to: Json | undefined): ChangeItem {
  const field = findField(sim.world.fields, fieldId);
  const [old, next] = [displayOf(sim, fieldId, from), displayOf(sim, fieldId, to)];
  const custom = customNumber(fieldId) !== undefined;
  return {
    field: custom ? (field?.name ?? fieldId) : fieldId,
    fieldtype: custom ? 'custom' : 'jira',
    fieldId,
    from: old.id,
    fromString: old.text,
    to: next.id,
    toString: next.text,
  };
}

function publish(sim: Sim, id: number, issue: Issue | undefined, visibleInMs?: number): void {
  const shown = sim.shelf.files.get(id)?.archivedAt === undefined ? issue : undefined;
  sim.index.put(id, shown, sim.clock.now() + (visibleInMs ?? drawLag(sim)));
}

function drawLag(sim: Sim): number {
  const lag = sim.switches.indexLagMs;
  return typeof lag === 'number' ? lag : Math.floor(lag[0] + sim.random.lag() * (lag[1] - lag[0]));
}
