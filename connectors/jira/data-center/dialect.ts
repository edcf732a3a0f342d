import type { CheckResult, ConnectorContext, Json, JsonObject } from 'golden-thread/kit';
import { beforeWriting } from '../committed.js';
import type { Catalogue } from '../catalogue.js';
import type { JiraClient } from '../client.js';
import type { Dialect } from '../dialect.js';
import { isObject } from '../value.js';
import { checkServer } from './check.js';
import type { People, Person } from './people.js';
import type { Via } from './via.js';
import { wikiMarkup } from './wiki-markup.js';
import { z } from 'golden-thread/kit';

const Found = z.object({ key: z.string(), name: z.string(), displayName: z.string(), active: z.boolean() }).nullable();

/** Data Center: wiki text; people by user key, username or e-mail address in mappings, by key in records. */
export function dataCenterDialect(
  client: JiraClient,
  people: People,
  queryDates: 'epoch' | 'account-zone',
  log: ConnectorContext['log'],
): Dialect {
  const told = new Set<string>();

  async function find(who: string, signal?: AbortSignal): Promise<Person | null> {
    const { value } = await client.ask({
      send: async (_api, via) => (await people.find(via as unknown as Via, who)) ?? null,
      answer: Found,
      effect: 'read',
      signal,
    });
    return value;
  }

  /** The user's key; what names nobody stays as it is: the field is left out of the request, and found missing when it is read back. */
  async function keyOf(field: string, value: Json, signal?: AbortSignal): Promise<Json> {
    const who = isObject(value) ? (value['id'] ?? value['accountId'] ?? value['name'] ?? null) : value;
    if (typeof who !== 'string' || who === '') return value;
    const person = await find(who, signal);
    if (person?.active === true) return person.key;
    if (!told.has(`${field}\n${who}`))
      log.warn(`${field}: Jira has no active user with this key, username or e-mail address; the ticket is written without`, { user: who });
    told.add(`${field}\n${who}`);
    return who;
  }

  return Object.freeze({
    markup: wikiMarkup,
    async withPeople(catalogue: Catalogue, fields: JsonObject, signal?: AbortSignal) {
      const result: Record<string, Json> = { ...fields };
      for (const [name, value] of Object.entries(fields)) {
        const shape = catalogue.byName.get(name)?.shape;
        if (value === null || (shape !== 'user' && shape !== 'users')) continue;
        const one = (item: Json): Promise<Json> => beforeWriting(keyOf(name, item, signal));
        result[name] =
          shape === 'users' && Array.isArray(value) ? await Promise.all((value as readonly Json[]).map(one)) : await one(value);
      }
      return result;
    },
    checks: (signal?: AbortSignal): Promise<readonly CheckResult[]> => checkServer(client, queryDates, signal),
  });
}
