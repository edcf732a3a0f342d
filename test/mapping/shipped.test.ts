import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { describeFailure } from '../../src/kit/index.js';
import { lintMappings, loadMappings, readFieldLists, testMappings } from '../../src/mapping/index.js';
import { incidentMapping, shipped, withFolder } from './folder.js';

const tested = testMappings(shipped);

describe('the shipped mappings', () => {
  test('load without a problem', () => {
    expect(loadMappings(shipped).problems.map(describeFailure)).toEqual([]);
    expect(tested.problems.map(describeFailure)).toEqual([]);
  });

  test('cover what goes in, what it means and what goes out', () => {
    expect(loadMappings(shipped).mappings.map(({ name, from, to }) => `${name}: ${from} -> ${to}`)).toEqual([
      'file/audit-finding: file.audit-finding -> improvement-input',
      'file/capacity: file.capacity -> improvement-input',
      'file/continuity-test: file.continuity-test -> improvement-input',
      'file/internal-supplier: file.internal-supplier -> improvement-input',
      'file/oscal-finding: file.oscal-finding -> improvement-input',
      'file/register: file.register -> register-entry',
      'file/review-action: file.review-action -> improvement-input',
      'file/risk: file.risk -> improvement-input',
      'file/sms-assessment: file.sms-assessment -> improvement-input',
      'file/supplier-scorecard: file.supplier-scorecard -> improvement-input',
      'file/survey-theme: file.survey-theme -> improvement-input',
      'file/unavailability: file.unavailability -> improvement-input',
      'jira/audit-finding: jira.audit-finding -> improvement-input',
      'jira/change-request: jira.change -> improvement-input',
      'jira/change-status: jira.change -> change',
      'jira/change: improvement -> jira.change',
      'jira/complaint: jira.complaint -> improvement-input',
      'jira/decision: jira.improvement -> decision',
      'jira/improvement: improvement -> jira.issue',
      'jira/incident: jira.incident -> improvement-input',
      'jira/problem: jira.problem -> improvement-input',
      'jira/raised-by-hand: jira.improvement -> improvement-input',
      'jira/risk: jira.risk -> improvement-input',
      'jira/sla-breach: jira.incident -> improvement-input',
      'servicenow/audit-observation: servicenow.sn_audit_advanced_observation -> improvement-input',
      'servicenow/change-request: servicenow.change_request -> improvement-input',
      'servicenow/change-status: servicenow.change_request -> change',
      'servicenow/change: improvement -> servicenow.change_request',
      'servicenow/control-test: servicenow.sn_audit_control_test -> improvement-input',
      'servicenow/grc-issue: servicenow.sn_grc_issue -> improvement-input',
      'servicenow/improvement-initiative: servicenow.sn_cim_register -> improvement-input',
      'servicenow/incident: servicenow.incident -> improvement-input',
      'servicenow/problem: servicenow.problem -> improvement-input',
      'servicenow/security-incident: servicenow.sn_si_incident -> improvement-input',
      'servicenow/sla-breach: servicenow.task_sla -> improvement-input',
      'servicenow/survey-answer: servicenow.asmt_metric_result -> improvement-input',
    ]);
  });

  test('each have several tests of their own', () => {
    expect(tested.untested).toEqual([]);
    const count = Map.groupBy(tested.cases, ({ mapping }) => mapping);
    for (const [mapping, cases] of count) expect([mapping, cases.length >= 3]).toEqual([mapping, true]);
  });

  test.each(tested.cases.map((each) => [`${each.mapping}: ${each.name}`, each] as const))('%s', (_name, each) => {
    expect(each.difference).toEqual([]);
  });

  test('read only fields that the systems have, and have a row for every choice', async () => {
    const { lists, problems } = readFieldLists(shipped);
    expect(problems.map(describeFailure)).toEqual([]);
    const findings = await lintMappings(loadMappings(shipped).mappings, { fieldsOf: async (from) => lists.get(from) });
    expect(findings.map(({ place, what }) => `${place} ${what}`)).toEqual([]);
  });
});

describe('the tests beside a mapping', () => {
  const run = (test_: string, mapping = incidentMapping('services: =$list(s)')): ReturnType<typeof testMappings> =>
    withFolder({ 'a.yaml': mapping, 'a.test.yaml': test_ }, testMappings);
  const given = "record: { number: INC1, priority: 2, opened_at: '2026-01-01', s: [x] }";

  test('tell field by field what was expected and what came', () => {
    const { cases } = run(
      `cases:\n  - name: n\n    ${given}\n    expect: { severity: low, services: [x, y], supplier: z }\n    absent: [title]\n    links: [{ as: a, to: b.c, key: d }]`,
    );
    expect(cases.map(({ passed, difference }) => ({ passed, difference }))).toEqual([
      {
        passed: false,
        difference: [
          'severity: expected "low", is "high"',
          'services[2]: expected "y", is absent',
          'supplier: expected "z", is absent',
          'title: expected to be absent, is "INC1"',
          'links: missing a b.c d',
        ],
      },
    ]);
  });

  test('fail when a record is mapped that should be dropped or refused, and the other way round', () => {
    const { cases } = run(
      `cases:\n  - { name: a, ${given}, dropped: true }\n  - { name: b, ${given}, fails: no row }\n  - { name: c, record: { number: X }, expect: {} }`,
    );
    expect(cases.map(({ passed }) => passed)).toEqual([false, false, false]);
    expect(cases[2]?.difference[0]).toMatch(/expected it to be mapped, but it was refused: severity: is empty/);
  });

  test('that expect nothing, or two things at once, are refused with their place', () => {
    const { problems } = run(
      `cases:\n  - { name: a, ${given} }\n  - { name: b, ${given}, dropped: true, fails: x }\n  - { name: c, ${given}, expects: {} }`,
    );
    expect(problems.map(describeFailure).map((problem) => problem.replace(/^\S*a\.test/, 'a.test'))).toEqual([
      expect.stringMatching(/a\.test\.yaml:2:5: cases\[1\]: expected one of: expect/),
      expect.stringMatching(/a\.test\.yaml:3:5: cases\[2\]: expected one of: expect/),
      expect.stringMatching(/a\.test\.yaml:4:\d+: cases\[3\]\.expects: there is no such setting \(did you mean "expect"\?\)/),
      expect.stringMatching(/a\.test\.yaml:4:5: cases\[3\]: expected one of: expect.*\n.*mappings\/README\.md/),
    ]);
  });

  test('without a mapping beside them are a problem', () => {
    const { problems } = withFolder({ 'a.yaml': incidentMapping(), 'b.test.yaml': 'cases: []' }, testMappings);
    expect(problems.map(({ message }) => message)).toContain('there is no mapping beside this test');
  });

  test('name mappings that have none', () => {
    expect(withFolder({ 'a.yaml': incidentMapping() }, testMappings).untested).toEqual(['a']);
  });
});

describe('the guide beside the mappings', () => {
  test('names every function that a formula may call', () => {
    const guide = readFileSync(join(shipped, 'README.md'), 'utf8');
    for (const name of ['table', 'time', 'list', 'key', 'text', 'exists', 'substringBefore', 'lookup', 'round'])
      expect(guide).toContain(`$${name}`);
  });
});
