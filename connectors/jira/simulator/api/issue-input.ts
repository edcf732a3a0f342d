import { refuse } from '../answer.js';
import { applyOperations, parseValue } from '../fields/parse.js';
import { type Json, type JsonObject, isObject } from '../json.js';
import type { Sim } from '../sim.js';
import type { Issue } from '../store/issue.js';
import type { Field, Project } from '../world/types.js';

/** What a create, an edit or a transition may set. */
export interface Screen {
  readonly project: Project;
  /** Field ids on the screen. */
  readonly fields: readonly string[];
  /** Field ids that must hold something afterwards. */
  readonly required: readonly string[];
  /** The issue as it is; undefined on create. */
  readonly issue: Issue | undefined;
}

/** Reads `fields` and `update` of a request against a screen. Refuses with every bad field named; changes nothing itself. */
export function readFields(sim: Sim, screen: Screen, body: JsonObject): Readonly<Record<string, Json | undefined>> {
  const errors: Record<string, string> = {};
  const messages: string[] = [];
  const values: Record<string, Json | undefined> = {};
  const fields = isObject(body['fields']) ? body['fields'] : {};
  const update = isObject(body['update']) ? body['update'] : {};
  for (const id of new Set([...Object.keys(fields), ...Object.keys(update)])) {
    if (id === 'project' || id === 'issuetype' || (id === 'comment' && id in update)) continue;
    const field = fieldOnScreen(sim, screen, id);
    if (field === undefined) {
      errors[id] = `Field '${id}' cannot be set. It is not on the appropriate screen, or unknown.`;
      continue;
    }
    if (id in fields && id in update) {
      errors[id] = `Field with id '${id}' and name '${field.name}' was specified in both fields and update.`;
      continue;
    }
    const parsed =
      id in fields
        ? parseValue(sim, field, screen.project, fields[id] ?? null)
        : applyOperations(sim, field, screen.project, screen.issue?.values[id], update[id] ?? null);
    if (!('problem' in parsed)) values[id] = parsed.value;
    else if (parsed.problem === 'INVALID_INPUT') messages.push(parsed.problem);
    else errors[id] = parsed.problem;
  }
  for (const id of screen.required) {
    const name = sim.world.fields.find((field) => field.id === id)?.name ?? id;
    const held = id in values ? values[id] : screen.issue?.values[id];
    if (held === undefined && errors[id] === undefined)
      errors[id] = id === 'summary' ? 'You must specify a summary of the issue.' : `${name} is required.`;
  }
  if (messages.length > 0 || Object.keys(errors).length > 0) refuse(400, messages, errors);
  return values;
}

function fieldOnScreen(sim: Sim, screen: Screen, id: string): Field | undefined {
  return screen.fields.includes(id) ? sim.world.fields.find((field) => field.id === id) : undefined;
}
