import { refuseUnauthorized } from './access.js';
import { userByCredentials } from './data-center/user.js';
import type { Sim } from './sim.js';
import type { Person } from './world/types.js';

/**
 * Who asks. No credentials at all is an anonymous caller; wrong ones are refused, or by a switch taken for anonymous.
 * A deactivated account's token no longer opens anything.
 */
export function signIn(sim: Sim, authorization: string | undefined): Person | undefined {
  if (authorization === undefined) return undefined;
  const find = sim.deployment === 'cloud' ? findByCredentials : userByCredentials;
  const person = find(sim.world.people, authorization);
  if (person?.active === true) return person;
  return sim.switches.wrongCredentials === 'anonymous' ? undefined : refuseUnauthorized(sim);
}

function findByCredentials(people: readonly Person[], authorization: string): Person | undefined {
  const [scheme = '', value = ''] = authorization.split(' ');
  if (scheme.toLowerCase() === 'bearer') return people.find((person) => person.token === value);
  if (scheme.toLowerCase() !== 'basic') return undefined;
  const decoded = Buffer.from(value, 'base64').toString();
  const colon = decoded.indexOf(':');
  const [email, token] = [decoded.slice(0, colon), decoded.slice(colon + 1)];
  return people.find((person) => person.email.toLowerCase() === email.toLowerCase() && person.token === token);
}
