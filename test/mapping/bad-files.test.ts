import { describe, expect, test } from '@jest/globals';
import { incidentMapping, load, problemsOf } from './folder.js';

const head = 'from: servicenow.incident\nto: improvement-input\ndescription: d\n';

/** What is wrong, the file, where, what is said, and what to do. */
const bad: readonly (readonly [what: string, file: string, place: string, says: RegExp, remedy: RegExp])[] = [
  [
    'a misspelt top-level key',
    `${head}feilds: {}\nfields: {}`,
    'a.yaml:4:1',
    /feilds: there is no such setting \(did you mean "fields"\?\)/,
    /known here/,
  ],
  [
    'a misspelt field',
    incidentMapping('occuredAt: =$time(opened_at)'),
    'a.yaml:11:3',
    /occuredAt: improvement-input has no such field \(did you mean "occurredAt"\?\)/,
    /known here/,
  ],
  [
    'a required field left out',
    `${head}fields: { category: incident, title: x, severity: low }`,
    'a.yaml:4:1',
    /occurredAt: is missing/,
    /instant in UTC/,
  ],
  [
    'a severity that there is not',
    incidentMapping('severity: hihg'),
    'a.yaml:10:13',
    /severity: expected one of low, moderate, high, critical, got "hihg"/,
    /formula starts with =/,
  ],
  [
    'a severity that a formula cannot mean',
    incidentMapping('severity: \'=priority = "1" ? "critcal" : "low"\''),
    'a.yaml:10:32',
    /"critcal" is no severity \(did you mean "critical"\?\)/,
    /one of low/,
  ],
  [
    'a row that the target never takes',
    incidentMapping().replace('2: high', '2: hgih'),
    'a.yaml:5:31',
    /tables\.severity\.2: "hgih" is no severity \(did you mean "high"\?\)/,
    /one of low/,
  ],
  ['a formula as a row', incidentMapping().replace('2: high', '2: =high'), 'a.yaml:5:31', /rows are literals/, /under fields/],
  [
    'a table that there is not',
    incidentMapping('severity: =$table("severty", priority)'),
    'a.yaml:10:14',
    /no table "severty"/,
    /did you mean "severity"/,
  ],
  [
    'a kind that there is not',
    incidentMapping().replace('improvement-input', 'improvment-input'),
    'a.yaml:2:5',
    /to: expected improvement-input/,
    /did you mean improvement-input/,
  ],
  [
    'a from without a stream',
    incidentMapping().replace('servicenow.incident', 'servicenow'),
    'a.yaml:1:7',
    /servicenow\.incident/,
    /README/,
  ],
  [
    'a push from a record',
    incidentMapping().replace('improvement-input', 'jira.issue'),
    'a.yaml:2:5',
    /servicenow\.incident cannot be mapped to jira\.issue/,
    /from: improvement/,
  ],
  [
    'an improvement mapped to an input',
    incidentMapping().replace('servicenow.incident', 'improvement'),
    'a.yaml:2:5',
    /cannot be mapped to improvement-input/,
    /jira\.issue/,
  ],
  [
    'a push that reads what an improvement has not',
    'from: improvement\nto: jira.issue\ndescription: d\nfields: { summary: =titel }',
    'a.yaml:4:20',
    /no field titel \(did you mean "title"\?\)/,
    /known are/,
  ],
  ['no description', 'from: servicenow.incident\nto: improvement-input\nfields: {}', 'a.yaml:1:1', /description: is missing/, /README/],
  [
    'a when that is no formula',
    `${incidentMapping()}when: active`,
    'a.yaml:11:7',
    /when: expected a formula, which starts with =/,
    /README/,
  ],
  [
    'a link without a key',
    `${incidentMapping()}links: [{ as: caused-by, to: servicenow.problem }]`,
    'a.yaml:11:9',
    /links\[1\]\.key: is missing/,
    /README/,
  ],
  [
    'a link with a misspelt key',
    `${incidentMapping()}links: [{ as: x, to: servicenow.problem, kye: =a }]`,
    'a.yaml:11:42',
    /links\[1\]\.kye: there is no such setting/,
    /known here/,
  ],
  [
    'a link to nowhere',
    `${incidentMapping()}links: [{ as: x, to: problem, key: =a }]`,
    'a.yaml:11:22',
    /servicenow\.change_request/,
    /README/,
  ],
  [
    'a formula that does not parse',
    incidentMapping('supplier: =number &'),
    'a.yaml:11:22',
    /supplier: the formula cannot be read: Unexpected end/,
    /what follows the operator/,
  ],
  [
    'a formula cut off by #',
    incidentMapping('supplier: =number & " # " & x'),
    'a.yaml:11:24',
    /cannot be read: String literal/,
    /single quotes around all of it/,
  ],
  [
    'a formula with a colon',
    incidentMapping('supplier: =a ? "x: y" : b'),
    'a.yaml:11:13',
    /not valid YAML/,
    /single quotes, or below a \|/,
  ],
  [
    'a formula cut off by a comma in { }',
    incidentMapping('facts: { a: =$substring(number, 1), b: 1 }'),
    'a.yaml:11:33',
    /facts\.a: the formula cannot be read: Expected/,
    /single quotes/,
  ],
  [
    'trouble inside single quotes',
    incidentMapping("supplier: '=\"it''s\" & $foo(1)'"),
    'a.yaml:11:25',
    /\$foo is not among/,
    /allowed are/,
  ],
  ['trouble inside double quotes', incidentMapping('supplier: "=\\"a\\" & $foo(1)"'), 'a.yaml:11:23', /\$foo is not among/, /allowed are/],
  ['trouble in a block', incidentMapping('supplier: |-', '  =number &', '  $foo(1)'), 'a.yaml:13:5', /\$foo is not among/, /allowed are/],
  [
    'a formula that reads everything',
    incidentMapping('supplier: =$string($)'),
    'a.yaml:11:22',
    /reads the record as a whole/,
    /name the fields/,
  ],
  ['a key given twice', `${incidentMapping()}to: change`, 'a.yaml:11:1', /not valid YAML: Map keys must be unique/, /keep one/],
  ['a row given twice', incidentMapping().replace('2: high', '1: high'), 'a.yaml:5:28', /Map keys must be unique/, /keep one/],
  [
    'a key that reaches into JavaScript',
    incidentMapping('facts: { __proto__: 1 }'),
    'a.yaml:11:12',
    /__proto__ is not allowed/,
    /another name/,
  ],
  ['an alias', incidentMapping('facts: { a: &x 1, b: *x }'), 'a.yaml:11:24', /aliases/, /write the value out/],
  ['a tab as indentation', `${head}fields:\n\tcategory: x`, 'a.yaml:5:1', /not valid YAML/, /indent/],
  [
    'a list of services that is none',
    incidentMapping('services: Checkout'),
    'a.yaml:11:13',
    /services: expected a list of texts/,
    /formula starts with =/,
  ],
  ['a file that is a list', '- a\n- b', 'a.yaml:1:1', /expected|object/, /README/],
  ['an empty file', '', 'a.yaml:1:1', /is missing/, /README/],
];

