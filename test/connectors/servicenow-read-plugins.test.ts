import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CheckResult } from 'golden-thread/kit';
import { censusOf, idOf, requestsOf, runOf, streamOf } from './servicenow-reading.js';
import { type Simulated, simulate } from './servicenow-simulated.js';

let simulated: Simulated;
beforeEach(async () => {
  simulated = await simulate({ now: new Date(Date.UTC(2026, 10, 21, 12)).toISOString() });
});
afterEach(() => simulated.close());

const line = (results: readonly CheckResult[], what: string): CheckResult | undefined => results.find((result) => result.what === what);
const both = { streams: { incident: {}, sn_grc_issue: {} } };

describe('a table that its plugin may not have brought', () => {
  test('is an empty stream while it is absent, and read from the start once it is there', async () => {
    await simulated.control.load('sn_grc_issue', [{ sys_id: idOf(1), short_description: 'Control failed' }]);
    await simulated.control.advance(600_000);
    await simulated.control.switches({ absentTables: ['sn_grc_issue'] });
    const stream = streamOf(simulated.open({ config: both, wanted: { sn_grc_issue: ['short_description'] } }), 'sn_grc_issue');

    const absent = await runOf(stream);
    expect(absent).toHaveLength(1);
    expect(absent[0]).toMatchObject({ records: [], done: true, completeTo: expect.stringMatching(/^2026-11-21T12:(09:59|10:00)/) });
    expect(await stream.get([idOf(1)])).toEqual([]);
    expect((await censusOf(stream, 10)).flatMap(({ keys }) => keys)).toEqual([]);

    await simulated.control.switches({ absentTables: [] });
    const there = await runOf(stream, absent[0]);
    expect(there.flatMap(({ records }) => records.map(({ data }) => data['short_description']))).toEqual(['Control failed']);
  });

  test('costs one request a poll while it is absent', async () => {
    await simulated.control.switches({ absentTables: ['sn_grc_issue'] });
    const stream = streamOf(simulated.open({ config: both }), 'sn_grc_issue');
    expect(await requestsOf(simulated, () => runOf(stream))).toHaveLength(1);
  });

  test('does not make known records deleted ones when its plugin goes away', async () => {
    await simulated.control.switches({ absentTables: ['sn_grc_issue'] });
    const stream = streamOf(simulated.open({ config: both }), 'sn_grc_issue');
    await expect(stream.whereabouts([idOf(1)])).rejects.toMatchObject({ kind: 'config' });
  });

  test('is no excuse for a table that every instance has', async () => {
    await simulated.control.switches({ absentTables: ['incident'] });
    await expect(runOf(streamOf(simulated.open({ config: both }), 'incident'))).rejects.toMatchObject({ kind: 'config' });
  });

  test('nor for one that the account may not read', async () => {
    await simulated.control.restrict({ role: 'snc_read_only', table: 'sn_grc_issue', forbid: true });
    await expect(runOf(streamOf(simulated.open({ config: both }), 'sn_grc_issue'))).rejects.toMatchObject({ kind: 'config' });
  });

  test('check tells absent, not readable and available apart, for configured streams and for others', async () => {
    await simulated.control.switches({ absentTables: ['sn_grc_issue', 'sn_cim_register'] });
    await simulated.control.restrict({ user: 'gt.reader', table: 'sn_si_incident', forbid: true });
    await simulated.control.load('asmt_metric_result', [{ actual_value: 3 }, { actual_value: 4 }]);
    await simulated.control.load('sn_audit_engagement', [{ sys_id: idOf(1) }]);
    await simulated.control.restrict({ user: 'gt.reader', table: 'sn_audit_engagement', hide: 'all' });
    const results = await simulated.open({ config: both }).check();

    expect(line(results, 'sn_grc_issue: read')).toMatchObject({
      outcome: 'warning',
      found: expect.stringMatching(/^Absent: .*sn_grc_issue/),
    });
    expect(line(results, 'sn_cim_register: available')?.found).toMatch(/^Absent: Continual Improvement Management/);
    expect(line(results, 'sn_si_incident: available')?.found).toMatch(/could not be: the account may not read this/);
    expect(line(results, 'sn_audit_engagement: available')?.found).toMatch(/may not see the first/);
    expect(line(results, 'asmt_metric_result: available')?.found).toMatch(/could be: .* its 2 records/);
    expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  });
});

