import { type Json, type JsonObject, asText, isList, isObject, textOf } from '../json.js';
import { usernameOf } from '../data-center/user.js';
import { parseWiki } from '../data-center/rich-text.js';
import type { Sim } from '../sim.js';
import { findFile } from '../store/shelf.js';
import type { Field, Named, Project } from '../world/types.js';
import { isDocument, problemOf } from './adf.js';

/** A value ready to be stored (undefined empties the field), or the sentence that Jira answers. */
export type Parsed = { readonly value: Json | undefined } | { readonly problem: string };

const maxText = 32_767;

/**
 * Reads a field value as the REST API takes it. Sentences for labels and documents were seen in the wild, `invalid` documents answer
 * INVALID_INPUT as sites do; the other wordings are unverified.
 */
export function parseValue(sim: Sim, field: Field, project: Project, raw: Json): Parsed {
  if (raw === null) return field.kind === 'summary' ? { problem: 'You must specify a summary of the issue.' } : { value: undefined };
  switch (field.kind) {
    case 'summary':
    case 'text':
      return parseText(field, raw);
    case 'adf':
      return sim.deployment === 'cloud' ? parseDocument(raw) : parseWiki(raw);
    case 'labels':
      return parseLabels(raw);
    case 'number':
      return typeof raw === 'number' ? { value: raw } : { problem: 'Operation value must be a number' };
    case 'date':
      return parseDay(raw);
    case 'datetime':
      return typeof raw === 'string' && !Number.isNaN(Date.parse(raw))
        ? { value: Date.parse(raw) }
        : { problem: `Error parsing date string: ${asText(raw)}` };
    case 'given':
      return { value: raw };
    case 'priority':
      return byIdOrName(sim.world.priorities, raw, 'name', 'The priority selected is invalid.');
    case 'resolution':
      return byIdOrName(sim.world.resolutions, raw, 'name', 'The resolution selected is invalid.');
    case 'security':
      return byIdOrName(sim.world.securityLevels, raw, 'name', 'The security level selected is invalid.');
    case 'select':
      return byIdOrName(field.options ?? [], raw, 'value', `Specify a valid 'id' or 'name' for ${field.name}`);
    case 'components':
      return parseComponents(project, raw);
    case 'user':
      return parseUser(sim, field, raw);
    case 'parent': {
      const file = isObject(raw) ? findFile(sim.shelf, textOf(raw['id']) ?? textOf(raw['key']) ?? '') : undefined;
      return file === undefined || file.deletedAt !== undefined
        ? { problem: 'Could not find issue by id or key.' }
        : { value: String(file.issue.id) };
    }
    default:
      return { problem: `Field '${field.id}' cannot be set. It is not on the appropriate screen, or unknown.` };
  }
}

function parseText(field: Field, raw: Json): Parsed {
  if (typeof raw !== 'string') return { problem: 'Operation value must be a string' };
  if (field.kind === 'summary' && raw.trim() === '') return { problem: 'You must specify a summary of the issue.' };
  if (field.kind === 'summary' && /[\r\n]/.test(raw)) return { problem: 'The summary is invalid because it contains newline characters.' };
  if (raw.length > 255)
    return {
      problem:
        field.kind === 'summary'
          ? 'Summary must be less than 255 characters.'
          : 'The entered text is too long. It exceeds the allowed limit of 255 characters.',
    };
  return { value: raw === '' ? undefined : raw };
}

function parseDocument(raw: Json): Parsed {
  if (!isDocument(raw)) return { problem: 'Operation value must be an Atlassian Document (see the Atlassian Document Format)' };
  if (problemOf(raw) !== undefined) return { problem: 'INVALID_INPUT' };
  if (JSON.stringify(raw).length > maxText)
    return { problem: `The entered text is too long. It exceeds the allowed limit of 32,767 characters.` };
  return { value: isList(raw['content']) && raw['content'].length === 0 ? undefined : raw };
}

/** One label, or the sentence about it. */
export function labelProblem(label: Json): string | undefined {
  if (typeof label !== 'string') return 'string expected at index 0';
  if (/\s/.test(label)) return `The label '${label}' contains spaces which is invalid.`;
  return label.length > 255 ? `The label '${label}' exceeds the maximum length of 255 characters.` : undefined;
}

