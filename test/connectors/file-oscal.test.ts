import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keep, type Kept, openOver, outcome, poll, rowsIn, testInbox } from './file-inbox.js';

const inbox = testInbox();
beforeEach(() => inbox.clear());
afterAll(() => inbox.end());

const uuid = (n: number): string => `0000000${n}-0000-4000-8000-00000000000a`;
const metadata = { title: 'Assessment', 'last-modified': '2026-06-02T08:00:00-04:00', version: '1', 'oscal-version': '1.1.2' };

const risk = {
  uuid: uuid(3).toUpperCase(),
  title: 'Staff may do too much',
  description: 'd',
  statement: 's',
  status: 'open',
  deadline: '2026-09-01T00:00:00Z',
  characterizations: [
    {
      facets: [
        { name: 'likelihood', value: 'low' },
        { name: 'impact', value: 'moderate' },
      ],
    },
    { facets: [{ name: 'impact', value: 'high' }] },
  ],
  remediations: [{ uuid: uuid(9), lifecycle: 'planned', title: 'Take rights away', props: [{ name: 'type', value: 'mitigate' }] }],
};
const observation = {
  uuid: uuid(2),
  title: 'Roles tested',
  description: 'd',
  methods: ['TEST'],
  types: ['finding'],
  collected: '2026-06-01T08:31:20-04:00',
  subjects: [
    { 'subject-uuid': uuid(8), type: 'component' },
    { 'subject-uuid': uuid(7), type: 'party' },
  ],
};
const finding = {
  uuid: uuid(1),
  title: 'Engineers may delete logs',
  description: 'They may.',
  target: { type: 'objective-id', 'target-id': 'ac-6.1_obj', status: { state: 'not-satisfied', reason: 'fail' } },
  props: [{ name: 'tracking', value: 'F-17' }],
  'related-observations': [{ 'observation-uuid': uuid(2) }],
  'related-risks': [{ 'risk-uuid': uuid(3) }, { 'risk-uuid': uuid(6) }],
};
const result = {
  uuid: uuid(5),
  title: 'June',
  start: '2026-06-01T00:00:00Z',
  end: '2026-06-02T00:00:00Z',
  'local-definitions': { components: [{ uuid: uuid(8), title: 'Mail gateway', type: 'software' }] },
  observations: [observation],
  risks: [risk],
  findings: [finding],
};
const assessment = (findings: readonly object[] = [finding]): string =>
  JSON.stringify({ 'assessment-results': { uuid: uuid(4), metadata, 'import-ap': {}, results: [{ ...result, findings }] } });
const plan = JSON.stringify({
  'plan-of-action-and-milestones': {
    uuid: uuid(4),
    metadata,
    observations: [observation],
    risks: [{ ...risk, status: 'closed' }],
    'poam-items': [
      {
        uuid: uuid(1),
        title: 'Take rights away',
        description: 'd',
        props: [{ name: 'POAM-ID', value: 'V-1' }],
        'related-risks': [{ 'risk-uuid': uuid(3) }],
      },
    ],
  },
});

async function read(name: string, content: string, settings: object): Promise<Kept> {
  inbox.put(name, content);
  inbox.now += 60_000;
  const kept = keep(inbox, { files: name, ...settings });
  await poll(kept);
  return kept;
}

const only = (kept: Kept): Record<string, unknown> => Object.values(rowsIn(kept))[0] as Record<string, unknown>;

