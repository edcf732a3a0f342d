import type { Cursor, OpenConnector, Page, SourceRecord, Stream } from 'golden-thread/kit';
import { demand } from './case.js';
import type { StreamDriver, Subject } from './subject.js';

/** Before anything that a subject makes. */
const since = '2000-01-01T00:00:00.000Z';

/** What a core would have on its disk: data and cursor, of the same pages. */
export interface Saved {
  readonly versions: ReadonlyMap<string, string>;
  readonly cursor: Cursor | undefined;
}

export const nothingSaved: Saved = { versions: new Map(), cursor: undefined };

/** The stream that a driver drives, of a connector that was just opened: as after a restart. */
export async function openStream(subject: Subject, driver: StreamDriver): Promise<Stream> {
  return streamOf(await subject.open({ wanted: { [driver.stream]: driver.wanted } }), driver.stream);
}

export function streamOf(open: OpenConnector, name: string): Stream {
  const stream = open.streams.find((one) => one.name === name);
  demand(stream !== undefined, `there is no stream ${name}`);
  return stream;
}

/** Reads the page after a cursor, which has been through JSON, as from a database. */
export async function readPage(subject: Subject, stream: Stream, cursor: Cursor | undefined, pageSize: number): Promise<Page> {
  const stored = cursor === undefined ? undefined : (JSON.parse(JSON.stringify(cursor)) as Cursor);
  return stream.read(stored, { since, pageSize, settleMs: subject.settleMs });
}

/** The saved state with this page in it. */
export function save(driver: StreamDriver, saved: Saved, page: Page): Saved {
  const versions = new Map(saved.versions);
  for (const record of page.records) versions.set(record.ref.key, driver.version(record));
  return { versions, cursor: page.cursor };
}

/** Reads a whole run and answers its pages. Fails when it does not come to an end. */
export async function readRun(subject: Subject, stream: Stream, cursor: Cursor | undefined, pageSize: number): Promise<readonly Page[]> {
  const pages: Page[] = [];
  for (let next = cursor; pages.length < 500;) {
    const page = await readPage(subject, stream, next, pageSize);
    pages.push(page);
    if (page.done) return pages;
    next = page.cursor;
  }
  throw new Error(`a run of ${stream.name} with pages of ${pageSize} does not come to an end`);
}

/** A record without what changes by itself, as text: equal texts are equal content. */
export function contentOf(stream: Stream, record: SourceRecord): string {
  const lasting = Object.entries(record.data).filter(([name]) => !stream.volatile.includes(name));
  return JSON.stringify([record.ref.key, record.updatedAt, Object.fromEntries(lasting)]);
}
