import { asFailure, type CheckResult, type Failure } from 'golden-thread/kit';
import type { Jira } from './jira.js';
import { strictErrors } from './issue-stream.js';
import { checkExcess, checkPermissions, hiddenProjects } from './check-permissions.js';
import { createScreen, setByUs, ticketType } from './screen.js';
import { type Target, targetsOf } from './target.js';
import { Count, type ScreenField, Statuses } from './wire.js';

/** More than this between the two clocks is worth a word; reading goes by Jira's clock alone. */
const skewMs = 60_000;

/** What tickets need on the create screen whatever the mapping says. */
const neededOnScreen = ['summary', 'description', 'labels'];

/**
 * One line for each thing that can be wrong, worst first: without a connection or credentials nothing else is asked. Reads only.
 * Never throws for what it can describe.
 */
export async function checkJira(jira: Jira, signal?: AbortSignal): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  const sentAt = Date.now();
  try {
    const me = await jira.myself(signal);
    results.push({ what: 'connection', outcome: 'ok', found: `${jira.config.site} answers` });
    results.push({ what: 'credentials', outcome: 'ok', found: `logged in as ${me.name}` });
    results.push(skew(me.remoteNow, sentAt));
  } catch (error) {
    const failure = asFailure(error);
    const reached = failure.kind === 'auth';
    if (reached) results.push({ what: 'connection', outcome: 'ok', found: `${jira.config.site} answers` });
    return [...results, failed(reached ? 'credentials' : 'connection', failure, reached ? '' : `${jira.config.site}: `)];
  }
  results.push(...(await jira.dialect.checks(signal)));
  const aliases = Object.keys(jira.config.customFields);
  await line(results, 'custom fields', async () => {
    await jira.catalogue(signal);
    return { what: 'custom fields', outcome: 'ok', found: aliases.length === 0 ? 'none configured' : `${aliases.join(', ')} found` };
  });
  for (const [name, { jql }] of Object.entries(jira.config.streams))
    await line(results, `${name}: read`, () => checkStream(jira, name, jql, signal));
  const targets = targetsOf(jira.config);
  if (targets.length === 0) return results;
  for (const target of targets) {
    await line(results, `${target.project}: permissions`, () => checkPermissions(jira, target, signal));
    await line(results, `${target.project}: create`, () => checkScreen(jira, target, signal));
  }
  await line(results, 'least privilege', () =>
    checkExcess(
      jira,
      targets.map(({ project }) => project),
      signal,
    ),
  );
  await line(results, 'statuses', () => checkStatuses(jira, signal));
  return results;
}

async function line(results: CheckResult[], what: string, check: () => Promise<CheckResult>): Promise<void> {
  try {
    results.push(await check());
  } catch (error) {
    results.push(failed(what, asFailure(error)));
  }
}

function failed(what: string, failure: Failure, before = ''): CheckResult {
  const { hint } = failure.details;
  return { what, outcome: 'failed', found: `${before}${failure.message}`, ...(hint !== undefined && { hint }) };
}

function skew(remoteNow: string | undefined, sentAt: number): CheckResult {
  const what = 'clock skew';
  if (remoteNow === undefined)
    return {
      what,
      outcome: 'failed',
      found: "Jira's answers have no Date header",
      hint: 'check the proxy between golden-thread and Jira: reading goes by that clock',
    };
  const ms = Date.parse(remoteNow) - sentAt;
  const found = `Jira's clock is ${Math.round(Math.abs(ms) / 1000)} s ${ms < 0 ? 'behind' : 'ahead of'} this machine's`;
  return Math.abs(ms) <= skewMs
    ? { what, outcome: 'ok', found }
    : { what, outcome: 'warning', found, hint: 'correct the clock of this machine; reading is not affected, dates in reports are' };
}

async function checkStream(jira: Jira, name: string, jql: string, signal?: AbortSignal): Promise<CheckResult> {
  const what = `${name}: read`;
  const hidden = await hiddenProjects(jira, jql, signal);
  if (hidden.length > 0)
    return {
      what,
      outcome: 'failed',
      found: `the account lacks BROWSE_PROJECTS in ${hidden.join(', ')}, or there is no such project`,
      hint: 'give it a role that may browse the project: Jira leaves out silently what it may not see',
    };
  const errors = await strictErrors(jira, jql, signal);
  if (errors.length > 0)
    return {
      what,
      outcome: 'failed',
      found: `the JQL is wrong: ${errors.join('; ')}`,
      hint: `correct streams.${name}.jql; Jira's own search shows how it reads it`,
    };
  const { value } = await jira.client.ask({ send: (api, via) => api.countIssues(via, { jql }), answer: Count, effect: 'read', signal });
  return value.count > 0
    ? { what, outcome: 'ok', found: `about ${value.count} issues` }
    : {
        what,
        outcome: 'warning',
        found: 'no issue matches the JQL',
        hint: 'check that the account may browse these projects; Jira leaves out silently what it may not see',
      };
}

async function checkScreen(jira: Jira, target: Target, signal?: AbortSignal): Promise<CheckResult> {
  const { project } = target;
  const what = `${project}: create`;
  const type = await ticketType(jira, target, signal);
  const screen = await createScreen(jira, project, type, signal);
  const catalogue = await jira.catalogue(signal);
  const has = (id: string | undefined): boolean => screen.some((field) => field.fieldId === id);
  const missing = neededOnScreen.filter((name) => !has(name));
  if (missing.length > 0)
    return {
      what,
      outcome: 'failed',
      found: `not on the create screen of ${type.name}: ${missing.join(', ')}`,
      hint: 'put these fields on the create and edit screens',
    };
  const required = screen.filter(
    (field) => field.required && !field.hasDefaultValue && !setByUs.has(field.fieldId) && field.fieldId !== 'summary',
  );
  const named = (field: ScreenField): string => catalogue.byId.get(field.fieldId)?.name ?? field.fieldId;
  const absent = catalogue.aliases.filter((alias) => !has(catalogue.byName.get(alias)?.id));
  if (required.length > 0)
    return {
      what,
      outcome: 'warning',
      found: `${type.name} requires ${required.map(named).join(', ')}`,
      hint: 'see that the push mapping gives them a value, or make them optional',
    };
  return absent.length === 0
    ? { what, outcome: 'ok', found: `${type.name} can be created with every mapped field` }
    : {
        what,
        outcome: 'warning',
        found: `not on the create screen of ${type.name}: ${absent.join(', ')}`,
        hint: 'put these fields on the screen if the push mapping writes them',
      };
}

/** For the table that says what a status means as a decision: the names as this account sees them, in its language. */
async function checkStatuses(jira: Jira, signal?: AbortSignal): Promise<CheckResult> {
  const what = 'statuses';
  const { value } = await jira.client.ask({ send: (api, via) => api.getStatuses(via), answer: Statuses, effect: 'read', signal });
  const names = [...new Set(value.map((status) => status.name))];
  return names.length > 0
    ? { what, outcome: 'ok', found: `this account knows ${names.slice(0, 40).join(', ')}${names.length > 40 ? ', …' : ''}` }
    : { what, outcome: 'warning', found: 'this account sees no status', hint: 'give it the permission to browse the project' };
}
