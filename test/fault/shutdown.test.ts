import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import { golden } from './command.js';
import { openLanes } from './crash-matrix.js';
import { inspect } from './inspect.js';
import { actAsPeople, seed } from './organisation.js';
import type { Systems } from './simulators.js';
import { live } from './stage.js';

/** What the daemon is waiting for when it is told to end. The remote never answers that request. */
interface Phase {
  readonly phase: string;
  readonly of: 'servicenow' | 'jira';
  readonly method: string;
  readonly path: string;
  /** Whether the remote carries it out all the same. */
  readonly carriedOut?: true;
}

const phases: readonly Phase[] = [
  { phase: 'while it pulls from ServiceNow', of: 'servicenow', method: 'GET', path: '/table/incident' },
  { phase: 'while it pulls from Jira', of: 'jira', method: 'POST', path: '/search/jql' },
  { phase: 'while it looks at the create screen', of: 'jira', method: 'GET', path: '/createmeta' },
  { phase: 'while it creates a ticket that arrives', of: 'jira', method: 'POST', path: '/rest/api/3/issue$', carriedOut: true },
  { phase: 'while it looks for that ticket', of: 'jira', method: 'GET', path: '/rest/api/3/issue/' },
  { phase: 'while it links the ticket', of: 'jira', method: 'POST', path: '/remotelink' },
  { phase: 'while it reads a decision back', of: 'jira', method: 'GET', path: '/changelog' },
  { phase: 'while it comments', of: 'jira', method: 'POST', path: '/comment' },
  { phase: 'while it creates a change that does not arrive', of: 'servicenow', method: 'POST', path: '/change_request' },
  { phase: 'while it looks for that change', of: 'servicenow', method: 'GET', path: '/change_request/' },
];
/** Patience for a request to come; a daemon that never makes it fails the test. */
const patienceMs = 30_000;
const longestMs = 10_000;

describe('a daemon that is told to end', () => {
  const lanes = openLanes(1);
  const [lane] = lanes.lanes;
  afterAll(() => lanes.end());

  test('ends with 0 also while it still makes its database', async () => {
    if (lane === undefined) throw new Error('no lane');
    const systems = await lane.host.start({ seed: 1 });
    const database = lane.nextDatabase();
    const daemon = golden(['--config', lane.site.config, 'start'], lane.site.env(database, systems));
    const early = daemon.ended.then(() => true);
    while (!existsSync(lane.site.path(database)) && (await Promise.race([early, sleep(5, false)])) === false);
    daemon.signal('SIGTERM');
    expect(await daemon.ended).toMatchObject({ code: 0, signal: null });
  }, 60_000);

  test('ends with 0 within ten seconds in every phase, and the next start goes on where it stood', async () => {
    if (lane === undefined) throw new Error('no lane');
    const systems = await lane.host.start({ seed: 1 });
    const now = new Date();
    await seed(systems, now.toISOString());
    const database = lane.nextDatabase();
    const env = lane.site.env(database, systems);
    const config = ['--config', lane.site.config];
    const dayAgo = new Date(now.getTime() - 86_400_000).toISOString();
    expect((await golden([...config, 'release', '--by', 'Fault Test', '--raise-from', dayAgo], env).ended).code).toBe(0);

    for (const { phase, of, method, path, carriedOut } of phases) {
      const seen = await hanging(systems, of, { method, path, carriedOut: carriedOut === true });
      await actAsPeople(systems);
      const daemon = golden([...config, 'start'], env);
      await Promise.race([seen.reached(), daemon.ended]).catch((error: unknown) => {
        daemon.signal('SIGKILL');
        throw error;
      });
      const told = performance.now();
      daemon.signal('SIGTERM');
      const { code, signal, stderr } = await daemon.ended;
      const inTime = performance.now() - told < longestMs;
      expect({ phase, code, signal, inTime, stack: /\n\s+at /.test(stderr) }).toEqual({
        phase,
        code: 0,
        signal: null,
        inTime: true,
        stack: false,
      });
      await systems[of].clearFaults();
    }

    // From here on time is ours: what is in doubt may wait for its index.
    await Promise.all([systems.jira.setRate(0), systems.servicenow.setRate(0)]);
    await live(systems, { config: lane.site.config, env });
    expect((await inspect(lane.site.path(database), systems)).problems).toEqual([]);
  }, 300_000);
});

/** Lets the remote not answer such requests, and tells when the first one has come. */
async function hanging(
  systems: Systems,
  of: Phase['of'],
  { method, path, carriedOut }: { readonly method: string; readonly path: string; readonly carriedOut: boolean },
): Promise<{ reached(): Promise<void> }> {
  const match = { method, path };
  if (of === 'jira') await systems.jira.addFaults({ match, kind: carriedOut ? 'commit-then-hang' : 'hang' });
  else await systems.servicenow.addFaults({ match, kind: 'hang' });
  return {
    reached: async () => {
      const until = performance.now() + patienceMs;
      while (performance.now() < until) {
        if ((await systems[of].faults()).some(({ struck }) => struck > 0)) return;
        await sleep(50);
      }
      throw new Error(`nobody asked for ${method} ${path}`);
    },
  };
}
