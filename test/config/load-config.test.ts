import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config/index.js';
import { describeFailure } from '../../src/kit/index.js';

const shipped = join(import.meta.dirname, '../../../config');
const env = {
  SERVICENOW_URL: 'http://127.0.0.1:1',
  SERVICENOW_READ_USER: 'r',
  SERVICENOW_READ_PASSWORD: 'rp',
  SERVICENOW_WRITE_USER: 'w',
  SERVICENOW_WRITE_PASSWORD: 'wp',
  JIRA_URL: 'http://127.0.0.1:2',
  JIRA_EMAIL: 'bot@example.com',
  JIRA_API_TOKEN: 'token',
};

const edited = (file: string, edit: (text: string) => string): string => {
  const dir = mkdtempSync(join(tmpdir(), 'gt-config-'));
  cpSync(shipped, dir, { recursive: true });
  const before = readFileSync(join(dir, file), 'utf8');
  const after = edit(before);
  if (after === before) throw new Error('the edit did not change anything');
  writeFileSync(join(dir, file), after);
  return dir;
};
const problemsIn = (dir: string, environment: Record<string, string> = env): string => {
  const checked = loadConfig(dir, { env: environment });
  return checked.ok ? '' : checked.problems.map(describeFailure).join('\n');
};

describe('the configuration', () => {
  test('that is shipped loads, and is frozen', () => {
    const checked = loadConfig(shipped, { env });

    expect(checked.ok && Object.isFrozen(checked.value.policy.rules[0])).toBe(true);
  });

  test('with an unset variable is refused by name and line', () => {
    const { JIRA_API_TOKEN: _gone, ...rest } = env;

    expect(problemsIn(shipped, rest)).toMatch(/golden-thread\.yaml:\d+:\d+: \$\{JIRA_API_TOKEN\} is not set/);
  });

  test.each([
    [
      'a misspelt setting',
      'golden-thread.yaml',
      (t: string) => t.replace('timeZone', 'timezone'),
      /organisation\.timezone: there is no such setting \(did you mean "timeZone"\?\)/,
    ],
    [
      'a time zone that does not exist',
      'golden-thread.yaml',
      (t: string) => t.replace('Europe/Berlin', 'Europe/Berlim'),
      /organisation\.timeZone: is not a time zone/,
    ],
    [
      'a schedule that is none',
      'golden-thread.yaml',
      (t: string) => t.replace("'*/5 * * * *'", "'often'"),
      /schedule: is not a cron expression/,
    ],
    [
      'a rule on a category that nobody approved',
      'policy.yaml',
      (t: string) => t.replace('categories: [sla-breach]', 'categories: [sla-breech]'),
      /no category "sla-breech" \(did you mean "sla-breach"\?\)/,
    ],
    [
      'an owner who is not in the directory',
      'directory.yaml',
      (t: string) => t.replace('owner: l.weber', 'owner: l.webber'),
      /directory\.yaml:\d+:\d+: .*no person "l\.webber" \(did you mean "l\.weber"\?\)/,
    ],
    [
      'a route to a system that is not configured',
      'policy.yaml',
      (t: string) => t.replace('ticketSystem: jira-cloud', 'ticketSystem: jira'),
      /no system "jira"/,
    ],
    [
      'a light path that somebody unknown authorises',
      'policy.yaml',
      (t: string) => `${t}\nlightPath: [{ kinds: [sms], authorisers: [a.rahmann] }]\n`,
      /policy\.yaml:\d+:\d+: .*lightPath\.0\.authorisers\.0: there is no person "a\.rahmann"/,
    ],
    [
      'a gate switched off that never can be',
      'policy.yaml',
      (t: string) => `${t}\ngatesOff: [{ gate: entitled, because: x, by: a.rahman, since: 2026-01-01 }]\n`,
      /gatesOff\[1\]\.gate: expected one of/,
    ],
  ])('with %s is refused with place and remedy', (_what, file, edit, expected) => {
    expect(problemsIn(edited(file, edit))).toMatch(expected);
  });

  test('reports the problems of all three files at once', () => {
    const dir = edited('policy.yaml', (text) => text.replace('coolDownDays', 'coolDown'));
    writeFileSync(join(dir, 'directory.yaml'), 'people: [\n');

    expect(problemsIn(dir)).toMatch(/policy\.yaml.*\n[\s\S]*directory\.yaml/);
  });
});
