import { type Answer, ok, refuse } from '../answer.js';
import { openIssue, permitted } from '../access.js';
import { type Json, isObject, textOf } from '../json.js';
import type { Call } from '../sim.js';
import type { ChangeItem, IssueFile, IssueLink } from '../store/issue.js';
import { touchIssue } from '../store/write.js';
import type { LinkType } from '../world/types.js';
import { readBody } from './body.js';

/** GET /issueLinkType */
export function listLinkTypes(call: Call): Answer {
  return ok({ issueLinkTypes: call.sim.world.linkTypes.map((type) => renderType(call, type)) });
}

function renderType(call: Call, type: LinkType): Json {
  return { ...type, self: `${call.sim.baseUrl}/rest/api/3/issueLinkType/${type.id}` };
}

/**
 * POST /issueLink: 201 with an empty body. `inwardIssue` A and `outwardIssue` B make "A <outward> B".
 * The same link again answers 201 and makes no second one.
 */
export function postIssueLink(call: Call): Answer {
  const body = readBody(call, { type: 'object', inwardIssue: 'object', outwardIssue: 'object', comment: 'object' });
  const type = typeOf(call, body['type']);
  const from = openIssue(call, named(body['inwardIssue']));
  const to = openIssue(call, named(body['outwardIssue']));
  const caller = permitted(call, 'LINK_ISSUES');
  if (from === to) refuse(400, ['You cannot link an issue to itself.']);
  const committed = { issueId: String(from.issue.id), op: 'link' };
  const links = [...call.sim.shelf.links.values()];
  if (links.some((link) => link.typeId === type.id && link.from === from.issue.id && link.to === to.issue.id))
    return { status: 201, committed };
  call.sim.shelf.last.link += 1;
  const { link: id } = call.sim.shelf.last;
  call.sim.shelf.links.set(id, { id, typeId: type.id, from: from.issue.id, to: to.issue.id });
  note(call, from, caller.accountId, {
    to: to.issue.key,
    toString: `This issue ${type.outward} ${to.issue.key}`,
    from: null,
    fromString: null,
  });
  note(call, to, caller.accountId, {
    to: from.issue.key,
    toString: `This issue ${type.inward} ${from.issue.key}`,
    from: null,
    fromString: null,
  });
  return { status: 201, committed };
}

/** GET /issueLink/{id} */
export function getIssueLink(call: Call): Answer {
  const link = openLink(call);
  const type = call.sim.world.linkTypes.find((each) => each.id === link.typeId);
  const end = (id: number): Json => ({
    id: String(id),
    key: call.sim.shelf.files.get(id)?.issue.key ?? '',
    self: `${call.sim.baseUrl}/rest/api/3/issue/${id}`,
  });
  return ok({
    id: String(link.id),
    self: `${call.sim.baseUrl}/rest/api/3/issueLink/${link.id}`,
    type: type === undefined ? null : renderType(call, type),
    inwardIssue: end(link.from),
    outwardIssue: end(link.to),
  });
}

/** DELETE /issueLink/{id} */
export function removeIssueLink(call: Call): Answer {
  const caller = permitted(call, 'LINK_ISSUES');
  const link = openLink(call);
  call.sim.shelf.links.delete(link.id);
  for (const [self, other] of [
    [link.from, link.to],
    [link.to, link.from],
  ] as const) {
    const file = call.sim.shelf.files.get(self);
    const key = call.sim.shelf.files.get(other)?.issue.key ?? '';
    if (file !== undefined)
      note(call, file, caller.accountId, { from: key, fromString: `This issue is linked to ${key}`, to: null, toString: null });
  }
  return { status: 204, committed: { issueId: String(link.from), op: 'unlink' } };
}

function note(call: Call, file: IssueFile, author: string, change: Pick<ChangeItem, 'from' | 'fromString' | 'to' | 'toString'>): void {
  const item: ChangeItem = { field: 'Link', fieldtype: 'jira', fieldId: 'issuelinks', ...change };
  touchIssue(call.sim, file, author, { item, stamp: call.sim.switches.linkTouchesUpdated });
}

function openLink(call: Call): IssueLink {
  const link = call.sim.shelf.links.get(Number(call.params[0]));
  if (link === undefined) return refuse(404, [`No issue link with id '${call.params[0] ?? ''}' exists.`]);
  openIssue(call, String(link.from));
  openIssue(call, String(link.to));
  return link;
}

function typeOf(call: Call, raw: Json | undefined): LinkType {
  const wanted = isObject(raw) ? raw : {};
  const type = call.sim.world.linkTypes.find((each) => ('id' in wanted ? each.id === textOf(wanted['id']) : each.name === wanted['name']));
  if (type !== undefined) return type;
  const name = textOf(wanted['name']);
  return refuse(404, [
    name === undefined
      ? `No issue link type with id '${textOf(wanted['id']) ?? ''}' found.`
      : `No issue link type with name '${name}' found.`,
  ]);
}

function named(raw: Json | undefined): string {
  return isObject(raw) ? (textOf(raw['id']) ?? textOf(raw['key']) ?? '') : '';
}
