import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { openLanes } from './crash-matrix.js';
import { beginning, seed } from './organisation.js';
import { live } from './stage.js';

/** Why the order of system calls cannot be watched here; undefined when it can. */
const obstacle = ((): string | undefined => {
  const tried = spawnSync('strace', ['-f', '-o', '/dev/null', 'true'], { encoding: 'utf8' });
  if (tried.error !== undefined) return 'strace is not installed';
  return tried.status === 0 ? undefined : `strace may not trace here: ${tried.stderr.trim()}`;
})();
if (obstacle !== undefined) process.stderr.write(`skipped: whether an intent is on disk before its request; ${obstacle}\n`);

/** What a trace says about the requests that change something. */
interface Order {
  readonly posts: number;
  /** Requests that went out while what was committed before them was not on disk, or before which nothing was committed since the last one. */
  readonly early: readonly string[];
}

/** Reads the system calls in their order: writes and syncs of the database's log, and the first bytes of requests. */
function orderOf(trace: string): Order {
  let posts = 0;
  const early: string[] = [];
  let written = false;
  let synced = false;
  for (const line of trace.split('\n')) {
    if (/\bp?write(v|64)?\(\d+<[^>]*\.db-wal>/.test(line)) [written, synced] = [true, false];
    else if (/\bf(data)?sync\(\d+<[^>]*\.db-wal>/.test(line)) synced = true;
    const request = /"(P(?:OST|UT|ATCH) \/[^\s?]*)/.exec(line)?.[1];
    if (request === undefined || /\/search\/|\/jql\//.test(request)) continue;
    posts += 1;
    if (!written || !synced) early.push(request);
    written = false;
  }
  return { posts, early };
}

(obstacle === undefined ? describe : describe.skip)('an intent', () => {
  const lanes = openLanes(1);
  const [lane] = lanes.lanes;
  afterAll(() => lanes.end());

  const traced = async (mutant?: string): Promise<Order> => {
    if (lane === undefined) throw new Error('no lane');
    const systems = await lane.host.start({ seed: 1, now: beginning });
    await seed(systems);
    const file = join(lane.site.dir, 'trace');
    // `open(path, O_SYNC)` and memory maps are not used for the log, so that these calls are all there is.
    const under = ['strace', '-f', '-y', '-s', '120', '-o', file, '-e', 'trace=fsync,fdatasync,write,writev,pwrite64,sendto,sendmsg'];
    await live(systems, {
      config: lane.site.config,
      env: lane.site.env(lane.nextDatabase(), systems),
      under,
      ...(mutant !== undefined && { mutant }),
    });
    return orderOf(readFileSync(file, 'utf8'));
  };

  test('is on disk before the first byte of its request leaves, for every request that changes something', async () => {
    const { posts, early } = await traced();
    process.stderr.write(`fsync before ${posts - early.length} of ${posts} writing requests\n`);
    expect(posts).toBeGreaterThanOrEqual(9); // a ticket, five links, a comment, a change and its link
    expect(early).toEqual([]);
  }, 120_000);

  test('that is committed without a sync is noticed', async () => {
    const { early } = await traced('commit-without-sync');
    expect(early).not.toEqual([]);
  }, 120_000);
});
