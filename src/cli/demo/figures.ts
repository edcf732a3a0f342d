import { type Improvement, threadOf, type VerdictResult } from '../../domain/index.js';
import { improvements, inputsById, quarantineCounts, streamStatus, verifyJournal } from '../../store/index.js';
import type { World } from '../../sync/index.js';
import type { Simulator } from './simulators.js';

/** What the demo shows, counted in the store and in both simulators. */
export interface Figures {
  readonly records: number;
  /** Records of the simulators that are not in the store at their last version. */
  readonly lost: number;
  readonly quarantined: number;
  readonly improvements: number;
  readonly tickets: number;
  /** Tickets and change requests beyond one for each idempotency key. */
  readonly duplicateTickets: number;
  readonly changes: number;
  readonly verdicts: Readonly<Record<VerdictResult, number>>;
  readonly followOns: number;
  readonly completeThreads: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly journalEntries: number;
  readonly journalVerified: boolean;
  /** A closed improvement to look at: `golden-thread thread <id>`. */
  readonly example?: string;
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
  for (const improvement of all) {
    const thread = threadOf(improvement, await inputsById(db, improvement.triggers), context);
    if (thread.complete && improvement.status === 'closed') complete.push(improvement);
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
  const example = complete.find(({ measurements }) => measurements.at(-1)?.result === 'effective') ?? complete[0];
  return {
    records: (await streamStatus(db)).reduce((total, { records }) => total + records, 0),
    lost: await countLost(world, servicenow, jira),
    quarantined: (await quarantineCounts(db)).reduce((total, { open }) => total + open, 0),
    improvements: all.length,
    tickets: ticketKeys.length,
    duplicateTickets: ticketKeys.length - new Set(ticketKeys).size + changeKeys.length - new Set(changeKeys).size,
    changes: changeKeys.length,
    verdicts: verdictsOf(all),
    followOns: all.filter(({ followOnOf }) => followOnOf !== undefined).length,
    completeThreads: complete.length,
    statuses: Object.fromEntries([...Map.groupBy(all, ({ status }) => status)].map(([status, group]) => [status, group.length])),
    journalEntries: journal.entries,
    journalVerified: journal.broken === undefined,
    ...(example !== undefined && { example: example.id }),
  };
}

/** Last measurements, extended ones counted as inconclusive while they run. */
function verdictsOf(all: readonly Improvement[]): Record<VerdictResult, number> {
  const verdicts = { effective: 0, 'not-effective': 0, inconclusive: 0 };
  for (const { measurements } of all) for (const { result, final } of measurements) if (final === true) verdicts[result] += 1;
  return verdicts;
}

/** Compares every record in the simulators with the latest version in the store, by its update stamp. */
async function countLost(world: World, servicenow: Simulator, jira: Simulator): Promise<number> {
  const stored = await world.store.read
    .selectFrom('record')
    .innerJoin('record_version', 'record_version.id', 'record.version')
    .innerJoin('node', 'node.id', 'record.id')
    .select(['node.key as key', 'record_version.updated_at as updatedAt'])
    .execute();
  const updatedAt = new Map(stored.map((row) => [row.key, row.updatedAt]));
  let lost = 0;
  for (const table of ['incident', 'problem', 'change_request', 'task_sla']) {
    const { records } = await servicenow.control<{ records: readonly { sys_id: string; sys_updated_on: string }[] }>(
      'GET',
      `records/${table}`,
    );
    lost += records.filter(({ sys_id, sys_updated_on }) => updatedAt.get(sys_id) !== `${sys_updated_on.replace(' ', 'T')}.000Z`).length;
  }
  const { issues } = await jira.control<{ issues: readonly { id: string; updated: string }[] }>('GET', 'issues');
  lost += issues.filter(({ id, updated }) => updatedAt.get(id) !== new Date(updated).toISOString()).length;
  return lost;
}
