import { createHash } from 'node:crypto';
import { asFailure, type ConnectorContext, type Failure, type Rejection, type SourceRecord } from 'golden-thread/kit';
import type { Entry, RunState, State } from './cursor.js';
import type { Sign } from './disk.js';
import { addEntry, type Holders, holders } from './holders.js';
import { identityOf, identityOfText } from './identity.js';
import { type Inbox, isNewer, isSame, type Listing } from './inbox.js';
import { identitiesIn, pack, type Pack, unpack } from './ledger.js';
import { fileRejection, type Frame, recordOf, rejectionOf, vanishedRecord } from './record.js';
import { rowsOf } from './rows.js';

/** What a run delivers. */
export type Item = { readonly record: SourceRecord } | { readonly rejection: Rejection };

/** A run over the inbox: what it delivers, one at a time, and where it stands behind the last one. */
export interface Run {
  readonly items: AsyncGenerator<Item>;
  /** The position behind the last item, for the cursor. */
  position(): Promise<RunState>;
  /** Once all items are through: the state between runs, and whether everything could be read. */
  result(): Promise<{ readonly state: State; readonly isWhole: boolean }>;
  close(): Promise<void>;
}

interface Progress {
  done: Entry[];
  same: string[];
  left: string[];
  held: Pack[];
  /** Rows that were not delivered because a file counts for them that could not be read: it may be gone before this run ends. */
  owed: string[];
  gone: number | undefined;
  at: { sign: Sign; read: number; packed: Pack[]; fresh: string[] } | undefined;
}

/**
 * Reads what is new in the inbox, newest file first. Delivered are
 *
 * - of a new or changed file every row for which no newer file counts,
 * - of an unchanged one the rows for which another file counted so far (it was removed, or lost the row),
 * - rows that no file has any more, once every file could be read.
 *
 * Going on from any position delivers what is missing and at most the rest of one file again; a file that changes underneath is left for the next run.
 */
