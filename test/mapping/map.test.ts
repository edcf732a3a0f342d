import { describe, expect, test } from '@jest/globals';
import type { Mapped } from '../../src/mapping/index.js';
import { incidentMapping, mappingOf } from './folder.js';

const context = {
  system: 'servicenow-prod',
  systems: new Map([
    ['servicenow-prod', 'servicenow'],
    ['jira-cloud', 'jira'],
  ]),
};
const record = { number: 'INC1', priority: '2', opened_at: '2026-03-02T08:15:00.000Z' };

function problems(outcome: Mapped<unknown>): readonly string[] {
  return outcome.is === 'failed' ? outcome.problems : [];
}

function linkKeys(mapping: string, data: Readonly<Record<string, string | readonly (string | null)[] | null>>): readonly string[] {
  const outcome = mappingOf(mapping).map({ data: { ...record, ...data } }, context);
  return outcome.is === 'mapped' ? outcome.links.map(({ as, to }) => `${as} ${to.system}/${to.stream}/${to.key}`) : problems(outcome);
}

describe('a record that a mapping cannot use', () => {
  test('is set aside with field, formula and what was read, for every field at once', () => {
    const outcome = mappingOf(incidentMapping('supplier: =cost + 1')).map(
      { data: { number: 'INC1', priority: '9', opened_at: 'soon', cost: 'much' } },
      context,
    );
    expect(problems(outcome)).toEqual([
      'severity: table severity has no row for "9" [=$table("severity", priority) read priority = "9"] -> add a row for it, or a row "default"',
      'occurredAt: "soon" is not a date and time [=$time(opened_at) read opened_at = "soon"]',
      'supplier: the left side of + must be a number, got "much" [=cost + 1 read cost = "much"]',
    ]);
  });

  test('says what was expected when a value is of another kind', () => {
    const outcome = mappingOf(incidentMapping('services: =business_service', 'supplier: =vendor')).map(
      { data: { ...record, business_service: { id: 'x' }, vendor: 7 } },
      context,
    );
    expect(problems(outcome)).toEqual([
      'services: expected a list of texts, as $list(…) gives it, got {"id":"x"} [=business_service read business_service = {"id":"x"}]',
      'supplier: expected a text, got 7 [=vendor read vendor = 7]',
    ]);
  });

  test('does not flood its own quarantine entry, however long its texts are', () => {
    const outcome = mappingOf(incidentMapping('supplier: =cost + 1')).map({ data: { ...record, cost: 'x'.repeat(1_000_000) } }, context);
    expect(problems(outcome)).toHaveLength(1);
    expect(problems(outcome)[0]?.length).toBeLessThan(400);
  });
});

describe('when', () => {
  test('drops a record with the reason', () => {
    const outcome = mappingOf(`${incidentMapping()}when: =active = true`).map({ data: { ...record, active: false } }, context);
    expect(outcome).toEqual({ is: 'dropped', because: 'when is false [=active = true read active = false]' });
  });

  test('that cannot be computed drops nothing: the record is set aside', () => {
    const outcome = mappingOf(`${incidentMapping()}when: =age > 3`).map({ data: { ...record, age: 'old' } }, context);
    expect(problems(outcome)).toEqual(['when: > cannot compare "old" with 3: one is text, one a number [=age > 3 read age = "old"]']);
  });
});

describe('a value that starts with =', () => {
  test('is a formula, and one that should not be is written as a formula that gives it', () => {
    const outcome = mappingOf(
      incidentMapping(`title: '="=SUM(A1)"'`, 'facts: { plain: a = b, n: 3, deep: [1, =number, { x: =priority }] }'),
    ).map({ data: record }, context);
    expect(outcome).toMatchObject({
      is: 'mapped',
      value: { title: '=SUM(A1)', facts: { plain: 'a = b', n: 3, deep: [1, 'INC1', { x: '2' }] } },
    });
  });
});

