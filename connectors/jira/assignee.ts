import { type Difference, isFailure, type JsonObject } from 'golden-thread/kit';
import type { Jira } from './jira.js';
import { clean } from './text.js';
import { isObject } from './value.js';
import { AssignableUsers, User } from './wire.js';

/** The fields of a write with an assignee that Jira will take, and what that changed. */
export interface Assigned {
  readonly fields: JsonObject;
  readonly differences: readonly Difference[];
}

/** How long an answer about somebody is believed. */
const keepMs = 3_600_000;

/**
 * Jira refuses a whole ticket when its assignee is deactivated or may not be assigned in the project. So whoever is to be assigned is asked about first,
 * once an hour; one who cannot be is replaced by `fallbackAssignee` of the configuration, or by nobody, and named in the description instead. That is
 * reported as a difference of the write.
 */
export function assignees(jira: Jira, now: () => number = () => performance.now()) {
  const known = new Map<string, { readonly yes: boolean; readonly at: number }>();

  const mayBe = async (accountId: string, project: string, signal?: AbortSignal): Promise<boolean> => {
    const asked = known.get(`${project} ${accountId}`);
    if (asked !== undefined && now() - asked.at < keepMs) return asked.yes;
    const asking = jira.client.ask({
      send: (api, via) => api.findAssignableUsers(via, { project, accountId }),
      answer: AssignableUsers,
      effect: 'read',
      signal,
    });
    const answered = await unlessRefused(asking);
    const yes = answered === undefined || answered.value.some((user) => user.accountId === accountId);
    known.set(`${project} ${accountId}`, { yes, at: now() });
    return yes;
  };

  const nameOf = async (accountId: string, signal?: AbortSignal): Promise<string> => {
    const asking = jira.client.askMaybe({ send: (api, via) => api.getUser(via, { accountId }), answer: User, effect: 'read', signal });
    const user = await unlessRefused(asking);
    return clean(user?.value.displayName ?? accountId);
  };

  return async (fields: JsonObject, project: string, signal?: AbortSignal): Promise<Assigned> => {
    const wanted = fields['assignee'];
    const accountId = isObject(wanted) ? (wanted['id'] ?? wanted['accountId']) : wanted;
    if (typeof accountId !== 'string' || accountId === '') return { fields, differences: [] };
    if (await mayBe(accountId, project, signal)) return { fields, differences: [] };
    const instead = jira.config.fallbackAssignee ?? null;
    const { assignee: _left, ...rest } = fields;
    const { description } = fields;
    const note = `Owner: ${await nameOf(accountId, signal)} (Jira does not let this account be assigned here)`;
    return {
      fields: {
        ...rest,
        ...(instead !== null && { assignee: instead }),
        ...(typeof description === 'string' && { description: `${description}\n\n${note}` }),
      },
      differences: [{ field: 'assignee', wrote: accountId, found: instead }],
    };
  };
}

/** An account may lack the permission to look at users, and may well assign them: then it is tried as it was asked for. */
async function unlessRefused<T>(asking: Promise<T>): Promise<T | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (isFailure(error) && error.details.status === 403) return undefined;
    throw error;
  }
}
