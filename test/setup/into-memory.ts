import { accessSync, constants, mkdtempSync, statfsSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';

const memory = '/dev/shm';
const gigabyte = 1024 ** 3;

/**
 * Has the databases of the tests in memory where there is plenty of it: waiting for the disk at each commit is a quarter of the time of many. That commits
 * are synced is proven by watching the calls (test/fault/fsync.test.ts), and what a process leaves behind that dies is there in memory too.
 * A TMPDIR that is set stays.
 */
export default function intoMemory(): void {
  if (process.env['TMPDIR'] !== undefined || freemem() < 4 * gigabyte) return;
  try {
    accessSync(memory, constants.W_OK);
    const { bavail, bsize } = statfsSync(memory);
    if (bavail * bsize < 2 * gigabyte) return;
    const folder = mkdtempSync(join(memory, 'golden-thread-tests-'));
    process.env['TMPDIR'] = folder;
    process.env['GOLDEN_THREAD_TESTS_IN_MEMORY'] = folder;
  } catch {
    // Not a Linux, or a container without it: the disk will do.
  }
}
