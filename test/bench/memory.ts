import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Goal } from './goals.js';
import { measure, median } from './measure.js';
import { startRemotes } from './remote.js';
import { makeSite } from './site.js';

/** Peak memory of a first pull, Jira's streams read before it. */
async function peakAt(records: number, rounds: number, folder: string): Promise<number> {
  const remotes = await startRemotes(records);
  try {
    const peaks: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const site = join(folder, 'memory');
      const env = makeSite(site, { servicenow: remotes.servicenow.url, jira: remotes.jira.url });
      peaks.push((await measure('ours', [site, 'both-systems'], env)).peak);
      rmSync(site, { recursive: true, force: true });
    }
    return median(peaks);
  } finally {
    await remotes.stop();
  }
}

/** Whether memory grows with the records. The large run is made once: it is its own many pages. */
export async function memoryGoals(few: number, many: number, folder: string): Promise<readonly Goal[]> {
  const small = await peakAt(few, 3, folder);
  const large = await peakAt(many, 1, folder);
  const shown = (count: number): string => count.toLocaleString('en');
  return [
    {
      what: `peak memory, ${shown(many)} records ÷ ${shown(few)}`,
      measured: large / small,
      unit: '×',
      goal: { is: 'most', limit: 1.25 },
      behind: `${large.toFixed(0)} MB ÷ ${small.toFixed(0)} MB`,
    },
    {
      what: `peak memory, ${shown(many)} records, both connectors in use`,
      measured: large,
      unit: 'MB',
      goal: { is: 'most', limit: 180 },
      behind: 'resident set of the whole process, heap cap of the image',
    },
  ];
}
