import { Failure, type Json, type JsonObject } from 'golden-thread/kit';
import { instantOf, isObject } from '../value.js';
import type { Via } from './via.js';

/**
 * The whole changelog of an issue as one page of Cloud's own endpoint for it, oldest first. Data Center has no such endpoint; it hands the changelog out
 * with the issue, all of it. Should it hold back a part, this fails with `contract`: a decision may stand in what is missing.
 */
export async function changelogOf(via: Via, issueIdOrKey: string): Promise<Json> {
  const { body } = await via({ method: 'GET', path: `/issue/${issueIdOrKey}`, query: { fields: 'updated', expand: 'changelog' } });
  const changelog = isObject(body) ? body['changelog'] : undefined;
  const histories = isObject(changelog) && Array.isArray(changelog['histories']) ? (changelog['histories'] as readonly Json[]) : undefined;
  const total = isObject(changelog) ? changelog['total'] : undefined;
  if (histories === undefined || (typeof total === 'number' && total > histories.length))
    throw new Failure('contract', 'Jira gave only a part of the changelog', {
      key: issueIdOrKey,
      hint: 'see whether an app or a proxy limits expand=changelog; decisions are not read from half a history',
    });
  const values = histories.toSorted((a, b) => timeOf(a) - timeOf(b));
  return { startAt: 0, total: values.length, isLast: true, values } satisfies JsonObject;
}

function timeOf(history: Json): number {
  return isObject(history) ? Date.parse(instantOf(history['created']) ?? '') || 0 : 0;
}
