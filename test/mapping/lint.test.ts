import { describe, expect, test } from '@jest/globals';
import type { FieldInfo, SinkField } from '../../src/kit/index.js';
import { explain, lintMappings } from '../../src/mapping/index.js';
import { incidentMapping, load, mappingOf } from './folder.js';

const fields: readonly FieldInfo[] = [
  { name: 'number', type: 'text' },
  { name: 'opened_at', type: 'instant' },
  { name: 'priority', type: 'number', choices: ['1', '2', '3', '4'].map((value) => ({ value, label: `P${value}` })) },
  { name: 'business_service', type: 'reference', open: true },
  { name: 'assigned_to', type: 'user' },
  { name: 'status', type: 'reference' },
  { name: 'status.name', type: 'text' },
];

async function findings(mapping: string, known: readonly FieldInfo[] | undefined = fields): Promise<readonly string[]> {
  const found = await lintMappings([mappingOf(mapping)], { fieldsOf: async () => known });
  return found.map(({ level, place, what }) => `${level} ${place.split(':').slice(-2).join(':')} ${what}`);
}

describe('lint', () => {
  test('is content with a mapping that reads what there is', async () => {
    expect(
      await findings(
        incidentMapping(
          'services: =$list([business_service.name, business_service.owned_by.name])',
          'supplier: =assigned_to.id & status.name',
        ),
      ),
    ).toEqual([]);
  });

  test('finds a field that does not exist, where it stands, and the one that was meant', async () => {
    expect(await findings(incidentMapping('supplier: =number & busines_service.name'))).toEqual([
      'error 11:23 supplier: there is no field busines_service (did you mean "business_service"?)',
    ]);
  });

  test('finds a part that a field does not have', async () => {
    expect(await findings(incidentMapping('supplier: =status.nam', 'requirement: =number.x'))).toEqual([
      'error 11:14 supplier: status has no part nam (did you mean "name"?)',
      'error 12:17 requirement: number has no part x',
    ]);
  });

  test('finds choices without a row, and rows that no choice reaches', async () => {
    const mapping = incidentMapping().replace('4: low', '5: low');
    expect(await findings(mapping)).toEqual([
      'error 5:3 tables.severity: priority can be "4" (P4), for which there is no row',
      'warning 5:50 tables.severity.5: priority is never "5"',
    ]);
    expect(await findings(mapping.replace('5: low', 'default: low'))).toEqual([]);
  });

  test('finds a table that nobody uses', async () => {
    expect(await findings(incidentMapping().replace('tables:', 'tables:\n  unused: { a: b }'))).toEqual([
      'warning 5:3 tables.unused: no formula uses this table',
    ]);
  });

  test('warns of != in when, which drops records that lack the field', async () => {
    expect(await findings(`${incidentMapping()}when: =number != "x"`)).toEqual([
      'warning 11:15 when: != is false for a record that lacks the field, so that the record is dropped',
    ]);
  });

  test('says so when a system cannot be asked', async () => {
    const found = await lintMappings([mappingOf(incidentMapping())], { fieldsOf: async () => undefined });
    expect(found.map(({ what }) => what)).toEqual(['the fields of servicenow.incident are not known, so that nothing was checked']);
  });

  test('checks what a push mapping writes', async () => {
    const writable: readonly SinkField[] = [
      { name: 'summary', required: true },
      { name: 'team', required: true },
      { name: 'priority', required: false, choices: [{ value: 'High', label: 'High' }] },
    ];
    const push = mappingOf('from: improvement\nto: jira.issue\ndescription: d\nfields: { sumary: =title, priority: Hihg }');
    const found = await lintMappings([push], { fieldsOf: async () => undefined, sinkFieldsOf: async () => writable });
    expect(found.map(({ level, what }) => `${level} ${what}`)).toEqual([
      'error sumary: jira.issue has no such field that can be written (did you mean "summary"?)',
      'warning jira.issue requires summary',
      'warning jira.issue requires team',
      'error priority: "Hihg" is not a choice (did you mean "High"?)',
    ]);
  });
});

