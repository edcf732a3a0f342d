import { type Answer, ok, refuse, refuseWith } from '../answer.js';
import { openIssue, openProject, signedIn } from '../access.js';
import { renderIssueType, renderNamed, renderStamp, renderStatus, schemaOf } from '../fields/render.js';
import { type Json, asText, isList } from '../json.js';
import type { Call } from '../sim.js';
import { customNumber } from '../world/fields.js';
import { numberParameter } from './body.js';
import { configurationOf } from './issue.js';
import { metaOf } from './meta-field.js';

const notOnEditScreen = new Set(['project', 'issuetype']);

/** GET /issue/createmeta/{project}/issuetypes */
export function listCreateTypes(call: Call): Answer {
  const project = openProject(call, call.params[0] ?? '');
  const page = pageOf(
    call,
    project.types.map((type) => renderIssueType(call, type)),
  );
  return ok({ ...page.head, issueTypes: page.rows });
}

/** GET /issue/createmeta/{project}/issuetypes/{typeId} */
export function listCreateFields(call: Call): Answer {
  const project = openProject(call, call.params[0] ?? '');
  const type = project.types.find((each) => each.id === call.params[1]);
  if (type === undefined) return refuse(404, [`No issue type could be found with id '${call.params[1] ?? ''}'.`]);
  const fields = type.createScreen.flatMap((id) => {
    const field = call.sim.world.fields.find((each) => each.id === id);
    const required = type.required.includes(id) || notOnEditScreen.has(id);
    return field === undefined ? [] : [metaOf(call, project, field, required, type)];
  });
  const page = pageOf(call, fields);
  return ok({ ...page.head, fields: page.rows });
}

function pageOf(
  call: Call,
  all: readonly Json[],
): { readonly head: { startAt: number; maxResults: number; total: number }; readonly rows: readonly Json[] } {
  const startAt = numberParameter(call, 'startAt', 0);
  const maxResults = numberParameter(call, 'maxResults', 50);
  if (maxResults > 200)
    refuseWith({
      status: 400,
      body: { errorMessages: ["Parameter 'maxResults' must not exceed the limit '200'"], errors: {}, httpStatusCode: { present: true } },
    });
  return { head: { startAt, maxResults, total: all.length }, rows: all.slice(startAt, startAt + maxResults) };
}

/** GET /issue/{k}/editmeta */
export function getEditMeta(call: Call): Answer {
  const file = openIssue(call, call.params[0]);
  const { project, type } = configurationOf(call, file);
  const fields = type.editScreen.flatMap((id): [string, Json][] => {
    const field = call.sim.world.fields.find((each) => each.id === id);
    return field === undefined ? [] : [[id, metaOf(call, project, field, type.required.includes(id))]];
  });
  return ok({ fields: Object.fromEntries(fields) });
}

/** GET /field */
export function listFields(call: Call): Answer {
  return ok(
    call.sim.world.fields.map((field) => {
      const number = customNumber(field.id);
      return {
        id: field.id,
        key: field.id,
        name: field.name,
        custom: number !== undefined,
        orderable: true,
        navigable: field.kind !== 'comments',
        searchable: true,
        clauseNames: number === undefined ? [field.id] : [`cf[${number}]`, field.name],
        schema: schemaOf(field),
      };
    }),
  );
}

/** GET /status */
export function listStatuses(call: Call): Answer {
  return ok(call.sim.world.statuses.map((status) => renderStatus(call, status)));
}

/** GET /priority and GET /resolution */
export function listNamed(kind: 'priority' | 'resolution'): (call: Call) => Answer {
  return (call) => {
    signedIn(call);
    const all = kind === 'priority' ? call.sim.world.priorities : call.sim.world.resolutions;
    return ok(all.map((each) => renderNamed(call, kind, each)));
  };
}

/** GET /priority/search */
export function searchPriorities(call: Call): Answer {
  signedIn(call);
  const page = pageOf(
    call,
    call.sim.world.priorities.map((each) => renderNamed(call, 'priority', each)),
  );
  return ok({ ...page.head, isLast: page.head.startAt + page.rows.length >= page.head.total, values: page.rows });
}

/** GET /issuetype */
export function listIssueTypes(call: Call): Answer {
  return ok(call.sim.world.projects.flatMap((project) => project.types).map((type) => renderIssueType(call, type)));
}

/** GET /label: every label in use, sorted. */
export function listLabels(call: Call): Answer {
  signedIn(call);
  const labels = new Set<string>();
  for (const file of call.sim.shelf.files.values()) {
    const own = file.issue.values['labels'];
    if (file.deletedAt === undefined && isList(own)) for (const label of own) labels.add(asText(label));
  }
  const startAt = numberParameter(call, 'startAt', 0);
  const maxResults = Math.min(numberParameter(call, 'maxResults', 1000), 1000);
  const all = [...labels].toSorted();
  const values = all.slice(startAt, startAt + maxResults);
  return ok({ maxResults, startAt, total: all.length, isLast: startAt + values.length >= all.length, values });
}

/** GET /serverInfo: needs no credentials. */
export function getServerInfo(call: Call): Answer {
  return ok({
    baseUrl: call.sim.baseUrl,
    displayUrl: call.sim.baseUrl,
    version: '1001.0.0-SNAPSHOT',
    versionNumbers: [1001, 0, 0],
    deploymentType: 'Cloud',
    buildNumber: 100_300,
    buildDate: '2026-01-01T00:00:00.000+0000',
    serverTime: renderStamp(call, call.sim.clock.now()),
    scmInfo: 'simulator',
    serverTitle: 'Jira',
    defaultLocale: { locale: 'en_US' },
    serverTimeZone: 'UTC',
  });
}

/** GET /project/{k}/statuses: what the workflow of each issue type has. */
export function listTypeStatuses(call: Call): Answer {
  const project = openProject(call, call.params[0] ?? '');
  return ok(
    project.types.map((type) => ({
      ...renderIssueType(call, type),
      statuses: call.sim.world.statuses.filter((status) => type.statuses.includes(status.id)).map((status) => renderStatus(call, status)),
    })),
  );
}