describe('optional fields', () => {
  test('that give nothing, null or empty text are absent, and lists are empty', () => {
    const outcome = mappingOf(incidentMapping('supplier: =a', 'requirement: =b', 'services: =$list(c)', 'recurrenceKey: =d')).map(
      { data: { ...record, a: null, b: '', c: null } },
      context,
    );
    expect(outcome.is === 'mapped' && Object.keys(outcome.value).toSorted()).toEqual([
      'category',
      'facts',
      'occurredAt',
      'processes',
      'services',
      'severity',
      'title',
    ]);
  });
});

describe('links', () => {
  const links = (...lines: readonly string[]): string => `${incidentMapping()}links:\n${lines.map((line) => `  - ${line}\n`).join('')}`;

  test('lead to the record’s own system when they name its kind', () => {
    expect(linkKeys(links('{ as: caused-by, to: servicenow.change_request, key: =a }'), { a: '46c1' })).toEqual([
      'caused-by servicenow-prod/change_request/46c1',
    ]);
  });

  test('lead to another system by its configured name, or by its kind where there is only one', () => {
    expect(
      linkKeys(links('{ as: tracked-by, to: jira-cloud.issue, key: =a }', '{ as: tracked-by, to: jira.issue, key: =a }'), { a: '100' }),
    ).toEqual(['tracked-by jira-cloud/issue/100', 'tracked-by jira-cloud/issue/100']);
  });

  test('to a system that nobody configured set the record aside', () => {
    expect(linkKeys(links('{ as: tracked-by, to: zendesk.ticket, key: =a }'), { a: '1' })).toEqual([
      expect.stringMatching(/which system is zendesk\.ticket\?.*golden-thread\.yaml/),
    ]);
  });

  test('are as many as there are keys, and none where the key is empty', () => {
    const mapping = links('{ as: affects, to: servicenow.cmdb_ci, key: =many }');
    expect(linkKeys(mapping, { many: ['a', '', null, 'b'] })).toEqual([
      'affects servicenow-prod/cmdb_ci/a',
      'affects servicenow-prod/cmdb_ci/b',
    ]);
    expect(linkKeys(mapping, { many: null })).toEqual([]);
  });
});

describe('the hash of a mapping', () => {
  test('is the same for another order, spelling, comment or description', () => {
    const other = [
      '# the same',
      'fields:',
      '    severity: =$table("severity", priority)',
      '    "title": "=number"',
      "    'occurredAt': '=$time(opened_at)'",
      '    category: incident',
    ];
    const spelled = [
      ...other,
      'tables: {severity: {4: low, 3: moderate, "2": high, 1: critical}}',
      'description: Other words.',
      'to: improvement-input',
      'from: servicenow.incident',
    ];
    expect(mappingOf(spelled.join('\n')).hash).toBe(mappingOf(incidentMapping()).hash);
  });

  test('is another one when a row, a formula or a link changes', () => {
    const variants = [
      incidentMapping(),
      incidentMapping().replace('4: low', '4: moderate'),
      incidentMapping('supplier: =a'),
      incidentMapping('supplier: =b'),
      `${incidentMapping()}when: =true`,
    ];
    expect(new Set(variants.map((text) => mappingOf(text).hash)).size).toBe(variants.length);
  });
});

describe('what a mapping reads', () => {
  test('is every path of every formula, through filters, lists, tables, conditions, links and when', () => {
    const mapping = mappingOf(
      `${incidentMapping(
        'services: =$list(components[kind = "service" and $not(retired)].name)',
        `supplier: '=a.b ? $lookup(c, "d") : $uppercase(e.f)'`,
        `facts: { x: '=g.{"k": h.i}', y: '=[j, k.$trim()]', z: '=l[0].m' }`,
      )}when: =n.o != $$.p\nlinks: [{ as: x, to: servicenow.problem, key: =q.id, when: =r }]`,
    );
    const usual = ['number', 'opened_at', 'priority'];
    const special = [
      'components',
      'components.kind',
      'components.name',
      'components.retired',
      'a.b',
      'c.d',
      'e.f',
      'g.h.i',
      'j',
      'k',
      'l',
      'l.m',
      'n.o',
      'p',
      'q.id',
      'r',
    ];
    expect(mapping.reads).toEqual([...usual, ...special].toSorted());
  });
});
