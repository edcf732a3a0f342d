import { type Answer, ok, refuse } from '../answer.js';
import { openIssue, permitted } from '../access.js';
import { renderStatus } from '../fields/render.js';
import { type Json, type JsonObject, isObject, textOf } from '../json.js';
import type { Call } from '../sim.js';
import type { IssueFile } from '../store/issue.js';
import { editIssue } from '../store/write.js';
import type { Transition } from '../world/types.js';
import { readBody } from './body.js';
import { commentFromUpdate } from './comments.js';
import { configurationOf } from './issue.js';
import { readFields } from './issue-input.js';
import { metaOf } from './meta-field.js';

/** GET /issue/{k}/transitions: those open from the current status; an empty list without permission. */
export function listTransitions(call: Call): Answer {
  const file = openIssue(call, call.params[0]);
  const wanted = call.query.get('transitionId');
  const withFields = (call.query.get('expand') ?? '').split(',').includes('transitions.fields');
  const mayMove = call.caller !== undefined && !call.caller.deny.includes('TRANSITION_ISSUES');
  const open = mayMove ? openTransitions(call, file).filter((transition) => wanted === null || transition.id === wanted) : [];
  return ok({ expand: 'transitions', transitions: open.map((transition) => render(call, file, transition, withFields)) });
}

/** POST /issue/{k}/transitions */
export function postTransition(call: Call): Answer {
  const body = readBody(call, { transition: 'object', fields: 'object', update: 'object', historyMetadata: 'object', properties: 'list' });
  const file = openIssue(call, call.params[0]);
  makeTransition(call, file, readTransition(call, file, body), body);
  return { status: 204, committed: { issueId: String(file.issue.id), op: 'transition' } };
}

/** The transition that a request names. */
export function readTransition(call: Call, file: IssueFile, body: JsonObject): Transition {
  const named = isObject(body['transition']) ? textOf(body['transition']['id']) : undefined;
  if (named === undefined) return refuse(400, ["Missing 'transition' identifier"]);
  permitted(call, 'TRANSITION_ISSUES');
  const transition = openTransitions(call, file).find((each) => each.id === named);
  return transition ?? refuse(400, [`Transition id '${named}' is not valid for this issue.`]);
}

/** Carries a transition out: screen, required fields, post functions. One changelog entry holds status and fields. */
export function makeTransition(call: Call, file: IssueFile, transition: Transition, body: JsonObject): void {
  const caller = permitted(call, 'TRANSITION_ISSUES');
  const { project } = configurationOf(call, file);
  const screen = transition.screen ?? {};
  const required = Object.keys(screen).filter((id) => screen[id]);
  const values = readFields(call.sim, { project, fields: Object.keys(screen), required, issue: forScreen(file) }, body);
  const { validator } = transition;
  if (validator !== undefined && (values[validator.field] ?? file.issue.values[validator.field]) === undefined)
    refuse(400, [validator.message]);
  const comment = commentFromUpdate(call.sim, body['update']);
  const after = { ...values, ...resolutionAfter(call, file, transition, values) };
  editIssue(call.sim, file, caller.accountId, { statusId: transition.to, values: after });
  comment?.(call, file);
}

/** A resolution must be given on the screen anew, whatever the issue holds. */
function forScreen(file: IssueFile): IssueFile['issue'] {
  const { resolution: _resolution, ...values } = file.issue.values;
  return { ...file.issue, values };
}

/** What entering a status does to resolution and its date: done ones keep or get it, the others lose it. */
export function resolutionAfter(
  call: Pick<Call, 'sim'>,
  file: IssueFile,
  transition: Pick<Transition, 'to' | 'resolves'>,
  values: Readonly<Record<string, Json | undefined>>,
): Readonly<Record<string, Json | undefined>> {
  const isDone = call.sim.world.statuses.find((status) => status.id === transition.to)?.category === 'done';
  if (!isDone) return { resolution: undefined, resolutiondate: undefined };
  const resolution = values['resolution'] ?? transition.resolves ?? file.issue.values['resolution'];
  return resolution === undefined ? {} : { resolution, resolutiondate: call.sim.clock.now() };
}

/** The edges that leave from where the issue is. */
export function openTransitions(call: Pick<Call, 'sim'>, file: IssueFile): readonly Transition[] {
  return configurationOf(call, file).type.transitions.filter((transition) => transition.from.includes(file.issue.statusId));
}

function render(call: Call, file: IssueFile, transition: Transition, withFields: boolean): JsonObject {
  const { sim } = call;
  const to = sim.world.statuses.find((status) => status.id === transition.to);
  const { project } = configurationOf(call, file);
  const shown = Object.entries(transition.screen ?? {}).filter(
    ([id]) => id !== 'resolution' || !sim.switches.transitionFieldsHideResolution,
  );
  const fields = shown.flatMap(([id, required]): [string, Json][] => {
    const field = sim.world.fields.find((each) => each.id === id);
    return field === undefined ? [] : [[id, metaOf(call, project, field, required)]];
  });
  return {
    id: transition.id,
    name: transition.name,
    ...(to !== undefined && { to: renderStatus(call, to) }),
    hasScreen: transition.screen !== undefined,
    isGlobal: false,
    isInitial: false,
    isConditional: false,
    isAvailable: true,
    isLooped: false,
    ...(withFields && { fields: Object.fromEntries(fields) }),
  };
}