function parseLabels(raw: Json): Parsed {
  if (!isList(raw)) return { problem: 'data was not an array' };
  const problem = raw.map(labelProblem).find((each) => each !== undefined);
  if (problem !== undefined) return { problem };
  const labels = [...new Set(raw.map(String))];
  return { value: labels.length === 0 ? undefined : labels };
}

function parseDay(raw: Json): Parsed {
  const isDay = typeof raw === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(raw) && !Number.isNaN(Date.parse(raw));
  return isDay ? { value: raw } : { problem: `Error parsing date string: ${textOf(raw) ?? JSON.stringify(raw)}` };
}

function byIdOrName(list: readonly Named[], raw: Json, nameKey: string, problem: string): Parsed {
  if (!isObject(raw)) return { problem: `data was not an object` };
  const found = list.find((entry) => ('id' in raw ? entry.id === textOf(raw['id']) : entry.name === raw[nameKey]));
  return found === undefined ? { problem } : { value: found.id };
}

function parseComponents(project: Project, raw: Json): Parsed {
  if (!isList(raw)) return { problem: 'data was not an array' };
  const ids: string[] = [];
  for (const each of raw) {
    const parsed = byIdOrName(project.components, each, 'name', `Component name '${nameIn(each)}' is not valid`);
    if ('problem' in parsed) return parsed;
    ids.push(asText(parsed.value));
  }
  return { value: ids.length === 0 ? undefined : ids };
}

function nameIn(value: Json): string {
  return isObject(value) ? (textOf(value['name']) ?? textOf(value['id']) ?? '') : asText(value);
}

function parseUser(sim: Sim, field: Field, raw: Json): Parsed {
  if (sim.deployment === 'data-center') return parseUsername(sim, field, raw);
  const accountId = isObject(raw) ? raw['accountId'] : undefined;
  if (isObject(raw) && (accountId === null || raw['id'] === null)) return { value: undefined };
  const wanted = textOf(accountId) ?? (isObject(raw) ? textOf(raw['id']) : undefined);
  const person = sim.world.people.find((each) => each.accountId === wanted);
  if (person === undefined) return { problem: `Specify a valid value for ${field.id}` };
  const assignable = person.active && !person.deny.includes('ASSIGNABLE_USER');
  if (field.id === 'assignee' && !assignable) return { problem: `User '${person.accountId}' cannot be assigned issues.` };
  return { value: person.accountId };
}

/** Data Center: `{name}`; a name of null empties the field. */
function parseUsername(sim: Sim, field: Field, raw: Json): Parsed {
  const name = isObject(raw) ? raw['name'] : undefined;
  if (name === null || name === '') return { value: undefined };
  if (typeof name !== 'string') return { problem: 'expected Object containing a name property' };
  const person = sim.world.people.find((each) => usernameOf(each).toLowerCase() === name.toLowerCase());
  if (person === undefined) return { problem: `User '${name}' does not exist.` };
  const assignable = person.active && !person.deny.includes('ASSIGNABLE_USER');
  return field.id === 'assignee' && !assignable ? { problem: `User '${name}' cannot be assigned issues.` } : { value: person.accountId };
}

/** What a field holds after `update` operations: `[{set}|{add}|{remove}|…]`. */
export function applyOperations(sim: Sim, field: Field, project: Project, current: Json | undefined, operations: Json): Parsed {
  if (!isList(operations)) return { problem: 'data was not an array' };
  let value = current;
  for (const operation of operations) {
    if (!isObject(operation)) return { problem: 'data was not an object' };
    const parsed = applyOperation(sim, field, project, value, operation);
    if ('problem' in parsed) return parsed;
    value = parsed.value;
  }
  return { value };
}

function applyOperation(sim: Sim, field: Field, project: Project, current: Json | undefined, operation: JsonObject): Parsed {
  const [verb] = Object.keys(operation);
  const raw = operation[verb ?? ''] ?? null;
  if (verb === 'set' || verb === 'edit') return parseValue(sim, field, project, raw);
  const isMany = field.kind === 'labels' || field.kind === 'components';
  if ((verb !== 'add' && verb !== 'remove') || !isMany)
    return { problem: `Operation '${verb ?? ''}' is not supported for field '${field.id}'.` };
  const one = parseValue(sim, field, project, [raw]);
  if ('problem' in one) return one;
  const named = isList(one.value) ? one.value : [];
  const held = isList(current) ? current : [];
  const next = verb === 'add' ? [...new Set([...held, ...named])] : held.filter((each) => !named.includes(each));
  return { value: next.length === 0 ? undefined : next };
}
