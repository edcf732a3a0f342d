import { type Improvement, threadOf, type VerdictResult } from '../../domain/index.js';
import {
  contentOf,
  improvements,
  inputCounts,
  inputsById,
  quarantineCounts,
  recordsWithKeys,
  streamStatus,
  verifyJournal,
} from '../../store/index.js';
import { systemOf, type World } from '../../sync/index.js';
import type { Simulator } from './simulators.js';

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
  readonly verdicts: { readonly effective: number; readonly notEffective: number; readonly inconclusive: number };
  readonly followOns: number;
  /** Closed ones in which no link is missing. */
  readonly threadsComplete: number;
  readonly threadsWithGaps: number;
  readonly statuses: Readonly<Record<string, number>>;
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
  let threadsWithGaps = 0;
  for (const improvement of all) {
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
    verdicts: verdictsOf(all),
    followOns: all.filter(({ followOnOf }) => followOnOf !== undefined).length,
    threadsComplete: complete.length,
    threadsWithGaps,
    statuses: Object.fromEntries([...Map.groupBy(all, ({ status }) => status)].map(([status, group]) => [status, group.length])),
    journalEntries: journal.entries,
    journalVerified: journal.broken === undefined,
    examples: results.flatMap((result) => exampleOf(complete, result) ?? []),
  };
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

/**
 * Compares every record in the simulators with the latest version in the store: by its update stamp, and where that differs by its content, read once
 * more. A touch that changes nothing of what is stored is no new version.
 */
async function findLost(world: World, servicenow: Simulator, jira: Simulator): Promise<readonly string[]> {
  const lost: string[] = [];
  for (const stream of ['incident', 'problem', 'change_request', 'task_sla']) {
    const { records } = await servicenow.control<{ records: readonly { sys_id: string; sys_updated_on: string }[] }>(
      'GET',
      `records/${stream}`,
    );
    const there = records.map(({ sys_id, sys_updated_on }) => ({ key: sys_id, updatedAt: `${sys_updated_on.replace(' ', 'T')}.000Z` }));
    lost.push(...(await lostOf(world, { system: 'servicenow-prod', stream }, there)));
  }
  const { issues } = await jira.control<{ issues: readonly { id: string; project: string; updated: string }[] }>('GET', 'issues');
  for (const [project, stream] of [
    ['IMP', 'improvement'],
    ['AUD', 'audit-finding'],
  ] as const) {
    const there = issues
      .filter((issue) => issue.project === project)
      .map(({ id, updated }) => ({ key: id, updatedAt: new Date(updated).toISOString() }));
    lost.push(...(await lostOf(world, { system: 'jira-cloud', stream }, there)));
  }
  return lost;
}

async function lostOf(
  world: World,
  name: { readonly system: string; readonly stream: string },
  there: readonly { readonly key: string; readonly updatedAt: string }[],
): Promise<readonly string[]> {
  const stored = new Map(
    (
      await recordsWithKeys(
        world.store.read,
        there.map(({ key }) => ({ ...name, key })),
      )
    ).map((each) => [each.record.ref.key, each]),
  );
  const doubtful = there.filter(({ key, updatedAt }) => stored.get(key)?.record.updatedAt !== updatedAt).map(({ key }) => key);
  const stream = systemOf(world.systems, name.system).streams.find((candidate) => candidate.name === name.stream);
  const now = new Map((await stream?.get?.(doubtful))?.map((record) => [record.ref.key, record]));
  return doubtful.flatMap((key) => {
    const record = now.get(key);
    const same = record !== undefined && contentOf(record.data, stream?.volatile ?? []).hash === stored.get(key)?.hash;
    return same ? [] : [`${name.stream} ${record?.number ?? key}`];
  });
}
