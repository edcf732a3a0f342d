import type { Json, JsonObject } from 'golden-thread/kit';
import { isObject } from '../value.js';
import type { People, Person } from './people.js';
import type { Via } from './via.js';

/**
 * The fields of a write as REST v2 takes them: people by username. Somebody who is unknown, no longer active, or (as assignee) may not be given issues
 * of the project would make Jira refuse the whole write, so their field is left out: the ticket is written, and what reading back shows instead
 * of them is reported as a difference.
 */
export async function outgoing(via: Via, people: People, fields: JsonObject, project: string | undefined): Promise<JsonObject> {
  const result: Record<string, Json> = {};
  for (const [id, value] of Object.entries(fields)) {
    const may = (who: string): Promise<Person | undefined> => usable(via, people, who, id === 'assignee' ? project : undefined);
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

async function usable(via: Via, people: People, who: string, project: string | undefined): Promise<Person | undefined> {
  const person = await people.find(via, who);
  if (person === undefined || !person.active) return undefined;
  return project === undefined || (await people.mayBeAssigned(via, person, project)) ? person : undefined;
}
