import { type Answer, ok, refuse } from '../answer.js';
import { openIssue, permitted } from '../access.js';
import { isDocument, problemOf } from '../fields/adf.js';
import { readWikiComment } from '../data-center/rich-text.js';
import { renderComment } from '../fields/render.js';
import { type Json, isList, isObject } from '../json.js';
import type { Call, Sim } from '../sim.js';
import type { Comment, IssueFile } from '../store/issue.js';
import { stampWrite, touchIssue } from '../store/write.js';
import { numberParameter, readBody } from './body.js';

const shape = { body: 'any', properties: 'list', visibility: 'object', public: 'boolean' } as const;

/** GET /issue/{k}/comment: oldest first unless `orderBy=-created`. */
export function listComments(call: Call): Answer {
  const file = openIssue(call, call.params[0]);
  const startAt = numberParameter(call, 'startAt', 0);
  const maxResults = Math.min(numberParameter(call, 'maxResults', 100), 5000);
  const ordered = call.query.get('orderBy') === '-created' ? file.comments.toReversed() : file.comments;
  const page = ordered.slice(startAt, startAt + maxResults).map((comment) => renderComment(call, file.issue.id, comment));
  return ok({ startAt, maxResults, total: file.comments.length, comments: page });
}

/** GET /issue/{k}/comment/{id} */
export function getComment(call: Call): Answer {
  const file = openIssue(call, call.params[0]);
  return ok(renderComment(call, file.issue.id, file.comments[findComment(file, call.params[1])] as Comment));
}

/** POST /issue/{k}/comment */
export function postComment(call: Call): Answer {
  const body = readBody(call, shape);
  const file = openIssue(call, call.params[0]);
  const caller = permitted(call, 'ADD_COMMENTS');
  const comment = addComment(
    call.sim,
    file,
    caller.accountId,
    readText(call.sim, body['body']),
    isList(body['properties']) ? body['properties'] : [],
  );
  return { status: 201, body: renderComment(call, file.issue.id, comment), committed: { issueId: String(file.issue.id), op: 'comment' } };
}

/** PUT /issue/{k}/comment/{id} */
export function putComment(call: Call): Answer {
  const body = readBody(call, shape);
  const file = openIssue(call, call.params[0]);
  const caller = permitted(call, 'ADD_COMMENTS');
  const at = findComment(file, call.params[1]);
  const before = file.comments[at] as Comment;
  if (before.author !== caller.accountId && caller.deny.includes('EDIT_ALL_COMMENTS'))
    refuse(400, ['You do not have permission to edit this comment.']);
  const document = readText(call.sim, body['body']);
  const properties = isList(body['properties']) ? body['properties'] : before.properties;
  const comment: Comment = { ...before, body: document, properties, updateAuthor: caller.accountId, updated: stampWrite(call.sim) };
  file.comments[at] = comment;
  touchIssue(call.sim, file, caller.accountId, { stamp: call.sim.switches.commentTouchesUpdated });
  return { ...ok(renderComment(call, file.issue.id, comment)), committed: { issueId: String(file.issue.id), op: 'comment' } };
}

/** DELETE /issue/{k}/comment/{id} */
export function removeComment(call: Call): Answer {
  const file = openIssue(call, call.params[0]);
  const caller = permitted(call, 'ADD_COMMENTS');
  file.comments.splice(findComment(file, call.params[1]), 1);
  touchIssue(call.sim, file, caller.accountId, { stamp: call.sim.switches.commentTouchesUpdated });
  return { status: 204, committed: { issueId: String(file.issue.id), op: 'comment' } };
}

/** Adds a comment. It moves the issue's update stamp by default, and leaves no changelog entry. */
export function addComment(sim: Sim, file: IssueFile, author: string, body: Json, properties: readonly Json[] = []): Comment {
  touchIssue(sim, file, author, { stamp: sim.switches.commentTouchesUpdated });
  const at = sim.clock.now();
  sim.shelf.last.comment += 1;
  const comment: Comment = { id: sim.shelf.last.comment, author, updateAuthor: author, created: at, updated: at, body, properties };
  file.comments.push(comment);
  return comment;
}

/** The comment that `update: {comment: [{add: {body}}]}` adds; checked here, added by the function that it answers. */
export function commentFromUpdate(sim: Sim, update: Json | undefined): ((call: Call, file: IssueFile) => void) | undefined {
  const operations = isObject(update) && isList(update['comment']) ? update['comment'] : [];
  const documents = operations.map((operation) => {
    const added = isObject(operation) ? operation['add'] : undefined;
    return readText(sim, isObject(added) ? added['body'] : undefined);
  });
  if (documents.length === 0) return undefined;
  return (call, file) => {
    for (const document of documents) addComment(call.sim, file, call.caller?.accountId ?? '', document);
  };
}

/** A document, or wiki text on a Data Center. */
function readText(sim: Sim, raw: Json | undefined): Json {
  return sim.deployment === 'cloud' ? readDocument(raw) : readWikiComment(raw);
}

function readDocument(raw: Json | undefined): Json {
  if (!isDocument(raw) || problemOf(raw) !== undefined || (isList(raw['content']) && raw['content'].length === 0))
    return refuse(400, [], { comment: 'Comment body is not valid!' });
  return raw;
}

function findComment(file: IssueFile, id: string | undefined): number {
  const at = file.comments.findIndex((comment) => String(comment.id) === id);
  return at >= 0 ? at : refuse(404, [`Can not find a comment for the id: ${id ?? ''}.`]);
}
