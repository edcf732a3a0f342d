import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Goal } from './goals.js';
import { measure } from './measure.js';
import { makeSite } from './site.js';

/** What people and the daemon wait for in a large store. Times in milliseconds. */
export interface ScaleBench {
  readonly inputs: number;
  readonly improvements: number;
  /** Inputs of the day that is decided. */
  readonly daily: number;
  readonly fillSeconds: number;
  readonly threadMedian: number;
  readonly threadLongest: number;
  /** The very first page of the process. */
  readonly pageFirst: number;
  readonly pageMedian: number;
  /** The naive way to the same page: parse the whole register, take the beginning. */
  readonly allParsed: number;
  readonly decideMs: number;
  /** The least that deciding must do: read those inputs. */
  readonly justRead: number;
  readonly raised: number;
}

/** A store with so many inputs and improvements: one thread, the first page of the register, the decisions of a day with `daily` new inputs. */
export async function scaleGoals(inputs: number, improvements: number, daily: number, folder: string): Promise<readonly Goal[]> {
  const site = join(folder, 'scale');
  // Nobody is asked for anything: what is decided here waits in the outbox.
  const nowhere = 'http://127.0.0.1:1';
  try {
    const env = makeSite(site, { servicenow: nowhere, jira: nowhere });
    const bench = await measure<ScaleBench>('scale', [site, String(inputs), String(improvements), String(daily)], env);
    return goalsOf(bench);
  } finally {
    rmSync(site, { recursive: true, force: true });
  }
}

function goalsOf(bench: ScaleBench): readonly Goal[] {
  const many = (count: number): string => count.toLocaleString('en');
  const among = `among ${many(bench.inputs)} inputs and ${many(bench.improvements)} improvements`;
  const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
  return [
    {
      what: `one golden thread ${among}, median`,
      measured: bench.threadMedian,
      unit: 'ms',
      goal: { is: 'most', limit: 20 },
      behind: `longest of 200: ${ms(bench.threadLongest)}; store filled in ${bench.fillSeconds.toFixed(0)} s`,
    },
    {
      what: `first page of the register, 50 entries with their gaps, median`,
      measured: bench.pageMedian,
      unit: 'ms',
      goal: { is: 'most', limit: 50 },
      behind: `the first of all: ${ms(bench.pageFirst)}; to parse the whole register: ${ms(bench.allParsed)}`,
    },
    {
      what: `to decide over a day's ${many(bench.daily)} new inputs`,
      measured: bench.decideMs,
      unit: 'ms',
      goal: { is: 'most', limit: 5000 },
      behind: `${many(bench.raised)} raised; to read the inputs alone: ${ms(bench.justRead)}`,
    },
  ];
}
