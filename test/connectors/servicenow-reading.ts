import type { KeysPage, OpenConnector, Page, Stream } from 'golden-thread/kit';
import type { JournalEntry } from '../../connectors/servicenow/simulator/index.js';
import type { Simulated } from './servicenow-simulated.js';

/** A point in time before everything that the tests make. */
export const beginning = '2020-01-01T00:00:00.000Z';

/** The stream with this name; fails when the connector has none. */
export function streamOf(open: OpenConnector, name: string): Required<Omit<Stream, 'lookAgainAt'>> & Pick<Stream, 'lookAgainAt'> {
  const stream = open.streams.find((one) => one.name === name);
  if (stream?.get === undefined || stream.keys === undefined || stream.whereabouts === undefined)
    throw new Error(`the connector has no whole stream ${name}`);
  return stream as Required<Stream>;
}

/** Every page of a run. */
export async function runOf(stream: Pick<Stream, 'read'>, from?: Page, pageSize = 1_000): Promise<readonly Page[]> {
  const pages: Page[] = [];
  for (let cursor = from?.cursor; pages.length < 500;) {
    const page = await stream.read(cursor, { since: beginning, pageSize });
    pages.push(page);
    if (page.done) return pages;
    cursor = page.cursor;
  }
  throw new Error('the run does not come to an end');
}

/** Every page of a census. */
export async function censusOf(
  stream: Pick<Required<Stream>, 'keys'>,
  pageSize: number,
  between: (page: KeysPage) => Promise<void> = () => Promise.resolve(),
): Promise<readonly KeysPage[]> {
  const pages: KeysPage[] = [];
  for (let last: KeysPage | undefined; last?.done !== true;) {
    if (pages.length > 500) throw new Error('the census does not come to an end');
    last = await stream.keys(last?.cursor, { pageSize });
    pages.push(last);
    if (!last.done) await between(last);
  }
  return pages;
}

/** What the instance was asked while `work` ran. */
export async function requestsOf(simulated: Simulated, work: () => Promise<unknown>): Promise<readonly JournalEntry[]> {
  const before = (await simulated.control.journal()).length;
  await work();
  return (await simulated.control.journal()).slice(before);
}

/** The n-th of a row of sys_ids, in their order. */
export function idOf(n: number): string {
  return n.toString(16).padStart(32, '0');
}
