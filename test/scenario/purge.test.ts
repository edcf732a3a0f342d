import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { personNamed } from '../../src/domain/index.js';
import { threadReport } from '../../src/report/index.js';
import { purgePerson, verifyJournal } from '../../src/store/index.js';
import { burst } from './incidents.js';
import { hourMs, type Organisation, startOrganisation } from './organisation.js';
import { approve, carryOut, changesOf } from './people.js';

let organisation: Organisation;
beforeAll(async () => {
  organisation = await startOrganisation();
  await organisation.cycle();
  await organisation.release();
});
afterAll(() => organisation.close());

/** Files of the database in which one of these stands, in any case. */
function filesHolding(needles: readonly string[]): readonly string[] {
  const files = readdirSync(organisation.dir).filter((file) => file.startsWith('golden-thread.db'));
  return files.filter((file) => {
    const bytes = readFileSync(join(organisation.dir, file)).toString('latin1').toLowerCase();
    return needles.some((needle) => bytes.includes(Buffer.from(needle.toLowerCase(), 'utf8').toString('latin1')));
  });
}

describe('a person who approved, is named in incidents, and asks to be removed', () => {
  test('is gone from every file, while the thread has the same stages and gaps, and does not come back with the next round', async () => {
    const { directory } = organisation.world.config;
    const approver = personNamed(directory, 'a.rahman');
    const name = approver?.name ?? '';
    const terms = [name, 'a.rahman', ...Object.values(approver?.accounts ?? {})];
    const title = `Checkout fails for ${name}`;
    const raised = await burst(organisation, 6, { short_description: title });
    await approve(organisation, raised.id);
    await organisation.later();
    const [change] = await changesOf(organisation, raised.id);
    await carryOut(organisation, change?.sys_id ?? '');
    await organisation.later();
    const shape = async () => {
      const report = await threadReport(organisation.world.store.read, organisation.world.config, raised.id, organisation.now());
      if (report === undefined) throw new Error('there is no thread');
      return report.thread;
    };
    const before = await shape();
    expect(filesHolding(terms)).not.toEqual([]);

    const { store } = organisation.world;
    const { placeholder } = await purgePerson(store, { terms, by: 'Ada Admin', because: 'asked for', at: organisation.now() });
    expect(filesHolding(terms)).toEqual([]);
    const after = await shape();
    expect(JSON.stringify(after)).toContain(placeholder);
    expect(after.gaps.map(({ code }) => code)).toEqual(before.gaps.map(({ code }) => code));
    expect(after.stages.map(({ stage, items }) => [stage, items.length])).toEqual(
      before.stages.map(({ stage, items }) => [stage, items.length]),
    );
    expect((await verifyJournal(store.read)).broken).toBeUndefined();

    const [row] = await organisation.servicenow.records('incident', `short_description=${title}`);
    await organisation.servicenow.load('incident', [{ sys_id: row?.sys_id, close_notes: `Told ${name}.`, state: '7' }]);
    await organisation.later(25 * hourMs); // a census too
    await organisation.later();
    expect(filesHolding([name])).toEqual([]);
    expect((await verifyJournal(store.read)).broken).toBeUndefined();
  });
});
