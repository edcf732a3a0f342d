import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jqlProblem, jqlString, pageJql } from '../../connectors/jira/jql.js';

describe('a configured JQL', () => {
  test.each([
    ['project = AUD'],
    ['project = AUD AND (status = Open OR labels in (a, b))'],
    ['summary ~ "ORDER BY (and more" AND project = AUD'],
    ["summary ~ 'it\\'s (' AND project = AUD"],
  ])('%s is taken', (jql) => {
    expect(jqlProblem(jql)).toBeUndefined();
  });

  test.each([
    ['project = AUD ORDER BY created', 'ORDER BY'],
    ['project = AUD order\n by created', 'ORDER BY'],
    ['project = AUD) OR (project = SECRET', 'brackets'],
    ['(project = AUD', 'brackets'],
    ['summary ~ "open', 'quoted'],
    ["summary ~ 'open", 'quoted'],
    ['  ', 'empty'],
  ])('%s is refused with the reason', (jql, reason) => {
    expect(jqlProblem(jql)).toContain(reason);
  });

  test('a page asks from an instant on, in milliseconds without quotes, so that no time zone can shift it', () => {
    expect(pageJql('project = A OR project = B', 1_732_877_091_000)).toBe(
      '(project = A OR project = B) AND updated >= 1732877091000 ORDER BY updated ASC, key ASC',
    );
  });

  test('no value can leave its quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const literal = jqlString(value);
        expect(literal).toMatch(/^"(?:[^"\\]|\\["\\])*"$/);
        expect(jqlProblem(`labels = ${literal}`)).toBeUndefined();
      }),
    );
  });
});