describe('a push mapping, held against the form that takes it', () => {
  const on = 'the create screen of Improvement in project IMP';
  const writable: readonly SinkField[] = [
    { name: 'summary', required: true, on },
    { name: 'team', required: true, on },
    { name: 'status', required: false, on, choices: ['Proposed', 'On Hold'].map((value) => ({ value, label: value })) },
  ];
  const lint = async (fields: string): Promise<readonly string[]> => {
    const push = mappingOf(
      `from: improvement\nto: jira.issue\ndescription: d\ntables:\n  s: { a: proposed, b: Onhold }\nfields:\n${fields}`,
    );
    const found = await lintMappings([push], { fieldsOf: async () => undefined, sinkFieldsOf: async () => writable });
    return found.map(({ level, place, what }) => `${level} ${place.replace(/^.*?:/, '')} ${what}`);
  };

  test('is wrong where it writes what is not on the screen, leaves out what that requires, or leads to a status that is not there', async () => {
    expect(await lint('  summary: =title\n  duedate: =targetDate\n  status: =$table("s", status)')).toEqual([
      'error 8:3 duedate: is not on the create screen of Improvement in project IMP',
      'error 6:1 team: is required on the create screen of Improvement in project IMP',
      'error 5:24 tables.s.b: "Onhold" is not a choice of status in jira.issue (did you mean "On Hold"?)',
    ]);
  });

  test('is right where everything is there, whatever the case of a status', async () => {
    expect(await lint('  summary: =title\n  team: mail\n  status: =$table("s", status)')).toEqual([
      expect.stringContaining('"Onhold" is not a choice of status'),
    ]);
  });
});

describe('explain', () => {
  test('shows for each field its formula, what it read and what came out', () => {
    const mapping = mappingOf(
      `${incidentMapping('supplier: =cost + 1')}when: =active\nlinks: [{ as: x, to: servicenow.problem, key: =p.id }]`,
    );
    const data = { number: 'INC1', priority: 2, opened_at: '2026-03-02', active: true, cost: 'much', p: { id: '9' } };
    const { fields: lines, outcome } = explain(mapping, { data }, { system: 's' });
    expect(
      lines.map(
        ({ field, written, read, result }) =>
          `${field} | ${written} | ${read.map(({ path, value }) => `${path}=${value}`).join(' ')} | ${result}`,
      ),
    ).toEqual([
      'when | =active | active=true | true',
      'category | "incident" |  | "incident"',
      'title | =number | number="INC1" | "INC1"',
      'severity | =$table("severity", priority) | priority=2 | "high"',
      'occurredAt | =$time(opened_at) | opened_at="2026-03-02" | "2026-03-02T00:00:00.000Z"',
      'supplier | =cost + 1 | cost="much" | nothing',
      'links[1].key | =p.id | p.id="9" | "9"',
    ]);
    expect(lines.find(({ field }) => field === 'supplier')?.problem).toMatch(/left side of \+ must be a number/);
    expect(outcome.is).toBe('failed');
  });
});

describe('what is written into a ticket comes back', () => {
  const push = [
    'from: improvement',
    'to: jira.issue',
    'description: Writes.',
    'tables:',
    '  status: { approved: Approved, implementing: In Progress }',
    'fields:',
    '  status: =$table("status", status)',
  ];
  const decision = (back: string): readonly string[] => [
    'from: jira.improvement',
    'to: decision',
    'description: Reads.',
    'tables:',
    '  status:',
    '    Approved: approved',
    ...(back === '' ? [] : [`    In Progress: ${back}`]),
    'fields:',
    '  title: =number',
    '  status: =$table("status", status.name)',
  ];
  const trips = async (back: string): Promise<readonly string[]> => {
    const { mappings, problems } = load({ 'jira/push.yaml': push.join('\n'), 'jira/decision.yaml': decision(back).join('\n') });
    expect(problems).toEqual([]);
    return (await lintMappings(mappings, { fieldsOf: async () => fields }))
      .filter(({ mapping }) => mapping === 'jira/push')
      .map(({ level, place, what }) => `${level} ${place.split(':').slice(-2).join(':')} ${what}`);
  };

  test('as what it was: nothing is found', async () => {
    expect(await trips('implementing')).toEqual([]);
  });

  test('as something else: the ticket would go back and forth', async () => {
    expect(await trips('approved')).toEqual([
      'error 5:47 tables.status.implementing: status is written as "In Progress", which jira/decision reads as "approved": the ticket would go back and forth',
    ]);
  });

  test('or not at all: the row that is missing is named', async () => {
    expect(await trips('')).toEqual([
      'error 5:47 tables.status.implementing: status is written as "In Progress", for which jira/decision has no row',
    ]);
  });
});
