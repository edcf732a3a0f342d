import type { JsonObject } from '../json.js';
import type { Sim } from '../sim.js';
import type { Person } from '../world/types.js';

/** The name under which somebody signs in; it may be changed, the key may not. */
export function usernameOf(person: Person): string {
  return person.email.slice(0, person.email.indexOf('@'));
}

/** A user as REST v2 of Data Center shows one: key and username, no account id and no kind of account. Addresses are shown to everybody by default. */
export function renderUser(sim: Pick<Sim, 'baseUrl'>, person: Person): JsonObject {
  const name = usernameOf(person);
  return {
    self: `${sim.baseUrl}/rest/api/2/user?username=${encodeURIComponent(name)}`,
    name,
    key: person.accountId,
    emailAddress: person.email,
    avatarUrls: {},
    displayName: person.displayName,
    active: person.active,
    timeZone: person.timeZone,
  };
}

/** Basic with username and password (the account's token stands for both), or a personal access token as bearer. */
export function userByCredentials(people: readonly Person[], authorization: string): Person | undefined {
  const [scheme = '', value = ''] = authorization.split(' ');
  if (scheme.toLowerCase() === 'bearer') return people.find((person) => person.token === value);
  if (scheme.toLowerCase() !== 'basic') return undefined;
  const decoded = Buffer.from(value, 'base64').toString();
  const colon = decoded.indexOf(':');
  const [name, password] = [decoded.slice(0, colon).toLowerCase(), decoded.slice(colon + 1)];
  return people.find((person) => usernameOf(person).toLowerCase() === name && person.token === password);
}
