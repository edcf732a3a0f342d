import { afterAll, describe, expect, test } from '@jest/globals';
import { openLanes } from './crash-matrix.js';
import { inspect } from './inspect.js';
import { beginning, seed } from './organisation.js';
import type { Systems } from './simulators.js';
import { live, type WorkerOptions } from './stage.js';
import type { Report } from './worker.js';

describe('an outage', () => {
  const lanes = openLanes(1);
  const [lane] = lanes.lanes;
  afterAll(() => lanes.end());

  const open = async (): Promise<{ readonly systems: Systems; readonly options: WorkerOptions; readonly path: string }> => {
    if (lane === undefined) throw new Error('no lane');
    const systems = await lane.host.start({ seed: 1, now: beginning });
    await seed(systems);
    const database = lane.nextDatabase();
    return { systems, options: { config: lane.site.config, env: lane.site.env(database, systems) }, path: lane.site.path(database) };
  };
  const posts = (requests: Report['requests'] | undefined, what: string): readonly number[] =>
    (requests ?? []).filter((request) => request.what === what).map(({ step }) => step);

  test('in which ServiceNow takes no change, whatever it answers, ends with one change and nothing for a person to do', async () => {
    const { systems, options, path } = await open();
    const match = { method: 'POST', path: '/change_request' };
    await systems.servicenow.addFaults(
      { match, kind: 'status-503', times: 6 },
      { match, kind: 'drop', times: 2 },
      { match, kind: 'commit-then-500', times: 1 },
    );
    const { last } = await live(systems, options);
    expect(posts(last?.requests, 'POST /api/now/v2/table/{table}').length).toBe(9);
    expect((await inspect(path, systems)).problems).toEqual([]);
  }, 120_000);

  test('in which Jira turns tickets away does not count against one whose process then dies before the request is out', async () => {
    // Told to wait for longer than one request may take: it is turned away, and core waits.
    const away = {
      match: { method: 'POST', path: '/rest/api/3/issue$' },
      kind: 'status-429',
      reason: 'per-issue',
      retryAfter: 200,
      times: 4,
    } as const;
    const measured = await open();
    await measured.systems.jira.addFaults(away);
    const create = 'POST /rest/api/3/issue';
    const { last } = await live(measured.systems, measured.options);
    const [first] = posts(last?.requests, create);
    const taken = posts(last?.requests, create).at(-1) ?? 0;
    expect(taken).toBeGreaterThan(first ?? 0);

    // The boundary before the one behind its answer: the intent is on disk, the request has not left.
    const { systems, options, path } = await open();
    await systems.jira.addFaults(away);
    expect((await live(systems, { ...options, crashAt: taken - 1 })).killed).toBe(true);
    expect((await systems.jira.issues({ project: 'IMP' })).length).toBe(0);
    await live(systems, options);
    expect((await inspect(path, systems)).problems).toEqual([]);
  }, 120_000);
});
