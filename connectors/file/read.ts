import { type ConnectorContext, type Cursor, Failure, type Instant, type Page, type ReadAsk } from 'golden-thread/kit';
import { parseState, type RunState, type State, toCursor } from './cursor.js';
import { type Inbox, isSame, type Listing } from './inbox.js';
import type { Frame } from './record.js';
import { type Item, type Run, startRun } from './run.js';

/** Reads a stream page by page, and keeps the file open from one page to the next where it can. */
export interface InboxReader {
  read(cursor: Cursor | undefined, ask: ReadAsk): Promise<Page>;
}

/**
 * The pages of one stream. All that is needed to go on stands in the cursor; that a run is kept between two pages only saves reading the beginning of a
 * file again. A run over an inbox in which nothing happened is one look at the folder.
 */
export function inboxReader(inbox: Inbox, frame: Frame, log: ConnectorContext['log']): InboxReader {
  const { spec } = frame;
  let live: { readonly at: string; readonly run: Run } | undefined;

  /** The run in memory, if it stands exactly where the cursor does. */
  async function resume(state: State): Promise<Run | undefined> {
    const kept = live;
    live = undefined;
    if (kept !== undefined && kept.at === keyOf(state.run)) return kept.run;
    await kept?.run.close();
    return undefined;
  }

  return {
    async read(cursor, ask) {
      const state = parseState(cursor);
      const now = inbox.clock();
      const answer = { remoteNow: instant(now) };
      let run = await resume(state);
      if (run === undefined) {
        const listing = await inbox.look(
          spec.matches,
          new Map([...state.files, ...(state.run?.done ?? [])].map((file) => [file.name, file])),
        );
        if (state.run === undefined && isEmptied(state, listing)) {
          log.warn('the inbox has no file of this stream any more; its rows are kept as they are', {
            stream: spec.name,
            files: spec.files,
          });
          return { ...answer, records: [], rejected: [], cursor: toCursor(state), done: true, completeTo: state.at ?? ask.since };
        }
        if (state.run === undefined && isAtRest(state, listing, spec.hash))
          return finished({ state, isWhole: true }, answer.remoteNow, [], ask);
        run = startRun(state, listing, { inbox, frame, log, startedAt: instant(now) });
      }
      const items: Item[] = [];
      try {
        while (items.length < Math.max(1, ask.pageSize)) {
          if (ask.signal?.aborted === true) throw new Failure('transient', 'reading was stopped');
          const next = await run.items.next();
          if (next.done === true) return finished(await run.result(), state.run?.startedAt ?? (await run.position()).startedAt, items, ask);
          items.push(next.value);
        }
      } catch (error) {
        await run.close();
        throw error;
      }
      const position = await run.position();
      const after = toCursor({ ...state, run: position });
      live = { at: keyOf(parseState(after).run), run };
      return { ...answer, ...split(items), cursor: after, done: false };
    },
  };

  function finished(
    { state, isWhole }: Awaited<ReturnType<Run['result']>>,
    startedAt: Instant,
    items: readonly Item[],
    ask: ReadAsk,
  ): Page {
    const horizon = instant(Date.parse(startedAt) - inbox.quietMs);
    // A clock that was set back takes nothing back.
    const reached = state.at !== undefined && state.at > horizon ? state.at : horizon;
    const at = isWhole ? reached : state.at;
    const cursor = toCursor({ ...state, ...(at !== undefined && { at }) });
    return { ...split(items), cursor, done: true, completeTo: at ?? ask.since, remoteNow: instant(inbox.clock()) };
  }
}

function isEmptied(state: State, { ready, busy }: Listing): boolean {
  return ready.length + busy.length === 0 && state.files.length + state.held.length > 0;
}

function isAtRest(state: State, { ready, busy }: Listing, spec: string): boolean {
  const known = new Map(state.files.map((file) => [file.name, file]));
  return (
    busy.length === 0 &&
    state.held.length === 0 &&
    (state.spec === spec || state.files.length === 0) &&
    ready.length === state.files.length &&
    ready.every((sign) => isSame(sign, known.get(sign.name)))
  );
}

function split(items: readonly Item[]): Pick<Page, 'records' | 'rejected'> {
  return {
    records: items.flatMap((item) => ('record' in item ? [item.record] : [])),
    rejected: items.flatMap((item) => ('rejection' in item ? [item.rejection] : [])),
  };
}

function keyOf(run: RunState | undefined): string {
  return JSON.stringify(run) ?? '';
}

function instant(ms: number): Instant {
  return new Date(ms).toISOString();
}
