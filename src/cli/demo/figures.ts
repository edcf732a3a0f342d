import { type Improvement, threadOf, type VerdictResult } from '../../domain/index.js';
import {
  improvements,
  improvementVersions,
  inputCounts,
  inputsById,
  outboxList,
  quarantineCounts,
  streamStatus,
  verifyJournal,
} from '../../store/index.js';
import type { World } from '../../sync/index.js';
import { findLost } from './lost-records.js';
import type { Simulator } from './simulators.js';
import { countWays, type Course, type Ways } from './ways.js';

/** What the demo shows, counted in the store and in both simulators. */
export interface Figures {
  readonly records: number;
  /** Versions of them that were kept. */
  readonly versions: number;
  /** Records of the simulators that are not in the store at their last version. */
  readonly lost: number;
  /** Which, by number; empty when all is well. */
  readonly lostRecords: readonly string[];
  /** Improvement inputs, ended ones included. */
  readonly inputs: number;
  readonly quarantined: number;
  readonly improvements: number;
  readonly tickets: number;
  /** Tickets and change requests beyond one for each idempotency key. */
  readonly duplicateTickets: number;
  readonly changes: number;
  /** Writes that wait for a person. */
  readonly parkedWrites: number;
  readonly verdicts: { readonly effective: number; readonly notEffective: number; readonly inconclusive: number };
  readonly followOns: number;
  /** Closed ones in which no link is missing. */
  readonly threadsComplete: number;
  readonly threadsWithGaps: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** Improvements by kind, and by the quarter in which they were raised and closed. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly quarters: Readonly<Record<string, { readonly raised: number; readonly closed: number }>>;
  /** How many improvements went each way. */
  readonly ways: Ways;
  readonly journalEntries: number;
  readonly journalVerified: boolean;
  /** Closed improvements to look at, one for each kind of result there is. */
  readonly examples: readonly string[];
}

/** Counts everything. `incidents` is whether only incidents were fed (a log), or the whole organisation. */
export async function countFigures(
  world: World,
  { servicenow, jira }: { readonly servicenow: Simulator; readonly jira: Simulator },
): Promise<Figures> {
  const db = world.store.read;
  const all = await improvements(db);
  const { policy, directory, settings } = world.config;
  const context = { policy, directory, timeZone: settings.organisation.timeZone, at: world.clock() };
  const complete: Improvement[] = [];
  const courses: Course[] = [];
  let threadsWithGaps = 0;
  for (const improvement of all) {
    courses.push({ improvement, context, versions: await improvementVersions(db, improvement.id) });
    const thread = threadOf(improvement, await inputsById(db, improvement.triggers), context);
    if (thread.complete && improvement.status === 'closed') complete.push(improvement);
    if (thread.gaps.length > 0) threadsWithGaps += 1;
  }
  const journal = await verifyJournal(db);
  const { issues } = await jira.control<{ issues: readonly { id: string; labels: readonly string[] }[] }>('GET', 'issues');
  const { records: changes } = await servicenow.control<{ records: readonly { correlation_id?: string }[] }>(
    'GET',
    'records/change_request',
  );
  const ticketKeys = issues.flatMap(({ labels }) => labels.filter((label) => label.startsWith('gt-')));
  const changeKeys = changes.flatMap(({ correlation_id }) =>
    correlation_id === undefined || correlation_id === '' ? [] : [correlation_id],
  );
  const lostRecords = await findLost(world, servicenow, jira);
  const streams = await streamStatus(db);
  return {
    records: streams.reduce((total, { records }) => total + records, 0),
    versions: streams.reduce((total, { versions }) => total + versions, 0),
    lost: lostRecords.length,
    lostRecords,
    inputs: (await inputCounts(db)).reduce((total, { active, ended }) => total + active + ended, 0),
    quarantined: (await quarantineCounts(db)).reduce((total, { open }) => total + open, 0),
    improvements: all.length,
    tickets: ticketKeys.length,
    duplicateTickets: ticketKeys.length - new Set(ticketKeys).size + changeKeys.length - new Set(changeKeys).size,
    changes: changeKeys.length,
    parkedWrites: (await outboxList(db, { states: ['parked'] })).length,
    verdicts: verdictsOf(all),
    followOns: all.filter(({ followOnOf }) => followOnOf !== undefined).length,
    threadsComplete: complete.length,
    threadsWithGaps,
    statuses: countBy(all, ({ status }) => status),
    kinds: countBy(all, ({ kind }) => kind),
    quarters: countQuarters(all),
    ways: countWays(courses),
    journalEntries: journal.entries,
    journalVerified: journal.broken === undefined,
    examples: results.flatMap((result) => exampleOf(complete, result) ?? []),
  };
}

function countBy(all: readonly Improvement[], keyOf: (improvement: Improvement) => string): Readonly<Record<string, number>> {
  return Object.fromEntries([...Map.groupBy(all, keyOf)].map(([key, group]) => [key, group.length]));
}

/** What was taken over from an earlier register belongs to no quarter of this one. */
function countQuarters(all: readonly Improvement[]): Figures['quarters'] {
  const own = all.filter(({ beforeAdoption }) => beforeAdoption === undefined);
  const raised = countBy(own, ({ raisedAt }) => quarterOf(raisedAt));
  const closed = countBy(
    own.filter(({ closure }) => closure !== undefined),
    ({ closure, raisedAt }) => quarterOf(closure?.at ?? raisedAt),
  );
  const names = [...new Set([...Object.keys(raised), ...Object.keys(closed)])].toSorted();
  return Object.fromEntries(names.map((name) => [name, { raised: raised[name] ?? 0, closed: closed[name] ?? 0 }]));
}

function quarterOf(at: string): string {
  return `${at.slice(0, 4)}-Q${Math.ceil(Number(at.slice(5, 7)) / 3)}`;
}

const results: readonly VerdictResult[] = ['effective', 'not-effective', 'inconclusive'];

/** The first with this result; for a missed target one that has a follow-on. */
function exampleOf(complete: readonly Improvement[], result: VerdictResult): string | undefined {
  const such = complete.filter(({ measurements }) => measurements.at(-1)?.result === result);
  return (such.find(({ followOn }) => result !== 'not-effective' || followOn !== undefined) ?? such[0])?.id;
}

/** Last measurements; a window that was extended is judged at its last look. */
function verdictsOf(all: readonly Improvement[]): Figures['verdicts'] {
  const final = all.flatMap(({ measurements }) => measurements.filter((one) => one.final === true));
  const count = (wanted: VerdictResult): number => final.filter(({ result }) => result === wanted).length;
  return { effective: count('effective'), notEffective: count('not-effective'), inconclusive: count('inconclusive') };
}
