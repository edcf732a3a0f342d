import { type Answer, isRefusal, refuse, refusePayload } from '../answer.js';
import { canBrowse, permitted } from '../access.js';
import { type Json, type JsonObject, isList, isObject, textOf } from '../json.js';
import type { Call } from '../sim.js';
import type { IssueFile } from '../store/issue.js';
import { createIssue } from '../store/write.js';
import type { IssueType, Project } from '../world/types.js';
import { readBody } from './body.js';
import { readFields } from './issue-input.js';
import { makeTransition, readTransition } from './transitions.js';

const createShape = { fields: 'object', update: 'object', properties: 'list', transition: 'object', historyMetadata: 'object' } as const;

/** Most issues in one POST /issue/bulk. */
const maxBulk = 50;
/** Longest entity property, serialised. */
export const maxProperty = 32_768;

/** POST /issue: fields, labels and entity properties in one step. 201 even where the transition it asked for failed. */
export function createOne(call: Call): Answer {
  const body = readBody(call, createShape);
  const file = create(call, body);
  return { status: 201, body: createdBody(call, file, body), committed: { issueId: String(file.issue.id), op: 'create' } };
}

/** POST /issue/bulk: 201 when at least one was created; the failed ones are counted from zero. */
export function createMany(call: Call): Answer {
  const body = readBody(call, { issueUpdates: 'list' });
  const updates = isList(body['issueUpdates']) ? body['issueUpdates'] : [];
  if (updates.length > maxBulk) refuse(400, [`The maximum number of issues that can be created in one request is ${maxBulk}.`]);
  const issues: Json[] = [];
  const errors: Json[] = [];
  let first: IssueFile | undefined;
  for (const [index, update] of updates.entries()) {
    try {
      if (!isObject(update)) refusePayload();
      const file = create(call, update);
      first ??= file;
      issues.push(createdBody(call, file, update));
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown;
      errors.push({ status: thrown.answer.status, elementErrors: thrown.answer.body ?? null, failedElementNumber: index });
    }
  }
  if (first === undefined) return { status: 400, body: { issues, errors } };
  return { status: 201, body: { issues, errors }, committed: { issueId: String(first.issue.id), op: 'create' } };
}

function create(call: Call, body: JsonObject): IssueFile {
  const { sim } = call;
  const fields = isObject(body['fields']) ? body['fields'] : {};
  const project = projectOf(call, fields['project']);
  const caller = permitted(call, 'CREATE_ISSUES');
  const type = typeOf(project, fields['issuetype']);
  const properties = readProperties(body['properties']);
  const required = [...type.required];
  const values = readFields(sim, { project, fields: type.createScreen, required, issue: undefined }, body);
  const defaults = { priority: '3', reporter: caller.accountId, creator: caller.accountId };
  const given = Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Json] => entry[1] !== undefined));
  const file = createIssue(sim, {
    projectKey: project.key,
    typeId: type.id,
    statusId: type.initialStatus,
    values: { ...defaults, ...given },
  });
  for (const [key, value] of properties) file.properties.set(key, value);
  return file;
}

function projectOf(call: Call, raw: Json | undefined): Project {
  const named = isObject(raw) ? raw : {};
  const project = call.sim.world.projects.find((each) => each.key === textOf(named['key']) || each.id === textOf(named['id']));
  if (project !== undefined && canBrowse(call.caller, project.key)) return project;
  return refuse(400, [], { project: 'Specify a valid project ID or key' });
}

function typeOf(project: Project, raw: Json | undefined): IssueType {
  if (!isObject(raw)) return refuse(400, [], { issuetype: 'Specify an issue type' });
  const type = project.types.find((each) => ('id' in raw ? each.id === textOf(raw['id']) : each.name === raw['name']));
  return type ?? refuse(400, [], { issuetype: 'Specify a valid issue type' });
}

function readProperties(raw: Json | undefined): readonly (readonly [string, Json])[] {
  return (isList(raw) ? raw : []).map((property) => {
    const key = isObject(property) ? property['key'] : undefined;
    const value = isObject(property) ? property['value'] : undefined;
    if (typeof key !== 'string' || key === '' || key.length > 255 || value === undefined) return refusePayload();
    if (JSON.stringify(value).length > maxProperty) return refuse(400, ['The property value cannot be longer than 32768 characters.']);
    return [key, value] as const;
  });
}

function createdBody(call: Call, file: IssueFile, body: JsonObject): JsonObject {
  const created = { id: String(file.issue.id), key: file.issue.key, self: `${call.sim.baseUrl}/rest/api/3/issue/${file.issue.id}` };
  if (body['transition'] === undefined) return created;
  try {
    makeTransition(call, file, readTransition(call, file, body), body);
    return { ...created, transition: { status: 200, errorCollection: { errorMessages: [], errors: {} } } };
  } catch (thrown) {
    if (!isRefusal(thrown)) throw thrown;
    return { ...created, transition: { status: thrown.answer.status, errorCollection: thrown.answer.body ?? null } };
  }
}
