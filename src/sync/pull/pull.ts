import { setImmediate } from 'node:timers/promises';
import { asFailure, type Cursor, type Page, type SourceRecord, type Stream, withDetails } from '../../kit/index.js';
import type { InputMapping } from '../../mapping/index.js';
import {
  appendJournal,
  type Content,
  endRun,
  loadCursor,
  pauseOf,
  type RecordToMap,
  type RecordToSave,
  type RejectionToSave,
  savePage,
  sha256,
  startRun,
  suppressionOf,
} from '../../store/index.js';
import { mapRecord, type MappingOfStream, serviceLookUp } from './map-record.js';
import { withoutRemoved } from './without-removed.js';
import type { System } from '../systems.js';
import type { World } from '../world.js';

/** What one run of one stream brought. */
export interface Pulled {
  readonly system: string;
  readonly stream: string;
  readonly received: number;
  readonly fresh: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly quarantined: number;
  readonly unreadable: number;
  /** The remote's clock when the last page was read. */
  readonly remoteNow: string;
}

const dayMs = 86_400_000;

/**
 * Reads one stream to its end: page by page, each stored with its cursor in one transaction. Safe to repeat and to run twice at once: the loser of a
 * page discards it (`conflict`). A failure ends the run; the cursor stands behind the last stored page, and nothing behind it is taken as read.
 */
export async function pull(world: World, system: System, stream: Stream): Promise<Pulled> {
  const { store, clock } = world;
  const name = { system: system.id, stream: stream.name };
  const since = new Date(Date.parse(clock()) - world.config.settings.firstRun.historyDays * dayMs).toISOString();
  const run = await store.tx((t) => startRun(t, name, clock()));
  let total: Pulled = { ...name, received: 0, fresh: 0, changed: 0, unchanged: 0, quarantined: 0, unreadable: 0, remoteNow: since };
  try {
    const mapping = mappingOf(world, system, stream);
    for (let cursor = await loadCursor(store.read, name), done = false; !done;) {
      const page = await stream.read(cursor, {
        since,
        pageSize: system.pageSize,
        signal: world.signal,
        ...(system.settleMs !== undefined && { settleMs: system.settleMs }),
      });
      await setImmediate(); // to read the page has taken as long as health may wait
      const saved = await store.tx((t) => savePageOf(world, name, { t, run, page, cursor, since, stream, mapping }));
      total = {
        ...total,
        received: total.received + page.records.length + page.rejected.length,
        fresh: total.fresh + saved.fresh,
        changed: total.changed + saved.changed,
        unchanged: total.unchanged + saved.unchanged,
        quarantined: total.quarantined + saved.quarantined,
        unreadable: total.unreadable + (page.unreadable ?? 0),
        remoteNow: page.remoteNow,
      };
      world.progress.report(
        `${name.system}/${name.stream}`,
        total.received,
        page.remaining === undefined ? undefined : total.received + page.remaining - page.records.length,
      );
      cursor = page.cursor;
      done = page.done;
    }
    return total;
  } catch (error) {
    const failure = withDetails(asFailure(error), { system: name.system, stream: name.stream });
    const { kind, message, details } = failure;
    await store.tx((t) =>
      endRun(t, run, {
        at: clock(),
        outcome: world.signal.aborted ? 'stopped' : 'failed',
        failure: { kind, message, ...(details.hint !== undefined && { hint: details.hint }) },
      }),
    );
    throw failure;
  }
}

/** How the records of one stream are mapped. */
export function mappingOf(world: World, system: System, stream: Stream): MappingOfStream {
  return {
    mappings: world.mappings.filter(
      (mapping): mapping is InputMapping => mapping.kind === 'improvement-input' && mapping.from === `${system.kind}.${stream.name}`,
    ),
    servicesNamed: serviceLookUp(world.config.directory, system.id),
    volatile: stream.volatile,
    systems: new Map([...world.systems.byId.values()].map(({ id, kind }) => [id, kind])),
  };
}

interface PageOf {
  readonly t: Parameters<typeof savePage>[0];
  readonly run: number;
  readonly page: Page;
  readonly cursor: Cursor | undefined;
  readonly since: string;
  readonly stream: Stream;
  readonly mapping: MappingOfStream;
}

async function savePageOf(
  world: World,
  name: { readonly system: string; readonly stream: string },
  { t, run, page, cursor, since, stream, mapping }: PageOf,
) {
  const at = world.clock();
  const suppress = await suppressionOf(t);
  const rejections: RejectionToSave[] = page.rejected.map((rejection) => ({
    ...rejection,
    raw: suppress?.(rejection.raw) ?? rejection.raw,
    reason: 'shape',
  }));
  const map = (record: SourceRecord, content: Content): RecordToSave | undefined => {
    const checked = stream.record.safeParse(record.data);
    if (!checked.success) {
      const problems = checked.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
      rejections.push({ key: record.ref.key, reason: 'shape', problems, raw: record.data, updatedAt: record.updatedAt });
      return undefined;
    }
    const mapped = mapRecord(record, mapping, content);
    if (mapped.is === 'record') return mapped.entry;
    rejections.push(mapped.rejection);
    return undefined;
  };
  function* arrivals(): Iterable<RecordToMap> {
    for (const record of latestOnly(page.records)) {
      const { record: kept, content } = withoutRemoved(record, mapping.volatile, suppress);
      yield { record: kept, content, map: () => map(kept, content) };
    }
  }
  const saved = await savePage(t, {
    ...name,
    run,
    fieldSet: sha256(JSON.stringify(mapping.mappings.flatMap(({ reads }) => reads).toSorted())).slice(0, 16),
    cause: { at, by: 'pull', because: `run ${run}` },
    records: arrivals(),
    rejections,
    lookAgainAt: (data) => stream.lookAgainAt?.(data),
    from: cursor,
    cursor: page.cursor,
    since,
    ...(page.completeTo !== undefined && { completeTo: page.completeTo }),
    ...(page.unreadable !== undefined && { unreadable: page.unreadable }),
  });
  for (const { key, problems } of rejections)
    world.log.warn('record set aside', { ...name, key, problem: problems[0] ?? '', hint: 'golden-thread quarantine list' });
  if (saved.quarantined > 0)
    await appendJournal(t, [
      {
        at,
        actor: 'golden-thread',
        kind: 'quarantined',
        subject: `${name.system}/${name.stream}`,
        because: `${rejections.length} records could not be used; the first: ${rejections[0]?.problems[0] ?? 'its mapping failed'}`,
        body: { run, keys: rejections.map(({ key }) => key) },
      },
    ]);
  return saved;
}

/** A page may hold two versions of one record (touched while it was read); the later one is what counts. */
function latestOnly(records: readonly SourceRecord[]): readonly SourceRecord[] {
  if (new Set(records.map(({ ref }) => ref.key)).size === records.length) return records;
  return [...new Map(records.map((record) => [record.ref.key, record])).values()];
}

/** Whether an administrator or a failure has stopped the reading of this stream. */
export async function isPaused(world: World, system: System, stream: Stream): Promise<boolean> {
  return system.paused.includes(stream.name) || (await pauseOf(world.store.read, { system: system.id, stream: stream.name })) !== undefined;
}