describe('a field whose column no public source names', () => {
  const results = { streams: { asmt_metric_result: {} } };
  const wanted = { asmt_metric_result: ['score', 'question', 'takenOn', 'service', 'answer'] };

  beforeEach(async () => {
    await simulated.control.load('asmt_metric', [{ sys_id: idOf(1), name: 'Was it quick?' }]);
    await simulated.control.load('incident', [{ sys_id: idOf(2), business_service: idOf(9) }]);
    await simulated.control.load('asmt_assessment_instance', [{ sys_id: idOf(3), taken_on: '2026-11-20 08:00:00', task_id: idOf(2) }]);
    await simulated.control.load('asmt_metric_result', [
      { sys_id: idOf(4), metric: idOf(1), instance: idOf(3), actual_value: 2, string_value: '' },
    ]);
    await simulated.control.advance(600_000);
  });

  test('is the first of its columns that has a value', async () => {
    const [page] = await runOf(streamOf(simulated.open({ config: results, wanted }), 'asmt_metric_result'));
    expect(page?.records[0]?.data).toEqual({
      score: 2,
      question: 'Was it quick?',
      takenOn: '2026-11-20T08:00:00.000Z',
      service: idOf(9),
      answer: null,
    });
  });

  test('is taken from the column that the administrator names, and from no other', async () => {
    await simulated.control.declareTable({
      name: 'asmt_metric_result',
      label: 'Metric result',
      columns: [{ name: 'u_points', label: 'Points', type: 'decimal' }],
    });
    await simulated.control.load('asmt_metric_result', [{ sys_id: idOf(4), u_points: '4.5' }]);
    const config = { streams: { asmt_metric_result: { columns: { score: 'u_points', mood: 'string_value' } } } };
    const stream = streamOf(simulated.open({ config, wanted: { asmt_metric_result: ['score', 'mood'] } }), 'asmt_metric_result');
    expect((await stream.get([idOf(4)]))[0]?.data).toEqual({ score: 4.5, mood: null });
  });

  test('is told by check when the instance has no column for it', async () => {
    const config = { streams: { asmt_metric_result: { columns: { mood: 'u_mood', score: 'instance.u_points' } } } };
    const read = { asmt_metric_result: ['mood', 'score', 'question'] };
    const found = line(await simulated.open({ config, wanted: read }).check(), 'asmt_metric_result: fields');
    expect(found).toMatchObject({
      outcome: 'warning',
      found: 'The instance has no column for score (instance.u_points), mood (u_mood).',
      hint: expect.stringContaining('streams: asmt_metric_result: columns'),
    });
    const right = line(await simulated.open({ config: results, wanted }).check(), 'asmt_metric_result: fields');
    expect(right).toMatchObject({ outcome: 'ok', found: 'All 5 fields that mappings read exist.' });
  });

  test('is missing where the instance has none of its columns', async () => {
    const stream = streamOf(
      simulated.open({ config: { streams: { incident: {} } }, wanted: { incident: ['major_incident_state', 'promoted_by.name'] } }),
      'incident',
    );
    const [record] = await stream.get([idOf(2)]);
    expect(Object.keys(record?.data ?? {})).toEqual(['number']);
    expect((await stream.fields()).map(({ name }) => name)).toEqual(expect.arrayContaining(['major_incident_state', 'promoted_by']));
  });

  test('is among the fields that mappings may read', async () => {
    const fields = await streamOf(simulated.open({ config: results }), 'asmt_metric_result').fields();
    expect(fields).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'score', type: 'number' })]));
  });
});

describe('the fields of a stream', () => {
  const fieldsOf = async (
    table = 'incident',
  ): Promise<ReadonlyMap<string, { readonly type: string; readonly choices?: readonly unknown[] }>> => {
    const open = simulated.open({ config: { streams: { [table]: {} } } });
    return new Map((await streamOf(open, table).fields()).map((field) => [field.name, field]));
  };

  test('are those of its own table, of its parents, and one step behind each reference, with choices', async () => {
    const fields = await fieldsOf();
    expect(fields.get('business_service.busines_criticality')?.choices).toHaveLength(4);
    expect(fields.get('business_service.id')?.type).toBe('text');
    expect(fields.get('problem_id.state')?.choices).toEqual(expect.arrayContaining([{ value: '107', label: 'Closed' }]));
    expect(fields.get('caller_id.manager')).toMatchObject({ type: 'reference', open: true });
    expect(fields.get('assignment_group')).not.toHaveProperty('open');
    expect(fields.has('business_service.nmae')).toBe(false);
  });

  test('hold the choices of the table itself, not those of its parent', async () => {
    expect((await fieldsOf('sn_grc_issue')).get('state')?.choices).toEqual(
      expect.arrayContaining([{ value: '8', label: 'Closed Incomplete' }]),
    );
  });

  test('know what its people added, and their choices', async () => {
    await simulated.control.declareTable({
      name: 'incident',
      label: 'Incident',
      columns: [{ name: 'u_symptom', label: 'Symptom', type: 'string', choices: [{ value: '491', label: 'Slow' }] }],
    });
    expect((await fieldsOf()).get('u_symptom')).toMatchObject({ label: 'Symptom', choices: [{ value: '491', label: 'Slow' }] });
  });

  test('are the built-in ones and those of one record where the dictionary may not be read', async () => {
    await simulated.control.declareTable({
      name: 'incident',
      label: 'Incident',
      columns: [{ name: 'u_symptom', label: 'Symptom', type: 'string' }],
    });
    await simulated.control.load('incident', [{ u_symptom: '491' }]);
    await simulated.control.restrict({ user: 'gt.reader', table: 'sys_dictionary', forbid: true });
    const fields = await fieldsOf();
    expect(fields.get('u_symptom')).toMatchObject({ type: 'text' });
    expect(fields.get('business_service')).toEqual({ name: 'business_service', type: 'reference', open: true });
  });

  test('of several streams are asked for once for each table of the instance', async () => {
    const open = simulated.open();
    await requestsOf(simulated, () => Promise.all(open.streams.map((stream) => stream.fields())));
    const dictionary = (await simulated.control.journal()).filter(({ path }) => path.endsWith('/sys_dictionary'));
    const names = dictionary.flatMap(({ query }) => /nameIN([^^]*)/.exec(query['sysparm_query'] ?? '')?.[1]?.split(',') ?? []);
    expect(names.length).toBeGreaterThan(10);
    expect(new Set(names).size).toBe(names.length);
  });

  test('a choice that nobody has declared is kept as it is', async () => {
    await simulated.control.load('incident', [{ sys_id: idOf(1), state: '77', close_code: 'Solved (Permanently)' }]);
    const [record] = await streamOf(simulated.open({ wanted: { incident: ['state', 'close_code'] } }), 'incident').get([idOf(1)]);
    expect(record?.data).toMatchObject({ state: 77, close_code: 'Solved (Permanently)' });
  });
});
