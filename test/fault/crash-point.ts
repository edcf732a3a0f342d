import { type Findings, inspect } from './inspect.js';
import { beginning, seed } from './organisation.js';
import type { Site } from './site.js';
import type { SimulatorHost } from './simulators.js';
import { live } from './stage.js';
import type { Report } from './worker.js';

/** Whose answer gets lost, and how, after the record was made. */
export interface LostAnswer {
  readonly of: 'ticket' | 'change';
  readonly how: 'commit-then-drop' | 'commit-then-500';
}

/** Under which conditions a process dies. */
export interface Condition {
  readonly indexLagMs: number;
  readonly lost?: LostAnswer;
  readonly mutant?: string;
}

/** Where it dies: at boundary `first`; its successor at `second` of its own, if it gets so far. 0 = never. */
export interface CrashPoint {
  readonly first: number;
  readonly second: number;
}

/** What came of it. */
export interface Outcome extends Findings {
  readonly point: CrashPoint;
  readonly last: Report | undefined;
}

/** Where points are tried: one world after another. */
export interface Lane {
  readonly site: Site;
  readonly host: SimulatorHost;
  /** The file of the worker that dies; the compiled one without. */
  readonly program?: string;
  /** A name of its own for the database of this lane. */
  nextDatabase(): string;
}

/** Plays one world: a process that dies, one that dies again, one that lives until nothing is left to do; then looks at it from outside. */
export async function playPoint(lane: Lane, condition: Condition, point: CrashPoint): Promise<Outcome> {
  const systems = await lane.host.start({ seed: 1, now: beginning });
  await seed(systems);
  await systems.jira.switches({ indexLagMs: condition.indexLagMs });
  const { lost, mutant } = condition;
  if (lost?.of === 'ticket')
    await systems.jira.addFaults({ match: { method: 'POST', path: '/rest/api/3/issue$' }, kind: lost.how, times: 1 });
  if (lost?.of === 'change')
    await systems.servicenow.addFaults({ match: { method: 'POST', path: '/change_request' }, kind: lost.how, times: 1 });

  const database = lane.nextDatabase();
  const options = {
    config: lane.site.config,
    env: lane.site.env(database, systems),
    ...(mutant !== undefined && { mutant }),
    ...(lane.program !== undefined && { program: lane.program }),
  };
  const problems: string[] = [];
  const dies = [point.first, point.second].filter((crashAt) => crashAt > 0);
  let life = await live(systems, { ...options, crashAt: dies[0] ?? 0 });
  if (point.first > 0 && !life.killed) problems.push(`boundary ${point.first} was not reached`);
  if (life.killed && dies[1] !== undefined) life = await live(systems, { ...options, crashAt: dies[1] });
  if (life.killed) life = await live(systems, options);
  if (life.idleWrites.length > 0) problems.push(`with nothing to do, it wrote: ${life.idleWrites.join(', ')}`);
  const findings = await inspect(lane.site.path(database), systems);
  return { ...findings, problems: [...problems, ...findings.problems], point, last: life.last };
}
