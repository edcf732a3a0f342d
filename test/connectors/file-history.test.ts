import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { keep, type Kept, openOver, poll, rowsIn, savePage, testInbox, type TestInbox } from './file-inbox.js';

const settings = { files: '*.csv', key: ['id'] };
const quietMs = 30_000;
const names = ['a.csv', 'b.csv', 'c.csv', 'd.csv'];
const name = fc.constantFrom(...names);

/** A row: which one, and with which content. */
const row = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 3 }));
/** What people do to an inbox. */
const deed = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('write' as const), name, rows: fc.array(row, { maxLength: 8 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('copy' as const), name, to: name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rename' as const), name, to: name }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('break' as const), name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('empty' as const), name }) },
);
const moment = fc.record({
  deeds: fc.array(deed, { maxLength: 3 }),
  passMs: fc.constantFrom(0, 1000, quietMs, quietMs + 60_000),
  pages: fc.integer({ min: 0, max: 3 }),
  crash: fc.constantFrom('no', 'before', 'after'),
});
const history = fc.record({ pageSize: fc.integer({ min: 1, max: 4 }), moments: fc.array(moment, { minLength: 2, maxLength: 8 }) });
type Deed = typeof deed extends fc.Arbitrary<infer D> ? D : never;

/** A file as it should be understood: its rows by id, the first of each; `undefined`: nobody can read it. */
interface Model {
  readonly writtenAt: number;
  readonly rows: ReadonlyMap<string, string> | undefined;
}

function happen(inbox: TestInbox, files: Map<string, Model>, one: Deed): void {
  const writtenAt = inbox.now;
  if (one.do === 'write') {
    const rows = new Map<string, string>();
    for (const [id, content] of one.rows) if (!rows.has(`R${id}`)) rows.set(`R${id}`, `v${content}`);
    inbox.put(one.name, `id;text\n${one.rows.map(([id, content]) => `R${id};v${content}\n`).join('')}`);
    files.set(one.name, { writtenAt, rows });
  } else if (one.do === 'break') {
    inbox.put(one.name, '"');
    files.set(one.name, { writtenAt, rows: undefined });
  } else if (one.do === 'empty') {
    inbox.put(one.name, '');
    files.set(one.name, { writtenAt, rows: undefined });
  } else if (one.do === 'remove') {
    inbox.remove(one.name);
    files.delete(one.name);
  } else {
    const file = files.get(one.name);
    if (file === undefined || one.name === one.to) return;
    if (one.do === 'copy') inbox.copy(one.name, one.to);
    else inbox.rename(one.name, one.to);
    files.set(one.to, one.do === 'copy' ? { ...file, writtenAt } : file);
    if (one.do === 'rename') files.delete(one.name);
  }
}

/** What the files say: of each row the newest file's version. */
function expected(files: ReadonlyMap<string, Model>): Readonly<Record<string, unknown>> {
  const newestLast = [...files].toSorted(
    ([oneName, one], [otherName, other]) => one.writtenAt - other.writtenAt || (oneName < otherName ? -1 : 1),
  );
  const rows: Record<string, unknown> = {};
  for (const [, { rows: own }] of newestLast) for (const [id, text] of own ?? []) rows[id] = { id, text };
  return rows;
}

async function play(inbox: TestInbox, { pageSize, moments }: typeof history extends fc.Arbitrary<infer H> ? H : never): Promise<void> {
  inbox.clear();
  const files = new Map<string, Model>();
  const kept: Kept = keep(inbox, settings);
  let { stream } = kept;
  for (const { deeds, passMs, pages, crash } of moments) {
    for (const one of deeds) {
      inbox.now += 1;
      happen(inbox, files, one);
    }
    inbox.now += passMs;
    for (let page = 0; page < pages; page += 1) await savePage(kept, pageSize, stream);
    // A page that was read and never saved.
    if (crash === 'before') await stream.read(kept.cursor, { since: '2020-01-01T00:00:00.000Z', pageSize });
    if (crash !== 'no') [stream] = openOver(inbox, { row: settings }).open.streams as [typeof stream];
  }
  // The dust settles: broken files are taken away, and one file says that the inbox is there.
  for (const [broken, { rows }] of files) {
    if (rows !== undefined) continue;
    inbox.remove(broken);
    files.delete(broken);
  }
  inbox.now += 1;
  happen(inbox, files, { do: 'write', name: 'z.csv', rows: [] });
  inbox.now += quietMs;
  for (let polls = 0; polls < 2;) if ((await savePage(kept, pageSize, stream)).done) polls += 1;
  expect(rowsIn(kept)).toEqual(expected(files));
  expect(await poll({ ...kept, stream })).toBe(0);
  expect(kept.completeTo).toBe(new Date(inbox.now - quietMs).toISOString());
}

const runs = Number(process.env['GOLDEN_THREAD_HISTORIES'] ?? 150);

describe('whatever people do to the inbox', () => {
  const inbox = testInbox();
  afterAll(() => inbox.end());

  test(
    'after the dust settles what was stored is what the files say, and the rest is known to be gone',
    async () => {
      await fc.assert(
        fc.asyncProperty(history, (one) => play(inbox, one)),
        { numRuns: runs, seed: 41 },
      );
    },
    60_000 + runs * 1_000,
  );
});
