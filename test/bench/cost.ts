import type { Goal } from './goals.js';
import { measure } from './measure.js';

/** What the product asked of both systems, counted in their journals. */
export interface Cost {
  readonly streams: number;
  /** Requests of a round in which nothing is new. */
  readonly idle: number;
  readonly changedRecords: number;
  /** Requests for the stream in which so many records had changed. */
  readonly changed: number;
  /** Of single records, in that round. */
  readonly singleReads: number;
  readonly creates: number;
  readonly links: number;
  /** Requests in a day of rounds without news that change something. */
  readonly unchangedWrites: number;
  /** Refused requests for each window of a limit of five requests a second. */
  readonly wasted: number;
}

/** The requests that reading and writing cost; they are counts, so they are the same on every machine. */
export async function costGoals(): Promise<readonly Goal[]> {
  const cost = await measure<Cost>('cost', []);
  const most = (limit: number): NonNullable<Goal['goal']> => ({ is: 'most', limit });
  const { changedRecords: many } = cost;
  return [
    {
      what: 'requests of an idle poll, per stream',
      measured: cost.idle / cost.streams,
      unit: 'requests',
      goal: most(1),
      behind: `${cost.idle} for ${cost.streams} streams of both systems`,
    },
    {
      what: `requests for ${many.toLocaleString('en')} changed incidents`,
      measured: cost.changed,
      unit: 'requests',
      goal: most(2 * Math.ceil(many / 1000) + 1),
      behind: `of single records: ${cost.singleReads}`,
    },
    {
      what: 'requests that create, for a new ticket',
      measured: cost.creates,
      unit: 'requests',
      goal: most(1),
      behind: 'of 40 recurring incidents',
    },
    {
      what: 'remote links of a new ticket',
      measured: cost.links,
      unit: 'requests',
      goal: most(11),
      behind: 'the representative triggers and the register',
    },
    {
      what: 'refused requests per window of a limit of 5 a second',
      measured: cost.wasted,
      unit: 'requests',
      goal: most(1),
      behind: 'Jira, pages of 3, Retry-After obeyed; in real time',
    },
    { what: 'writes in 24 rounds without news', measured: cost.unchangedWrites, unit: 'requests', goal: most(0), behind: '' },
  ];
}
