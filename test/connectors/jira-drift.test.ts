import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { describeFailure, type Failure, type OpenConnector, type Sink, type Stream } from 'golden-thread/kit';
import { testContext } from 'golden-thread/kit/testing';
import jira from '../../connectors/jira/index.js';
import { configFor, type Site, startSite } from './jira-subject.js';

let site: Site;
let stream: Stream;
let sink: Sink;

beforeEach(async () => {
  site = await startSite();
  const { context } = testContext({ system: 'jira', secrets: ['bot-token'] });
  const connector = jira.open(jira.config.parse(configFor(site.url)), context) as OpenConnector;
  stream = connector.streams.find((one) => one.name === 'improvement')!;
  sink = connector.sink!;
});
afterEach(() => site.close());

const ask = { since: '2026-01-01T00:00:00.000Z', pageSize: 10 };
const insert = async (fields = {}): Promise<string> => (await site.control.insert([{ project: 'IMP', summary: 'One', fields }]))[0]!.id;

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  try {
    await work;
  } catch (error) {
    return error as Failure;
  }
  throw new Error('it did not fail');
}

describe('a Jira that changes while it is read', () => {
  test('and loses a field stops the stream with its name, instead of emptying it in every record', async () => {
    const id = await insert({ Objective: 'Reliability' });
    const { cursor } = await stream.read(undefined, ask);
    await site.control.removeField('Objective');
    await site.control.edit(id, { by: 'Priya Raman', fields: { summary: 'Two' } });
    for (const work of [() => stream.read(cursor, ask), () => stream.get!([id])]) {
      const failure = await failureOf(work());
      expect(failure.kind).toBe('config');
      expect(describeFailure(failure)).toMatch(/objective \(Objective, customfield_10051\)[\s\S]*customFields/);
    }
  });

  test('and has a workflow that refuses a step for a reason that it did not tell before says that reason, and changes nothing', async () => {
    await site.control.validator({
      project: 'IMP',
      type: 'Improvement',
      transition: 'Approve without comment',
      field: 'duedate',
      message: 'A due date is needed before this can be approved.',
    });
    const id = await insert();
    const failure = await failureOf(sink.transition!('issue', id, 'Approved', {}));
    expect(failure).toMatchObject({ kind: 'record', details: { committed: 'no' } });
    expect(failure.message).toContain('A due date is needed');
    expect((await site.control.issues({ ids: [id] }))[0]?.status).toBe('Proposed');
    await sink.update('issue', id, { duedate: '2027-01-31' });
    expect((await sink.transition!('issue', id, 'Approved', {})).differences).toEqual([]);
  });

  test('and whose index forgets again what it has shown loses nothing, neither in the stream nor in the census', async () => {
    await site.control.switches({ nonMonotonic: true, indexLagMs: [0, 60_000] });
    const ids = new Set<string>();
    for (let i = 0; i < 12; i += 1) {
      ids.add(await insert());
      await site.control.advance(5_000);
    }
    const seen = new Set<string>();
    let page = await stream.read(undefined, ask);
    for (let rounds = 0; rounds < 40 && seen.size < ids.size; rounds += 1) {
      for (const record of page.records) seen.add(record.ref.key);
      await site.control.advance(30_000);
      page = await stream.read(page.cursor, ask);
    }
    expect([...ids].filter((id) => !seen.has(id))).toEqual([]);
    const { keys } = await stream.keys!(undefined, { pageSize: 100 });
    const missed = [...ids].filter((id) => !keys.includes(id));
    const where = await stream.whereabouts!([...ids]);
    expect(missed.filter((id) => where.get(id) !== 'here')).toEqual([]);
    expect([...where.values()].every((one) => one === 'here')).toBe(true);
  });
});