describe('a mapping file with', () => {
  test.each(bad)('%s is refused with place and remedy', (_what, file, place, says, remedy) => {
    const problems = problemsOf(file);
    const found = problems.find((problem) => says.test(problem));
    expect(found ?? problems.join('\n')).toMatch(says);
    expect(found?.slice(0, place.length + 1)).toBe(`${place}:`);
    expect(found?.split('\n  -> ')[1]).toMatch(remedy);
  });
});

describe('a mappings folder', () => {
  test('without a mapping is a problem, because nothing would ever be pulled', () => {
    expect(load({ 'README.md': 'nothing here' }).problems.map(({ message }) => message)).toEqual(['there is no mapping in this folder']);
  });

  test('that does not exist is a problem, not a crash', () => {
    expect(load({ 'a.yml': 'x: 1' }).problems.map(({ details }) => details.hint)).toContain('rename it to .yaml');
  });

  test('with one bad file still gives the good ones', () => {
    const { mappings, problems } = load({ 'servicenow/good.yaml': incidentMapping(), 'bad.yaml': 'from: 1' });
    expect(mappings.map(({ name }) => name)).toEqual(['servicenow/good']);
    expect(problems.length).toBeGreaterThan(0);
  });

  test('may map a stream to inputs twice, but what a change means only once', () => {
    const change =
      'from: servicenow.change_request\nto: change\ndescription: d\nfields: { type: normal, phase: planned, approval: approved }';
    const { mappings, problems } = load({ 'a.yaml': incidentMapping(), 'b.yaml': incidentMapping(), 'c.yaml': change, 'd.yaml': change });
    expect(mappings).toHaveLength(4);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/change_request -> change is mapped a second time; the first is .*c\.yaml/),
    ]);
  });

  test('ignores the hidden copies of a mounted ConfigMap', () => {
    const { mappings } = load({ 'a.yaml': incidentMapping(), '..2026_11_21/a.yaml': incidentMapping(), '.hidden.yaml': 'x' });
    expect(mappings.map(({ name }) => name)).toEqual(['a']);
  });

  test('refuses a file that is not UTF-8, and one far too large', () => {
    const large = `${incidentMapping()}# ${'x'.repeat(300_000)}`;
    expect(problemsOf(large)[0]).toMatch(/a\.yaml:1:1: the file has \d+ characters, 262144 are allowed/);
  });

  test('refuses a file nested without end', () => {
    expect(problemsOf(`${incidentMapping()}  facts: ${'['.repeat(200)}${']'.repeat(200)}`)[0]).toMatch(/nested too deeply/);
  });
});
