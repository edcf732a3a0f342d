import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { claimNext, markSending, outboxList } from '../../src/store/index.js';
import { retryParked } from '../../src/sync/index.js';
import { fileOf, isChart } from '../../src/sync/push/chart-writes.js';
import { burst, history, weeks } from './incidents.js';
import { type Organisation, startOrganisation } from './organisation.js';
import { approve, carryOut, changesOf } from './people.js';

async function measured(organisation: Organisation): Promise<string> {
  await history(organisation, 4);
  await organisation.cycle();
  await organisation.release();
  const { id } = await burst(organisation);
  await approve(organisation, id);
  await carryOut(organisation, (await changesOf(organisation, id))[0]?.sys_id ?? '');
  return id;
}

const files = async (organisation: Organisation, id: string) =>
  (await organisation.ticket(id)).attachments.map(({ name, base64 }) => ({ name, svg: Buffer.from(base64, 'base64').toString('utf8') }));

describe('after a measured window', () => {
  let organisation: Organisation;
  let id: string;
  beforeAll(async () => {
    organisation = await startOrganisation();
    id = await measured(organisation);
    await weeks(organisation, 10, [{ perWeek: 1 }]);
    await organisation.later();
  });
  afterAll(() => organisation.close());

  test('the owner finds one run chart at the ticket, and the status comment names it', async () => {
    const [measurement] = (await organisation.improvement(id)).measurements;
    const [chart, ...others] = await files(organisation, id);
    expect(others).toEqual([]);
    expect(chart?.name).toMatch(new RegExp(`^run-chart-${id}-\\d{4}-\\d\\d-\\d\\d-[0-9a-f]{16}\\.svg$`));
    expect(isChart(chart?.name ?? '')).toBe(true);
    expect(isChart('test plan.svg')).toBe(false);
    expect(chart?.svg).toContain('role="img"');
    expect(chart?.svg).toContain(`Baseline mean ${measurement?.baseline?.rate}`);
    expect(chart?.svg).toContain('Effective: ');
    expect(
      (await organisation.comments(id)).filter((text) => text.includes(`The run chart of it is attached: ${chart?.name}.`)),
    ).toHaveLength(1);
  });

  test('it shows the burst that raised it, the decision and the settling between baseline and window', async () => {
    const [chart] = await files(organisation, id);
    for (const what of ['baseline', 'what raised it', 'settling', 'window']) expect(chart?.svg).toContain(what);
    expect(chart?.svg).toMatch(/<path class="rc-signal"/);
  });

  test('idle rounds attach nothing more, and the receipt of it is kept', async () => {
    const before = await organisation.writes();
    for (let round = 0; round < 3; round += 1) await organisation.later();
    expect(await organisation.writes()).toEqual(before);
    expect(await files(organisation, id)).toHaveLength(1);
    const entries = (await outboxList(organisation.world.store.read, {})).filter(({ operation }) => operation === 'attach');
    expect(entries).toMatchObject([{ state: 'confirmed', subject: id, receipt: { data: { sha256: expect.any(String) } } }]);
    expect((await organisation.journal('remote-attach')).map(({ subject }) => subject)).toEqual([id]);
  });
});

describe('where the chart cannot be put at the ticket', () => {
  test.each([
    ['attachments are switched off', { attachments: false }, /disabled/],
    ['it is larger than the site takes', { attachmentMaxBytes: 100 }, /size/],
  ])('%s: it is parked with a sentence, the result is told all the same, and nothing waits', async (_what, switches, says) => {
    const organisation = await startOrganisation();
    try {
      const id = await measured(organisation);
      await organisation.jira.switches(switches);
      await weeks(organisation, 10, [{ perWeek: 1 }]);
      await organisation.later();
      expect((await organisation.improvement(id)).measurements).toMatchObject([{ result: 'effective' }]);
      const parked = await outboxList(organisation.world.store.read, { states: ['parked'] });
      expect(parked).toMatchObject([{ operation: 'attach', subject: id }]);
      expect(JSON.stringify(parked[0]?.failure)).toMatch(says);
      const said = (await organisation.comments(id)).join('\n');
      expect(said).toContain('Result: effective');
      expect(said).not.toContain('run chart');
      expect(await outboxList(organisation.world.store.read, { states: ['pending', 'sending', 'in-doubt'] })).toEqual([]);
    } finally {
      await organisation.close();
    }
  });
});

test('a chart whose answer is lost is there once, and is confirmed in the next round', async () => {
  const organisation = await startOrganisation();
  try {
    const id = await measured(organisation);
    await organisation.jira.addFaults({ kind: 'commit-then-drop', times: 1, match: { method: 'POST', path: '/attachments$' } });
    await weeks(organisation, 10, [{ perWeek: 1 }]);
    await organisation.later();
    await organisation.later();
    expect(await files(organisation, id)).toHaveLength(1);
    expect((await organisation.comments(id)).join('\n')).toContain('The run chart of it is attached');
  } finally {
    await organisation.close();
  }
});

test('a chart that a process attached before it died is found by the next one, and is there once', async () => {
  const organisation = await startOrganisation();
  try {
    const id = await measured(organisation);
    await organisation.jira.addFaults({ kind: 'status-503', match: { method: 'POST', path: '/attachments$' } });
    await weeks(organisation, 10, [{ perWeek: 1 }]);
    await organisation.later();
    await organisation.jira.clearFaults();
    const { store, systems } = organisation.world;
    const [entry] = (await outboxList(store.read, {})).filter(({ operation }) => operation === 'attach');
    // It did not go through for a day, so it waits for a person, who takes it up again.
    expect(entry).toMatchObject({ state: 'parked', subject: id });
    await expect(retryParked(organisation.world, ['no such key'], 'Ada Admin')).rejects.toThrow(
      /no parked write begins with "no such key"/,
    );
    expect(await retryParked(organisation.world, [entry?.id.slice(0, 12) ?? ''], 'Ada Admin')).toHaveLength(1);
    expect(await organisation.journal('write-retried')).toMatchObject([{ actor: 'Ada Admin', subject: id }]);
    // What the process did last: it noted that it sends, Jira took the file, and it died before it could note that.
    const key = (await organisation.improvement(id)).ticket?.key ?? '';
    const [owner, now] = ['the one that died', organisation.now()];
    await store.tx(async (t) => {
      const claimed = await claimNext(t, { owner, now, until: now, systems: [entry?.system ?? ''] });
      expect(claimed?.id).toBe(entry?.id);
      await markSending(t, entry?.id ?? '', { owner, at: now });
    });
    await systems.byId.get(entry?.system ?? '')?.connector.sink?.attach?.('issue', key, fileOf(entry?.payload ?? {}));
    expect(await files(organisation, id)).toHaveLength(1);
    await organisation.restart();
    await organisation.later();
    expect(await files(organisation, id)).toHaveLength(1);
    expect(await outboxList(organisation.world.store.read, { states: ['parked', 'pending', 'sending', 'in-doubt'] })).toEqual([]);
    expect((await organisation.comments(id)).join('\n')).toContain('The run chart of it is attached');
  } finally {
    await organisation.close();
  }
});
