import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CheckResult, JsonObject } from 'golden-thread/kit';
import { openDataCenter } from './jira-data-center-opened.js';
import { type Site, startSite } from './jira-subject.js';

let site: Site;
beforeEach(async () => {
  site = await startSite({}, { deployment: 'data-center' });
});
afterEach(() => site.close());

const check = (more: JsonObject = {}): Promise<readonly CheckResult[]> => openDataCenter(site.url, more).connector.check();
const lineOf = async (what: string, more: JsonObject = {}): Promise<CheckResult | undefined> =>
  (await check(more)).find((line) => line.what === what);

describe('check of a Data Center', () => {
  test('names version, account, dates, streams and permissions', async () => {
    await site.control.insert([{ project: 'IMP', summary: 'One' }]);
    const lines = await check();
    expect(lines.filter((line) => line.outcome === 'failed')).toEqual([]);
    expect(lines.find((line) => line.what === 'version')).toMatchObject({
      outcome: 'ok',
      found: expect.stringContaining('9.12.4'),
    });
    expect(lines.find((line) => line.what === 'credentials')?.found).toContain('golden-thread');
    expect(lines.find((line) => line.what === 'improvement: read')?.found).toContain('1 issues');
  });

  test('warns of a version without personal access tokens', async () => {
    await site.control.switches({ serverVersion: '8.5.1' });
    expect(await lineOf('version')).toMatchObject({ outcome: 'warning', hint: expect.stringContaining('8.14') });
  });

  test('finds out that this Jira takes no numbers as dates, and says which setting helps', async () => {
    await site.control.switches({ epochDates: false });
    expect(await lineOf('dates in queries')).toMatchObject({ outcome: 'failed', hint: expect.stringContaining('account-zone') });
    await site.control.people({ email: 'bot@example.com', timeZone: 'Asia/Kolkata' });
    expect(await lineOf('dates in queries', { queryDates: 'account-zone' })).toMatchObject({
      outcome: 'ok',
      found: expect.stringContaining('Asia/Kolkata'),
    });
  });

  test.each([
    ['CREATE_ISSUES', 'failed'],
    ['TRANSITION_ISSUES', 'failed'],
    ['LINK_ISSUES', 'failed'],
    ['ASSIGN_ISSUES', 'warning'],
  ])('names the missing permission %s', async (permission, outcome) => {
    await site.control.people({ email: 'bot@example.com', deny: [permission] });
    const line = await lineOf('IMP: permissions');
    expect(line).toMatchObject({ outcome, found: expect.stringContaining(permission) });
  });

  test('a project that the account may not see is named', async () => {
    await site.control.people({ email: 'bot@example.com', blind: ['IMP'] });
    const failed = (await check()).filter((line) => line.outcome === 'failed');
    expect(failed.map((line) => line.what)).toEqual(expect.arrayContaining(['improvement: read', 'IMP: permissions', 'IMP: create']));
    for (const line of failed) expect(line.hint ?? '').not.toBe('');
  });

  test('signs in with username and password where tokens are switched off', async () => {
    expect(await lineOf('credentials', { auth: { type: 'password', username: 'bot', password: 'bot-token' } })).toMatchObject({
      outcome: 'ok',
    });
    const wrong = await lineOf('credentials', { auth: { type: 'password', username: 'bot', password: 'not-the-token' } });
    expect(wrong).toMatchObject({ outcome: 'failed', hint: expect.stringContaining('password') });
  });

  test('an address that is no Jira is told from wrong credentials', async () => {
    const line = await lineOf('connection', { site: `${site.url}/wrong` });
    expect(line).toMatchObject({ outcome: 'failed', hint: expect.stringContaining('context path') });
  });

  test('a setting of Cloud that makes no sense here is refused when the settings are read', () => {
    expect(() => openDataCenter(site.url, { auth: { type: 'basic', email: 'a@b.example', apiToken: 'abcdef' } })).toThrow(
      /personal access token/,
    );
  });
});
