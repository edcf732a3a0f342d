import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckResult, Cursor, OpenConnector, Page, Rejection, SourceRecord, Stream } from 'golden-thread/kit';
import { testContext } from 'golden-thread/kit/testing';
import { fileConnector } from '../../connectors/file/connector.js';
import type { FileConfig } from '../../connectors/file/config.js';
import { type Disk, diskFailure, nodeDisk } from '../../connectors/file/disk.js';

const dayMs = 86_400_000;

/** A folder of its own, with a clock that only the test moves. It is ahead of the machine's, so that nothing written now is written in its future. */
export interface TestInbox {
  readonly path: string;
  readonly disk: Disk;
  now: number;
  /** Every call fails with this error code. */
  error: string | undefined;
  /** Calls to the disk, and bytes read, since the last reset. */
  calls: number;
  bytes: number;
  readonly clock: () => number;
  put(name: string, content: string | Buffer): void;
  copy(from: string, to: string): void;
  rename(from: string, to: string): void;
  remove(name: string): void;
  names(): readonly string[];
  clear(): void;
  end(): void;
}

export function testInbox(): TestInbox {
  const path = mkdtempSync(join(tmpdir(), 'golden-thread-inbox-'));
  const inbox: TestInbox = {
    path,
    now: Math.floor(Date.now() / 1000) * 1000 + dayMs,
    error: undefined,
    calls: 0,
    bytes: 0,
    disk: {
      list: async (folder) => counted(folder, () => nodeDisk.list(folder)),
      open: async (file) =>
        counted(file, async () => {
          const open = await nodeDisk.open(file);
          return {
            ...open,
            read: (buffer, position) =>
              counted(file, async () => {
                const read = await open.read(buffer, position);
                inbox.bytes += read;
                return read;
              }),
          };
        }),
    },
    clock: () => inbox.now,
    put(name, content) {
      writeFileSync(join(path, name), content);
      stamp(name);
    },
    copy(from, to) {
      writeFileSync(join(path, to), readFileSync(join(path, from)));
      stamp(to);
    },
    rename: (from, to) => renameSync(join(path, from), join(path, to)),
    remove: (name) => rmSync(join(path, name), { force: true }),
    names: () => readdirSync(path),
    clear() {
      rmSync(path, { recursive: true, force: true });
      mkdirSync(path);
      Object.assign(inbox, { error: undefined, calls: 0, bytes: 0 });
    },
    end: () => rmSync(path, { recursive: true, force: true }),
  };
  const stamp = (name: string): void => utimesSync(join(path, name), inbox.now / 1000, inbox.now / 1000);
  const counted = async <T>(at: string, work: () => Promise<T>): Promise<T> => {
    inbox.calls += 1;
    if (inbox.error !== undefined) throw diskFailure(Object.assign(new Error(inbox.error), { code: inbox.error }), at);
    return work();
  };
  return inbox;
}

export type StreamSettings = FileConfig['streams'];

/** The streams of a connector that was just opened over the inbox: as after a restart. */
export function openOver(
  inbox: TestInbox,
  streams: Readonly<Record<string, object>>,
  options: {
    readonly wanted?: Readonly<Record<string, readonly string[]>>;
    readonly quietSeconds?: number;
    readonly maxBytes?: number;
  } = {},
): { readonly open: OpenConnector; readonly lines: readonly string[] } {
  const { wanted = {}, ...settings } = options;
  const connector = fileConnector({ disk: inbox.disk, clock: inbox.clock });
  const { context, lines } = testContext({ system: 'files', wanted });
  return { open: connector.open(connector.config.parse({ inbox: inbox.path, streams, ...settings }), context), lines };
}

/** What a core would keep of a stream: the last version of each record by content, what was set aside, and the cursor. */
export interface Kept {
  readonly stream: Stream;
  readonly records: Map<string, SourceRecord>;
  /** Versions by key, oldest first, as content. */
  readonly versions: Map<string, string[]>;
  readonly rejected: Map<string, Rejection>;
  readonly lines: readonly string[];
  cursor: Cursor | undefined;
  completeTo: string | undefined;
}

export function keep(inbox: TestInbox, settings: object, options: Parameters<typeof openOver>[2] = {}): Kept {
  const { open, lines } = openOver(inbox, { row: settings }, options);
  const [stream] = open.streams;
  if (stream === undefined) throw new Error('no stream');
  return { stream, lines, records: new Map(), versions: new Map(), rejected: new Map(), cursor: undefined, completeTo: undefined };
}

/** Reads one page and saves it as core does: the cursor goes through JSON with sorted keys. */
export async function savePage(kept: Kept, pageSize = 100, stream: Stream = kept.stream): Promise<Page> {
  const page = await stream.read(sorted(kept.cursor), { since: '2020-01-01T00:00:00.000Z', pageSize });
  for (const record of page.records) {
    const content = contentOf(record);
    const versions = kept.versions.get(record.ref.key) ?? [];
    if (versions.at(-1) === content) continue;
    kept.versions.set(record.ref.key, [...versions, content]);
    kept.records.set(record.ref.key, record);
  }
  for (const rejection of page.rejected) kept.rejected.set(rejection.key, rejection);
  kept.cursor = page.cursor;
  kept.completeTo = page.completeTo ?? kept.completeTo;
  return page;
}

/** Reads a run to its end and answers how many new versions it brought. */
export async function poll(kept: Kept, pageSize = 100): Promise<number> {
  const count = (): number => [...kept.versions.values()].reduce((sum, versions) => sum + versions.length, 0);
  const before = count();
  for (let pages = 0; pages < 5000; pages += 1) if ((await savePage(kept, pageSize)).done) return count() - before;
  throw new Error('the run does not come to an end');
}

/** The rows that are present, by number, without what says where they were read. */
export function rowsIn(kept: Kept): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    [...kept.records.values()]
      .filter(({ data }) => data['present'] === true)
      .map(({ number, data: { source: _source, present: _present, ...fields } }) => [number, fields]),
  );
}

export function contentOf({ data: { source: _source, ...content } }: SourceRecord): string {
  return JSON.stringify(sorted(content));
}

export function outcome(results: readonly CheckResult[], what: string): string {
  const line = results.find((result) => result.what === what);
  return line === undefined ? 'no such line' : `${line.outcome}: ${line.found}`;
}

function sorted<T>(value: T): T {
  if (Array.isArray(value)) return value.map((one: unknown) => sorted(one)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner as unknown)])) as T;
}
