import type { Json, JsonObject } from 'golden-thread/kit';
import { isObject } from '../value.js';
import type { People, Person } from './people.js';
import type { Via } from './via.js';

/**
 * The fields of a write as REST v2 takes them: people by username. Somebody who is unknown, no longer active, or (as assignee) may not be given issues
 * of the project would make Jira refuse the whole write, so their field is left out: the ticket is written, and what reading back shows instead
 * of them is reported as a difference.
 */
export async function outgoing(via: Via, people: People, fields: JsonObject, issue?: string): Promise<JsonObject> {
  const result: Record<string, Json> = {};
  for (const [id, value] of Object.entries(fields)) {
    const project = id === 'assignee' && isPerson(value) ? await projectOf(via, fields, issue) : undefined;
    const may = (who: string): Promise<Person | undefined> => usable(via, people, who, project);
    if (value === null && (id === 'assignee' || id === 'reporter')) result[id] = { name: null };
    else if (isPerson(value)) {
      const person = await may(value['accountId']);
      if (person !== undefined) result[id] = { name: person.name };
    } else if (Array.isArray(value) && value.length > 0 && (value as readonly Json[]).every(isPerson)) {
      const persons = await Promise.all(value.map((one) => may((one as PersonValue)['accountId'])));
      result[id] = persons.flatMap((person) => (person === undefined ? [] : [{ name: person.name }]));
    } else result[id] = value;
  }
  return result;
}

type PersonValue = JsonObject & { readonly accountId: string };

function isPerson(value: Json): value is PersonValue {
  return isObject(value) && typeof value['accountId'] === 'string';
}

/** The project that is created in, or that of the issue that is edited. */
async function projectOf(via: Via, fields: JsonObject, issue: string | undefined): Promise<string | undefined> {
  if (issue === undefined) return textIn(fields['project'], 'key');
  const { body } = await via({ method: 'GET', path: `/issue/${issue}`, query: { fields: 'project' }, readOnly: true });
  const found = isObject(body) ? body['fields'] : undefined;
  return isObject(found) ? textIn(found['project'], 'key') : undefined;
}

function textIn(value: Json | undefined, name: string): string | undefined {
  const text = isObject(value) ? value[name] : undefined;
  return typeof text === 'string' ? text : undefined;
}

async function usable(via: Via, people: People, who: string, project: string | undefined): Promise<Person | undefined> {
  const person = await people.find(via, who);
  if (person === undefined || !person.active) return undefined;
  return project === undefined || (await people.mayBeAssigned(via, person, project)) ? person : undefined;
}
