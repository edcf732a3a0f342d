import type { Actor } from 'golden-thread/kit';
import type { Jira } from './jira.js';
import { clean } from './text.js';
import { type History, User } from './wire.js';

/** Who made a history entry. */
export type ActorOf = (author: History['author'], signal?: AbortSignal) => Promise<Actor>;

/**
 * Jira says what kind an account is: `atlassian` is a person, `app` an app or automation rule, `customer` a portal account. Only the first can
 * decide anything. Where the changelog leaves the kind out the account is asked for, once; an account that is gone stays unknown.
 */
export function actors(jira: Jira): ActorOf {
  const kinds = new Map<string, Promise<string | undefined>>();

  const askFor = async (accountId: string, signal?: AbortSignal): Promise<string | undefined> => {
    const answered = await jira.client.askMaybe({
      send: (api, via) => api.getUser(via, { accountId }),
      answer: User,
      effect: 'read',
      signal,
    });
    return answered?.value.accountType;
  };

  return async (author, signal) => {
    if (author?.accountId === undefined) return { id: '', kind: 'unknown' };
    const { accountId: id, displayName } = author;
    const name = displayName === undefined ? {} : { name: clean(displayName) };
    let asked = author.accountType === undefined ? kinds.get(id) : Promise.resolve(author.accountType);
    if (asked === undefined) {
      asked = askFor(id, signal).catch((error: unknown) => {
        kinds.delete(id);
        throw error;
      });
      kinds.set(id, asked);
    }
    return { id, ...name, kind: kindOf(await asked) };
  };
}

function kindOf(accountType: string | undefined): Actor['kind'] {
  if (accountType === 'atlassian') return 'person';
  return accountType === 'app' ? 'app' : 'unknown';
}
