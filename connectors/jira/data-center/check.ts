import { asFailure, type CheckResult, z } from 'golden-thread/kit';
import type { JiraClient } from '../client.js';
import { isZone } from './query-date.js';
import { countIssues } from './search.js';
import type { Via } from './via.js';

const Server = z.object({ version: z.string(), versionNumbers: z.array(z.number()).default([]), deploymentType: z.string().optional() });
const Me = z.object({ timeZone: z.string().optional() });
const Count = z.number();

/** Personal access tokens came with 8.14, createmeta by issue type with 8.4: the former is what golden-thread is documented for. */
const least = [8, 14] as const;
/** Far behind every stamp: 9999-12-31. */
const never = 253_402_214_400_000;

/** Version, the account's time zone, and whether this Jira understands dates in a query the way that is configured. Reads only. */
export async function checkServer(
  client: JiraClient,
  queryDates: 'epoch' | 'account-zone',
  signal?: AbortSignal,
): Promise<readonly CheckResult[]> {
  return [await line('version', () => version(client, signal)), await line('dates in queries', () => dates(client, queryDates, signal))];
}

async function line(what: string, check: () => Promise<Omit<CheckResult, 'what'>>): Promise<CheckResult> {
  try {
    return { what, ...(await check()) };
  } catch (error) {
    const failure = asFailure(error);
    const { hint } = failure.details;
    return { what, outcome: 'failed', found: failure.message, ...(hint !== undefined && { hint }) };
  }
}

async function version(client: JiraClient, signal?: AbortSignal): Promise<Omit<CheckResult, 'what'>> {
  const { value } = await client.ask({
    send: async (_api, via) => (await request(via, '/serverInfo')).body,
    answer: Server,
    effect: 'read',
    signal,
  });
  const [major = 0, minor = 0] = value.versionNumbers;
  const found = `Jira ${value.version} (${value.deploymentType ?? 'deployment unknown'})`;
  if (value.deploymentType === 'Cloud')
    return { outcome: 'failed', found, hint: 'this is Jira Cloud: take deployment: data-center out of the settings of this system' };
  return major > least[0] || (major === least[0] && minor >= least[1])
    ? { outcome: 'ok', found }
    : {
        outcome: 'warning',
        found,
        hint: `golden-thread is made for Jira ${least.join('.')} and later; personal access tokens begin there`,
      };
}

/** Nothing was changed after the end of time: a Jira that reads the number otherwise would find everything, or refuse it. */
async function dates(client: JiraClient, queryDates: string, signal?: AbortSignal): Promise<Omit<CheckResult, 'what'>> {
  const me = await client.ask({ send: async (_api, via) => (await request(via, '/myself')).body, answer: Me, effect: 'read', signal });
  const zone = me.value.timeZone;
  if (queryDates === 'account-zone') {
    if (zone === undefined || !isZone(zone))
      return {
        outcome: 'failed',
        found: `the account has no time zone that is known here (${zone ?? 'none'})`,
        hint: 'set one in its profile',
      };
    return { outcome: 'ok', found: `written as dates in ${zone}, the time zone of the account` };
  }
  const count = (jql: string): Promise<number> =>
    client
      .ask({ send: (_api, via) => countIssues(via as unknown as Via, jql), answer: Count, effect: 'read', signal })
      .then(({ value }) => value);
  const hint = 'set queryDates: account-zone for this system';
  try {
    const late = await count(`updated >= ${never}`);
    return late === 0
      ? { outcome: 'ok', found: `milliseconds since 1970 are understood; the account's time zone (${zone ?? 'unknown'}) plays no part` }
      : { outcome: 'failed', found: 'this Jira reads a number in a query as something else than milliseconds since 1970', hint };
  } catch (error) {
    const failure = asFailure(error);
    if (failure.details.status !== 400) throw error;
    return { outcome: 'failed', found: `this Jira does not take a number as a date: ${failure.message}`, hint };
  }
}

function request(via: unknown, path: string): ReturnType<Via> {
  return (via as Via)({ method: 'GET', path });
}