describe('an OSCAL document', () => {
  test('of assessment results gives a finding with its state, risks, observations and components', async () => {
    const kept = await read('results.json', assessment(), { format: 'oscal-assessment-results' });
    expect(only(kept)).toMatchObject({
      uuid: uuid(1),
      state: 'not-satisfied',
      reason: 'fail',
      target: 'ac-6.1_obj',
      severity: 'high',
      deadline: '2026-09-01T00:00:00Z',
      collected: '2026-06-01T08:31:20-04:00',
      props: { tracking: 'F-17' },
      result: { title: 'June', end: '2026-06-02T00:00:00Z' },
      components: [{ uuid: uuid(8), title: 'Mail gateway' }],
      observations: [{ title: 'Roles tested', methods: ['TEST'] }],
      risks: [{ title: 'Staff may do too much', status: 'open', likelihood: 'low', impact: 'high', severity: 'high' }],
    });
    expect([...kept.records.values()][0]?.updatedAt).toBe('2026-06-02T12:00:00.000Z');
  });

  test('with a reference that leads nowhere is read, and the reference reported in the record and by check', async () => {
    const settings = { files: 'results.json', format: 'oscal-assessment-results' };
    const kept = await read('results.json', assessment(), settings);
    expect(only(kept)['dangling']).toEqual([`risk-uuid ${uuid(6)}`]);
    const results = await openOver(inbox, { row: settings }).open.check();
    expect(outcome(results, 'row: references')).toBe(`warning: 1 reference leads nowhere: results.json:1: risk-uuid ${uuid(6)}`);
  });

  test('that was issued again without a change brings nothing new', async () => {
    const kept = await read('results.json', assessment(), { format: 'oscal-assessment-results' });
    inbox.put('results.json', assessment().replace('2026-06-02T08:00:00-04:00', '2026-07-02T08:00:00-04:00'));
    inbox.now += 60_000;
    expect(await poll(kept)).toBe(0);
  });

  test('gives its risks and observations as streams of their own', async () => {
    const risks = await read('results.json', assessment(), { format: 'oscal-assessment-results', records: 'risks' });
    expect(only(risks)).toMatchObject({ uuid: uuid(3), status: 'open', impact: 'high', remediations: [{ type: 'mitigate' }] });
    const observations = await read('results.json', assessment(), { format: 'oscal-assessment-results', records: 'observations' });
    expect(only(observations)).toMatchObject({ uuid: uuid(2), methods: ['TEST'], components: [{ title: 'Mail gateway' }] });
  });

  test('of a plan gives an item that is closed when all of its risks are', async () => {
    const kept = await read('poam.json', plan, { format: 'oscal-poam', number: 'number' });
    expect(rowsIn(kept)).toMatchObject({ 'V-1': { number: 'V-1', status: 'closed', severity: 'high', dangling: [] } });
  });

  test('whose finding is gone reports that', async () => {
    const kept = await read('results.json', assessment(), { format: 'oscal-assessment-results' });
    inbox.put('results.json', assessment([{ ...finding, uuid: uuid(7) }]));
    inbox.now += 60_000;
    expect(await poll(kept)).toBe(2);
    expect([...kept.records.values()].map(({ number, data }) => [number, data['present']])).toEqual([
      [uuid(1), false],
      [uuid(7), true],
    ]);
  });

  test.each([
    ['another kind of document', plan, 'no assessment-results'],
    ['a list', '[]', 'no assessment-results'],
  ])('that is %s is set aside', async (_name, content, problem) => {
    const kept = await read('results.json', content, { format: 'oscal-assessment-results' });
    expect([...kept.rejected.values()][0]?.problems[0]).toContain(problem);
  });

  test('with odd content is a bad row or none, never the end of the program', async () => {
    const odd = [null, 7, { uuid: 7 }, { uuid: uuid(1), 'related-risks': 'x', target: [], props: [{ name: 1 }, null] }];
    const kept = await read('results.json', assessment(odd as object[]), { format: 'oscal-assessment-results' });
    expect(Object.keys(rowsIn(kept))).toEqual([uuid(1)]);
    expect([...kept.rejected.keys()]).toEqual(['results.json:1']);
  });
});

const shared = join(process.env['GOLDEN_THREAD_DATA'] ?? '../shared/data', 'oscal');
const published = existsSync(shared) ? describe : describe.skip;
published(
  `the documents of NIST and FedRAMP${existsSync(shared) ? '' : ` (skipped: they are not in ${shared}; GOLDEN_THREAD_DATA names another folder)`}`,
  () => {
    const load = (name: string): string => readFileSync(`${shared}/${name}`, 'utf8');

    test("NIST's plan is read, and its dangling reference found", async () => {
      const kept = await read('poam.json', load('ifa_plan-of-action-and-milestones.json'), { format: 'oscal-poam' });
      const items = Object.values(rowsIn(kept)) as { status: string; dangling: string[]; severity?: string }[];
      expect(items.map(({ status, dangling, severity }) => [status, dangling, severity])).toEqual([
        ['open', ['risk-uuid 401c15c9-ad6b-4d4a-a591-7d53a3abb3b6'], undefined],
        ['open', [], 'high'],
      ]);
    });

    test.each([
      ['ifa_assessment-results-example.json', 'findings'],
      ['FedRAMP-SAR-OSCAL-Template.json', 'findings'],
      ['FedRAMP-SAR-OSCAL-Template.json', 'observations'],
      ['FedRAMP-SAR-OSCAL-Template.json', 'risks'],
    ])('%s has its %s, one for each uuid', async (name, records) => {
      const content = load(name);
      const kept = await read('results.json', content, { format: 'oscal-assessment-results', records });
      const { results } = (JSON.parse(content) as { 'assessment-results': { results: Record<string, { uuid: string }[]>[] } })[
        'assessment-results'
      ];
      const uuids = results.flatMap((one) => one[records] ?? []).map((one) => one.uuid.toLowerCase());
      expect(Object.keys(rowsIn(kept)).toSorted()).toEqual([...new Set(uuids)].toSorted());
    });
  },
);
