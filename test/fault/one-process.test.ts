import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { golden } from './command.js';
import { openLanes } from './crash-matrix.js';
import { seed } from './organisation.js';
import { startWorker } from './stage.js';

describe('two processes on one database', () => {
  const lanes = openLanes(1);
  const [lane] = lanes.lanes;
  afterAll(() => lanes.end());

  test('the second one ends with 75 and a sentence, asks nobody and changes nothing; when the first is killed, the next one works', async () => {
    if (lane === undefined) throw new Error('no lane');
    const systems = await lane.host.start({ seed: 1 });
    const now = new Date().toISOString();
    await seed(systems, now);
    const database = lane.nextDatabase();
    const env = lane.site.env(database, systems);
    const holder = startWorker({ config: lane.site.config, env });
    expect(await holder.cycle(now)).toBeDefined();

    const fingerprint = (): string =>
      ['', '-wal', '.credentials', '.installed']
        .map((suffix) => `${lane.site.path(database)}${suffix}`)
        .map((file) => (existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : 'none'))
        .join();
    const [before, asked] = [fingerprint(), (await systems.jira.journal()).length + (await systems.servicenow.journal()).length];
    const verbs = [['sync', '--once'], ['start'], ['release', '--by', 'Somebody Else']];
    for (const second of await Promise.all(verbs.map((verb) => golden(['--config', lane.site.config, ...verb], env).ended))) {
      expect(second.code).toBe(75);
      expect(second.stderr).toContain('another golden-thread process works on this database');
      expect(second.stderr).not.toMatch(/\n\s+at /);
    }
    expect(fingerprint()).toBe(before);
    expect((await systems.jira.journal()).length + (await systems.servicenow.journal()).length).toBe(asked);

    holder.kill();
    await holder.ended;
    const next = await golden(['--config', lane.site.config, 'sync', '--once'], env).ended;
    expect({ code: next.code, stderr: next.stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('database') });
    expect(next.stdout).toContain('servicenow-prod/incident');
  }, 60_000);
});
