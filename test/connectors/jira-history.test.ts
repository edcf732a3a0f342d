import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { HistoryEntry, Json, JsonObject, OpenConnector, Sink } from 'golden-thread/kit';
import { testContext } from 'golden-thread/kit/testing';
import jira from '../../connectors/jira/index.js';
import { configFor, type Site, startSite } from './jira-subject.js';

let site: Site;
let sink: Sink;
beforeAll(async () => {
  site = await startSite();
  const { context } = testContext({ system: 'jira', secrets: ['bot-token'] });
  sink = (jira.open(jira.config.parse(configFor(site.url)), context) as OpenConnector & { readonly sink: Sink }).sink;
});
afterAll(() => site.close());

/** The record as it was before the last `count` entries. `updated` is not part of any changelog. */
function rewind(data: JsonObject, entries: readonly HistoryEntry[], count: number): JsonObject {
  const then: Record<string, Json> = { ...data };
  for (const entry of entries.slice(entries.length - count).toReversed()) for (const { field, from } of entry.changes) then[field] = from;
  return withoutUpdated(then);
}

/** Of rich text the changelog has the words; how it breaks the lines is not documented. */
function withoutUpdated(data: JsonObject): JsonObject {
  const { updated: _updated, ...rest } = data;
  const words = (text: Json | undefined): Json => (typeof text === 'string' ? text.replace(/\s+/g, ' ') : (text ?? null));
  return { ...rest, description: words(data['description']), rationale: words(data['rationale']) };
}

const by = fc.constantFrom('owner@example.com', 'approver@example.com', 'automation@example.com', 'bot@example.com');
const paragraph = fc
  .string({ unit: fc.constantFrom('a', 'b', ' ', 'ä', '😀', '"', '\\', '{', '}', '[', ']', '|'), minLength: 1, maxLength: 20 })
  .filter((text) => text.trim() !== '');
const edit = fc.oneof(
  fc.record({ summary: paragraph }),
  fc.record({ description: fc.array(paragraph, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('\n\n')) }),
  fc.record({ labels: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 3 }) }),
  fc.record({ priority: fc.constantFrom('High', 'Low', 'Medium') }),
  fc.record({ assignee: fc.constantFrom('owner@example.com', 'approver@example.com', null) }),
  fc.record({ duedate: fc.constantFrom('2027-01-31', '2027-06-30', null) }),
  fc.record({ components: fc.uniqueArray(fc.constantFrom('Email', 'VPN', 'ERP', 'Payments'), { maxLength: 3 }) }),
  fc.record({ Category: fc.constantFrom('Incident', 'Problem', null), Objective: fc.oneof(paragraph, fc.constant(null)) }),
  fc.record({ 'Rate reduction target %': fc.constantFrom(10, 12.5, 30, null), 'Review date': fc.constantFrom('2027-02-01', null) }),
  fc.record({ 'Decision rationale': fc.oneof(paragraph, fc.constant(null)) }),
);
const happening = fc.record({
  by,
  what: fc.oneof(
    { arbitrary: fc.record({ fields: edit as fc.Arbitrary<JsonObject> }), weight: 4 },
    fc.record({ to: fc.constantFrom('Approved', 'Rejected', 'Closed', 'Proposed', 'On Hold') }),
    fc.record({ project: fc.constantFrom('AUD', 'IMP') }),
  ),
});

describe('the history of a ticket', () => {
  test('rewinds the record to every state it was ever in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 8 }), async (happenings) => {
        const [issue] = await site.control.insert([{ project: 'IMP', summary: 'First', description: 'As it was raised' }]);
        const states: { readonly data: JsonObject; readonly entries: number }[] = [];
        const look = async (): Promise<readonly HistoryEntry[]> => {
          const entries = await sink.history!('issue', issue!.id);
          states.push({ data: withoutUpdated((await sink.read('issue', issue!.id))!.data), entries: entries.length });
          return entries;
        };
        let entries = await look();
        for (const { by: who, what } of happenings) {
          await site.control.advance(61_000);
          if ('fields' in what) await site.control.edit(issue!.id, { by: who, fields: what.fields });
          else if ('to' in what) await site.control.transition(issue!.id, { to: what.to, by: who, force: true }).catch(() => undefined);
          else await site.control.move(issue!.id, what.project, who).catch(() => undefined);
          entries = await look();
        }
        const now = states.at(-1)!.data;
        for (const state of states) expect(rewind(now, entries, entries.length - state.entries)).toEqual(state.data);
      }),
      { numRuns: 40 },
    );
  });

  test('says of each step who did it, a person or an app, and when, oldest first and complete', async () => {
    const [issue] = await site.control.insert([{ project: 'IMP', summary: 'First' }]);
    for (let i = 0; i < 130; i += 1)
      await site.control.edit(issue!.id, {
        by: i % 2 === 0 ? 'owner@example.com' : 'automation@example.com',
        fields: { summary: `Summary ${i}` },
      });
    const at = (await site.control.advance(60_000)).now;
    await site.control.transition(issue!.id, { to: 'Approved', by: 'approver@example.com', fields: { 'Decision rationale': 'It pays.' } });
    const entries = await sink.history!('issue', issue!.id);
    expect(entries).toHaveLength(131);
    expect(entries.slice(0, 2).map((entry) => entry.actor.kind)).toEqual(['person', 'app']);
    expect(entries.map((entry) => entry.at)).toEqual(entries.map((entry) => entry.at).toSorted());
    expect(entries.at(-1)).toMatchObject({
      at,
      actor: { name: 'Marcus Feld', kind: 'person' },
      changes: expect.arrayContaining([
        {
          field: 'status',
          from: { id: '10001', name: 'Proposed', category: 'new' },
          to: { id: '10002', name: 'Approved', category: 'indeterminate' },
        },
        { field: 'rationale', from: null, to: 'It pays.' },
      ]),
    });
  });

  test('of a ticket that is gone says so', async () => {
    const [issue] = await site.control.insert([{ project: 'IMP', summary: 'Gone' }]);
    await site.control.remove(issue!.id);
    await expect(sink.history!('issue', issue!.id)).rejects.toMatchObject({ kind: 'record' });
    expect(await sink.read('issue', issue!.id)).toBeUndefined();
  });
});