export function startRun(
  state: State,
  listing: Listing,
  parts: { readonly inbox: Inbox; readonly frame: Frame; readonly log: ConnectorContext['log']; readonly startedAt: string },
): Run {
  const { inbox, frame, log } = parts;
  const { spec } = frame;
  const before = state.run;
  const startedAt = before?.startedAt ?? parts.startedAt;
  const old = new Map(state.files.map((entry) => [entry.name, entry]));
  const progress: Progress = {
    done: [...(before?.done ?? [])],
    same: [...(before?.same ?? [])],
    left: [...(before?.left ?? [])],
    held: [...(before?.held ?? [])],
    owed: [],
    gone: before?.gone,
    at: before?.at === undefined ? undefined : { sign: signIn(before.at), read: before.at.read, packed: [...before.at.keys], fresh: [] },
  };
  const isUnchanged = (sign: Sign): boolean => state.spec === spec.hash && isSame(sign, old.get(sign.name));
  const now: Holders = holders();
  const then: Holders = holders();
  const doubtful = new Set<string>();

  async function* items(): AsyncGenerator<Item> {
    if (progress.gone === undefined) {
      await prepare();
      const handled = new Set([...progress.done.map(({ name }) => name), ...progress.same, ...progress.left]);
      for (const sign of inOrder(listing.ready, progress.at?.sign.name)) if (!handled.has(sign.name)) yield* file(sign);
      await giveUp();
    }
    if (couldAllBeRead()) yield* vanished();
  }

  /** Who counted for each row so far, and who counts for it already: files that will not be read in this run. */
  async function prepare(): Promise<void> {
    for (const entry of state.files) await addEntry(then, entry);
    for (const identity of await identitiesIn([...state.held, ...progress.held])) doubtful.add(identity);
    for (const entry of progress.done) await addEntry(now, entry);
    for (const sign of listing.ready.filter(isUnchanged)) await note(old.get(sign.name));
    for (const name of waiting()) await note(asItWas(name));
  }

  async function note(entry: Entry | undefined): Promise<void> {
    if (entry !== undefined) await addEntry(now, entry);
  }

  /** Files that are not to be read in this run, though they may have changed. */
  function waiting(): readonly string[] {
    return [...new Set([...listing.busy.map(({ name }) => name), ...progress.left])];
  }

  /** What such a file is taken to hold: the rows that it had, as of now, so that no older file counts for them until it is known. Never the same as the file. */
  function asItWas(name: string): Entry | undefined {
    const entry = old.get(name);
    const sign = [...listing.busy, ...listing.ready].find((one) => one.name === name);
    return entry === undefined || sign === undefined ? entry : { ...entry, modifiedMs: sign.modifiedMs, changedMs: 0 };
  }

  async function* file(sign: Sign): AsyncGenerator<Item> {
    const entry = isUnchanged(sign) ? old.get(sign.name) : undefined;
    if (entry !== undefined && (entry.unusable || !(await unpack(entry.keys)).some((identity) => isOwed(identity, sign, true)))) {
      await giveUp();
      progress.same.push(sign.name);
      return;
    }
    if (progress.at !== undefined && !isSame(sign, progress.at.sign)) await giveUp();
    const at = (progress.at ??= { sign, read: 0, packed: [], fresh: [] });
    const seen = new Map<string, string>();
    let [count, isDoubtful] = [0, false];
    try {
      const source = await inbox.open(sign);
      try {
        for await (const row of rowsOf(source, spec, inbox.maxBytes)) {
          count += 1;
          const identity = identityOf(row.fields, spec.key);
          const isNamed = 'text' in identity;
          if (!isNamed) isDoubtful = true;
          const content = createHash('sha256').update(JSON.stringify(row.fields)).digest('base64');
          const first = isNamed ? seen.get(identity.text) : undefined;
          if (isNamed && first === undefined) seen.set(identity.text, `${row.line} ${content}`);
          if (count <= at.read) continue;
          at.read = count;
          if (isNamed && first === undefined) at.fresh.push(identity.text);
          if (!isNamed) {
            const problems = row.problems.length > 0 ? row.problems : [identity.problem];
            yield { rejection: rejectionOf(row, undefined, problems, sign) };
          } else if (first !== undefined) {
            const [line = '', known] = first.split(' ');
            if (known !== content) {
              const problem = `has the same key as line ${line} (${identity.values.join(' / ')}) and other content`;
              yield { rejection: rejectionOf(row, identity, [...row.problems, problem], sign) };
            }
          } else if (row.problems.length > 0) {
            yield { rejection: rejectionOf(row, identity, row.problems, sign) };
          } else if (isOwed(identity.text, sign, entry !== undefined)) {
            const made = recordOf(row, identity, sign, frame);
            yield 'problem' in made ? { rejection: rejectionOf(row, identity, [made.problem], sign) } : { record: made };
          } else if (waiting().includes(holderBefore(identity.text, sign)?.name ?? '')) {
            progress.owed.push(identity.text);
          }
        }
      } finally {
        await source.close();
      }
      await finish(sign, seen.keys(), count, isDoubtful);
    } catch (error) {
      const failure = asFailure(error);
      if (failure.kind === 'conflict') await leave(sign);
      else if (failure.kind === 'record' || failure.kind === 'auth') yield* setAside(sign, failure, seen.keys());
      else throw failure;
    }
  }

  /** The newer file that counts for this row instead of this one. */
  function holderBefore(identity: string, sign: Sign): Sign | undefined {
    const holder = now.of(identity);
    return holder !== undefined && holder.name !== sign.name && isNewer(holder, sign) ? holder : undefined;
  }

  /** Whether this file's version of the row is to be delivered. */
  function isOwed(identity: string, sign: Sign, unchanged: boolean): boolean {
    if (holderBefore(identity, sign) !== undefined) return false;
    return !unchanged || then.of(identity)?.name !== sign.name || doubtful.has(identity);
  }

  async function finish(sign: Sign, identities: Iterable<string>, rows: number, isDoubtful: boolean): Promise<void> {
    const keys = new Set(identities);
    // A row whose key cannot be read may be any of those that were here before: none of them is taken as vanished.
    if (isDoubtful) for (const identity of await unpack(old.get(sign.name)?.keys ?? '')) keys.add(identity);
    for (const identity of keys) now.add(identity, sign);
    progress.done.push({ ...sign, rows, keys: await pack(keys) });
    progress.at = undefined;
  }

  async function* setAside(sign: Sign, failure: Failure, identities: Iterable<string>): AsyncGenerator<Item> {
    const keys = new Set([...(await unpack(old.get(sign.name)?.keys ?? '')), ...identities]);
    for (const identity of keys) now.add(identity, sign);
    progress.done.push({ ...sign, rows: keys.size, keys: await pack(keys), unusable: true });
    progress.at = undefined;
    yield { rejection: fileRejection(failure.message, failure.details.hint, sign) };
  }

  async function leave(sign: Sign): Promise<void> {
    await giveUp();
    progress.left.push(sign.name);
    await note(asItWas(sign.name));
    log.info('file was written to while it was read; it is read with the next run', {
      system: frame.system,
      stream: spec.name,
      file: sign.name,
    });
  }

  /** The file in progress is not there any more as it was: what was delivered of it is remembered, in case that no file has it in the end. */
  async function giveUp(): Promise<void> {
    if (progress.at === undefined) return;
    const { packed, fresh } = progress.at;
    for (const identity of [...fresh, ...(await identitiesIn(packed))]) doubtful.add(identity);
    progress.held.push(...packed, ...(fresh.length === 0 ? [] : [await pack(fresh)]));
    progress.at = undefined;
  }

  /** An inbox without any file looks like a share that is not mounted: nothing is concluded from it. */
  function couldAllBeRead(): boolean {
    return listing.ready.length > 0 && listing.busy.length === 0 && progress.left.length === 0;
  }

  /** Rows that were in some file and are in none. */
  async function missing(): Promise<readonly string[]> {
    const current = await identitiesIn(filesNow().map(({ keys }) => keys));
    const known = await identitiesIn([...state.files.map(({ keys }) => keys), ...state.held, ...progress.held]);
    return [...known].filter((identity) => !current.has(identity));
  }

  /** What the inbox holds as far as is known: what was read, and what stays as it was. */
  function filesNow(): readonly Entry[] {
    const read = new Set(progress.done.map(({ name }) => name));
    const kept = [...progress.same.map((name) => old.get(name)), ...waiting().map(asItWas)];
    return [...progress.done, ...kept.filter((entry) => entry !== undefined).filter(({ name }) => !read.has(name))];
  }

  async function* vanished(): AsyncGenerator<Item> {
    const all = await missing();
    const told = (progress.gone ??= 0);
    for (const identity of all.slice(told)) {
      progress.gone += 1;
      if (progress.gone <= 20)
        log.warn('row vanished: no file has it any more', { system: frame.system, stream: spec.name, row: identity });
      yield { record: vanishedRecord(identityOfText(identity), startedAt, frame) };
    }
    if (all.length > 20)
      log.warn('rows vanished: no file has them any more', { system: frame.system, stream: spec.name, rows: all.length });
  }

  /** Everything that is not settled, each once. */
  async function doubts(): Promise<ReadonlySet<string>> {
    return new Set([...(await identitiesIn([...state.held, ...progress.held])), ...(await missing())]);
  }

  async function keepOwed(): Promise<void> {
    if (progress.owed.length > 0) progress.held.push(await pack(progress.owed));
    progress.owed = [];
  }

  const generator = items();
  return {
    items: generator,
    async position() {
      const { at } = progress;
      if (at !== undefined && at.fresh.length > 0) {
        at.packed.push(await pack(at.fresh));
        at.fresh = [];
      }
      await keepOwed();
      return {
        startedAt,
        done: [...progress.done],
        same: [...progress.same],
        left: [...progress.left],
        held: [...progress.held],
        ...(at !== undefined && { at: { ...at.sign, read: at.read, keys: [...at.packed] } }),
        ...(progress.gone !== undefined && { gone: progress.gone }),
      };
    },
    async result() {
      await keepOwed();
      const isWhole = couldAllBeRead() && progress.held.length === 0;
      // What became doubtful during this run may belong to a file that was through by then: the next run delivers its version again.
      const held = couldAllBeRead() ? progress.held : [await pack(await doubts())];
      const known = { v: 1, spec: spec.hash, ...(state.at !== undefined && { at: state.at }) } as const;
      return { state: { ...known, files: [...filesNow()], held: held.filter((one) => one !== '') }, isWhole };
    },
    async close() {
      await generator.return(undefined);
    },
  };
}

/** The file that was begun comes first: its rows are half delivered. */
function inOrder(ready: readonly Sign[], begun: string | undefined): readonly Sign[] {
  return [...ready.filter(({ name }) => name === begun), ...ready.filter(({ name }) => name !== begun)];
}

function signIn({ name, size, modifiedMs, changedMs }: Sign): Sign {
  return { name, size, modifiedMs, changedMs };
}
