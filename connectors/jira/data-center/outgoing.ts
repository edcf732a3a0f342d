import type { Json, JsonObject } from 'golden-thread/kit';
import { isObject } from '../value.js';
import type { People } from './people.js';
import type { Via } from './via.js';

/**
 * The fields of a write as REST v2 takes them: people by username. Somebody who is unknown or no longer active would make Jira refuse the whole write,
 * so their field is left out: the ticket is written, and what reading back shows instead of them is reported as a difference.
 */
export async function outgoing(via: Via, people: People, fields: JsonObject): Promise<JsonObject> {
  const result: Record<string, Json> = {};
  for (const [id, value] of Object.entries(fields)) {
    if (value === null && (id === 'assignee' || id === 'reporter')) result[id] = { name: null };
    else if (isPerson(value)) result[id] = await named(via, people, value);
    else if (Array.isArray(value) && value.length > 0 && (value as readonly Json[]).every(isPerson))
      result[id] = (await Promise.all((value as readonly PersonValue[]).map((one) => named(via, people, one)))).filter(
        (one) => one !== null,
      );
    else result[id] = value;
    if (result[id] === null && value !== null) delete result[id];
  }
  return result;
}

type PersonValue = JsonObject & { readonly accountId: string };

function isPerson(value: Json): value is PersonValue {
  return isObject(value) && typeof value['accountId'] === 'string';
}

async function named(via: Via, people: People, value: PersonValue): Promise<JsonObject | null> {
  const person = await people.find(via, value.accountId);
  return person?.active === true ? { name: person.name } : null;
}
