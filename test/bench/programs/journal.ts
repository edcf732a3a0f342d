import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchJournal } from '../journal.js';
import { report } from '../measure.js';

const folder = mkdtempSync(join(tmpdir(), 'golden-thread-bench-journal-'));
try {
  report(await benchJournal(Number(process.argv[2]), folder));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
