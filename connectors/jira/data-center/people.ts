import type { HttpAnswer, Json, JsonObject } from 'golden-thread/kit';
import { isObject } from '../value.js';
import { unlessMissing, type Via } from './via.js';

/** A user of Data Center. Records name people by `key`, which stays when somebody is renamed; requests name them by `name`. */
export interface Person {
  readonly key: string;
  readonly name: string;
  readonly displayName: string;
  readonly active: boolean;
}

/** How long an answer about somebody is believed. */
const keepMs = 3_600_000;

/** The users of one Jira, looked up once an hour each. */
export interface People {
  /** By user key, username or e-mail address, in this order of trust; undefined when there is nobody, or several share the address. */
  find(via: Via, who: string): Promise<Person | undefined>;
  /** Whether somebody may be given issues of a project; asked once. */
  mayBeAssigned(via: Via, person: Person, project: string): Promise<boolean>;
  /**
   * An answer in which every user carries its key as `accountId` and a kind as `accountType`, as Cloud's do. Data Center knows no kinds of account:
   * everybody is a person but those who are configured as automation.
   */
  named(answer: Json): Json;
}

/** @param automation usernames or keys of accounts that are not people */
export function peopleOf(automation: readonly string[], now: () => number = () => performance.now()): People {
  const found = fresh<Person>(now);
  const assignable = fresh<boolean>(now);
  const apps = new Set(automation.map((name) => name.toLowerCase()));

  const remember = (person: Person): Person => {
    found.set(person.key.toLowerCase(), person);
    found.set(person.name.toLowerCase(), person);
    return person;
  };

  async function look(via: Via, query: Readonly<Record<string, string>>): Promise<Person | undefined> {
    const answer = await unlessMissing(via({ method: 'GET', path: '/user', query, readOnly: true }));
    const person = personOf(answer?.body);
    return person === undefined ? undefined : remember(person);
  }

  async function byAddress(via: Via, address: string): Promise<Person | undefined> {
    const query = { username: address, includeInactive: 'true', maxResults: '10' };
    const answer = await via({ method: 'GET', path: '/user/search', query, readOnly: true });
    const same = listIn(answer).filter((user) => isObject(user) && textIn(user['emailAddress']).toLowerCase() === address.toLowerCase());
    const person = same.length === 1 ? personOf(same[0]) : undefined;
    if (person !== undefined) found.set(address.toLowerCase(), remember(person));
    return person;
  }

  function named(value: Json, depth = 0): Json {
    if (depth > 40) return value;
    if (Array.isArray(value)) return (value as readonly Json[]).map((item) => named(item, depth + 1));
    if (!isObject(value)) return value;
    const entries = Object.entries(value).map(([name, item]): [string, Json] => [name, named(item as Json, depth + 1)]);
    const person = personOf(value);
    if (person === undefined) return Object.fromEntries(entries);
    if (person.active) remember(person);
    const isApp = apps.has(person.key.toLowerCase()) || apps.has(person.name.toLowerCase());
    return { ...Object.fromEntries(entries), accountId: person.key, accountType: isApp ? 'app' : 'atlassian' };
  }

  return Object.freeze({
    async find(via: Via, who: string) {
      const known = found.get(who.toLowerCase());
      if (known !== undefined) return known;
      // Older users have their first username as key, so most are found by either; only a key looks like this one.
      const orders = /^JIRAUSER\d+$/i.test(who) ? (['key', 'username'] as const) : (['username', 'key'] as const);
      for (const order of orders) {
        const person = await look(via, { [order]: who });
        if (person !== undefined) return person;
      }
      return who.includes('@') ? byAddress(via, who) : undefined;
    },
    async mayBeAssigned(via: Via, person: Person, project: string) {
      const id = `${project}\n${person.key}`;
      const known = assignable.get(id);
      if (known !== undefined) return known;
      const query = { project, username: person.name, maxResults: '50' };
      const answer = await via({ method: 'GET', path: '/user/assignable/search', query, readOnly: true });
      const may = listIn(answer).some((user) => personOf(user)?.key === person.key);
      assignable.set(id, may);
      return may;
    },
    named,
  });
}

/** Remembers for {@link keepMs}. */
function fresh<T>(now: () => number): { get(name: string): T | undefined; set(name: string, value: T): void } {
  const kept = new Map<string, { readonly value: T; readonly at: number }>();
  return {
    get(name) {
      const one = kept.get(name);
      return one !== undefined && now() - one.at < keepMs ? one.value : undefined;
    },
    set: (name, value) => void kept.set(name, { value, at: now() }),
  };
}

/** Every user has a username and a name to show; nothing else in an answer has both. Users that were deleted may lack the key. */
function personOf(value: Json | undefined): Person | undefined {
  if (!isObject(value) || typeof value['name'] !== 'string' || typeof value['displayName'] !== 'string') return undefined;
  const key = typeof value['key'] === 'string' && value['key'] !== '' ? value['key'] : value['name'];
  return { key, name: value['name'], displayName: value['displayName'], active: value['active'] !== false };
}

function listIn({ body }: HttpAnswer): readonly Json[] {
  return Array.isArray(body) ? (body as readonly Json[]) : [];
}

function textIn(value: JsonObject[string] | undefined): string {
  return typeof value === 'string' ? value : '';
}
