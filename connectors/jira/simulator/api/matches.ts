import { canSee } from '../access.js';
import type { Compiled } from '../jql/compile.js';
import type { Call, Sim } from '../sim.js';
import type { Issue } from '../store/issue.js';
import { compareByUpdated, place } from '../store/search-index.js';
import type { PagePosition } from './token.js';

/** Snapshots kept at once; the oldest go first, and their tokens with them. */
const maxSnapshots = 200;

export interface MatchPage {
  readonly issues: readonly Issue[];
  readonly more: boolean;
  readonly next: PagePosition;
}

/** Everything that a query finds in the index now, in its order. Includes what the caller may not see. */
export function findMatches(call: Call, compiled: Compiled, reconcile: readonly number[]): readonly Issue[] {
  const { sim } = call;
  const rows = visibleRows(sim, reconcile);
  const matches = rows.slice(firstRow(sim, rows, compiled.updatedFrom)).filter(compiled.test);
  return compiled.inIndexOrder ? matches : matches.toSorted(compiled.compare);
}

/** One page of a query's result. */
export function matchesFrom(
  call: Call,
  compiled: Compiled,
  ask: { readonly reconcile: readonly number[]; readonly token: PagePosition | undefined; readonly size: number },
): MatchPage {
  const { sim } = call;
  const seen = (issue: Issue): boolean => {
    const file = sim.shelf.files.get(issue.id);
    if (file === undefined) return false;
    return file.deletedAt === undefined
      ? canSee(sim, call.caller, file)
      : call.caller !== undefined && !call.caller.blind.includes(issue.projectKey);
  };
  const late = sim.switches.filterAfterPage;
  const offset = ask.token?.offset ?? 0;
  const end = offset + ask.size;
  const snapshot = ask.token?.snapshot === undefined ? undefined : sim.snapshots.get(ask.token.snapshot);
  if (snapshot !== undefined) {
    const now = sim.clock.now();
    const ids = snapshot.slice(offset, end);
    const issues = ids.flatMap((id) => sim.index.get(now, id) ?? []).filter(seen);
    return { issues, more: snapshot.length > end, next: { ...ask.token, offset: end } };
  }
  const wanted = sim.switches.tokenSemantics === 'snapshot' ? Infinity : end + 1;
  const matches = late ? findMatches(call, compiled, ask.reconcile) : takeMatches(call, compiled, ask.reconcile, seen, wanted);
  const issues = matches.slice(offset, end).filter((issue) => !late || seen(issue));
  const more = matches.length > end;
  if (sim.switches.tokenSemantics === 'offset' || !more) return { issues, more, next: { offset: end } };
  return { issues, more, next: { offset: end, snapshot: keepSnapshot(sim, matches) } };
}

/** The first matches that the caller may see; where the index is in the query's order, no more than `wanted` are looked for. */
function takeMatches(
  call: Call,
  compiled: Compiled,
  reconcile: readonly number[],
  seen: (issue: Issue) => boolean,
  wanted: number,
): readonly Issue[] {
  if (!compiled.inIndexOrder) return findMatches(call, compiled, reconcile).filter(seen);
  const rows = visibleRows(call.sim, reconcile);
  const found: Issue[] = [];
  for (let at = firstRow(call.sim, rows, compiled.updatedFrom); at < rows.length && found.length < wanted; at += 1) {
    const issue = rows[at] as Issue;
    if (compiled.test(issue) && seen(issue)) found.push(issue);
  }
  return found;
}

function keepSnapshot(sim: Sim, matches: readonly Issue[]): number {
  const id = Math.max(0, ...sim.snapshots.keys()) + 1;
  sim.snapshots.set(
    id,
    matches.map((issue) => issue.id),
  );
  for (const old of sim.snapshots.keys()) {
    if (sim.snapshots.size <= maxSnapshots) break;
    sim.snapshots.delete(old);
  }
  return id;
}

/** The index with what flickers taken back and what is to be reconciled brought forward. */
function visibleRows(sim: Sim, reconcile: readonly number[]): readonly Issue[] {
  const now = sim.clock.now();
  const rows = sim.index.rows(now);
  const instead = new Map<number, Issue | undefined>();
  if (sim.switches.nonMonotonic) {
    const window = Math.max(sim.switches.flickerMs, ...[sim.switches.indexLagMs].flat().map((lag) => lag * 2));
    for (const [id, before] of sim.index.flickering(now, window, sim.random.search)) instead.set(id, before);
  }
  for (const id of reconcile) {
    const file = sim.shelf.files.get(id);
    if (file !== undefined) instead.set(id, file.deletedAt === undefined && file.archivedAt === undefined ? file.issue : undefined);
  }
  if (instead.size === 0) return rows;
  const others = rows.filter((issue) => !instead.has(issue.id));
  const added = [...instead.values()].filter((issue) => issue !== undefined);
  const resolution = sim.switches.indexResolutionMs;
  return [...others, ...added].toSorted((a, b) => compareByUpdated(a, b, resolution));
}

function firstRow(sim: Sim, rows: readonly Issue[], updatedFrom: number): number {
  if (updatedFrom === -Infinity) return 0;
  const resolution = sim.switches.indexResolutionMs;
  const edge = { updated: updatedFrom, projectKey: '', number: -1, id: -1 } as Issue;
  return place(rows, edge, (a, b) => compareByUpdated(a, b, resolution));
}
