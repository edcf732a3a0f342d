import { richText } from '../data-center/rich-text.js';
import { type Json, type JsonObject, asText, isList, isObject, textOf } from '../json.js';
import type { Sim } from '../sim.js';
import { findFile } from '../store/shelf.js';
import { findField } from '../world/fields.js';
import { findPerson } from '../world/people.js';
import type { Field, IssueType, Named, Project, Status } from '../world/types.js';

/** A sentence for whoever drives the simulator; answered as 400 `{error}`. */
export function complain(error: string): never {
  throw Object.assign(new Error(error), { answer: { status: 400, body: { error } } });
}

export function projectNamed(sim: Sim, key: string): Project {
  return sim.world.projects.find((project) => project.key === key) ?? complain(`there is no project ${key}`);
}

export function typeNamed(project: Project, name: string | undefined): IssueType {
  const type = name === undefined ? project.types[0] : project.types.find((each) => each.name === name || each.id === name);
  return type ?? complain(`project ${project.key} has no type '${name ?? ''}'`);
}

export function statusNamed(sim: Sim, type: IssueType, name: string): Status {
  const lower = name.toLowerCase();
  const status = sim.world.statuses.find(
    (each) => type.statuses.includes(each.id) && (each.id === name || each.name.toLowerCase() === lower),
  );
  return status ?? complain(`type '${type.name}' has no status '${name}'`);
}

export function personNamed(sim: Sim, who: Json | undefined): string {
  const person = findPerson(sim.world.people, textOf(who) ?? '');
  return person?.accountId ?? complain(`nobody is called '${textOf(who) ?? ''}'; 'by' is an account id, e-mail or display name`);
}

/** Field values by id or name as they are stored; null empties a field. */
export function storedValues(sim: Sim, project: Project, fields: JsonObject): Readonly<Record<string, Json | undefined>> {
  const values: Record<string, Json | undefined> = {};
  for (const [name, raw] of Object.entries(fields)) {
    const field = findField(sim.world.fields, name) ?? complain(`there is no field '${name}'`);
    values[field.id] = raw === null ? undefined : storedValue(sim, project, field, raw);
  }
  return values;
}

function storedValue(sim: Sim, project: Project, field: Field, raw: Json): Json {
  const named = (list: readonly Named[]): Json => {
    const wanted = isObject(raw) ? (textOf(raw['id']) ?? textOf(raw['value']) ?? textOf(raw['name'])) : textOf(raw);
    const entry = list.find((each) => each.id === wanted || each.name.toLowerCase() === wanted?.toLowerCase());
    return entry?.id ?? complain(`'${wanted ?? ''}' is no value of field '${field.name}'`);
  };
  switch (field.kind) {
    case 'adf':
      return richText(sim, raw);
    case 'priority':
      return named(sim.world.priorities);
    case 'resolution':
      return named(sim.world.resolutions);
    case 'security':
      return named(sim.world.securityLevels);
    case 'select':
      return named(field.options ?? []);
    case 'components':
      return (isList(raw) ? raw : [raw]).map((each) => namedIn(project.components, each));
    case 'user':
      return personNamed(sim, isObject(raw) ? raw['accountId'] : raw);
    case 'parent':
      return String(findFile(sim.shelf, textOf(raw) ?? '')?.issue.id ?? complain(`there is no issue ${textOf(raw) ?? ''}`));
    case 'labels':
      return isList(raw) ? raw : complain('labels are a list');
    case 'number':
      return typeof raw === 'number' ? raw : complain(`field '${field.name}' is a number`);
    case 'given':
      return raw;
    case 'datetime': {
      const at = Date.parse(textOf(raw) ?? '');
      return Number.isNaN(at) ? complain(`field '${field.name}' is an ISO 8601 instant`) : at;
    }
    case 'summary':
    case 'text':
    case 'date':
      return textOf(raw) ?? complain(`field '${field.name}' is a text`);
    default:
      return complain(`field '${field.name}' cannot be set like this`);
  }
}

function namedIn(list: readonly Named[], raw: Json): string {
  return list.find((each) => each.id === raw || each.name === raw)?.id ?? complain(`there is no component '${asText(raw)}'`);
}
