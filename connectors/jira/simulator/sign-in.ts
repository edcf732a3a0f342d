import { refuseUnauthorized } from './access.js';
import { refuseWith } from './answer.js';
import { userByCredentials } from './data-center/user.js';
import type { Sim } from './sim.js';
import type { Person } from './world/types.js';

/**
 * Who asks. No credentials at all is an anonymous caller; wrong ones are refused, or by a switch taken for anonymous.
 * A deactivated account's token no longer opens anything. Through the gateway only OAuth tokens and scoped API tokens count, and they count nowhere else.
 */
export function signIn(sim: Sim, authorization: string | undefined, throughGateway = false): Person | undefined {
  if (authorization === undefined) return undefined;
  if (throughGateway) return atGateway(sim, authorization);
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

/** `<token>-scoped` is somebody's API token with all scopes, `<token>-narrow` one that lacks them. */
function atGateway(sim: Sim, authorization: string): Person {
  const [scheme = '', value = ''] = authorization.split(' ');
  if (scheme.toLowerCase() === 'bearer') {
    const email = sim.oauth.owner(value, sim.clock.now());
    return sim.world.people.find((person) => person.email === email && person.active) ?? refuseAtGateway('Unauthorized');
  }
  const decoded = Buffer.from(value, 'base64').toString();
  const colon = decoded.indexOf(':');
  const person = sim.world.people.find((each) => each.active && each.email === decoded.slice(0, colon));
  const token = decoded.slice(colon + 1);
  if (person !== undefined && token === `${person.token}-narrow`) return refuseAtGateway('Unauthorized; scope does not match');
  return person !== undefined && token === `${person.token}-scoped` ? person : refuseAtGateway('Unauthorized');
}

function refuseAtGateway(message: string): never {
  return refuseWith({ status: 401, body: { code: 401, message } });
}
