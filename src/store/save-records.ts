import { setImmediate } from 'node:timers/promises';
import { type Value, chunksOf, insertRows, selectIn } from './bulk.js';
import { storable } from './canonical.js';
import { type Cause, addCause, nextId } from './causes.js';
import type { Tx } from './db.js';
import { keyHash } from './key-hash.js';
import { internNames, required } from './names.js';
import { type NodeKey, ensureNodes, insertNodes, streamKind } from './nodes.js';
import { saveDerivedEdges } from './derived-edges.js';
import { type NewVersion, type RecordToSave, madeByName, mentionedNodes } from './record-to-save.js';
import { saveInputs } from './save-inputs.js';
import { ensureStream } from './streams.js';

export interface RecordsToSave {
  readonly system: string;
  readonly stream: string;
  /** Names the set of fields that was asked for; kept with each version. */
  readonly fieldSet: string;
  readonly cause: Cause;
  /** Gone through once, a chunk at a time: what is made on the way lives no longer than its chunk. */
  readonly records: Iterable<RecordToSave>;
}

/** What became of the records of a page. The three add up to what came in. */
export interface SavedRecords {
  /** Seen for the first time. */
  readonly fresh: number;
  /** A new version of a known record. */
  readonly changed: number;
  /** Same content hash as the latest version: nothing was written. */
  readonly unchanged: number;
}

/** So many rows at a time; between them the process answers health requests. */
const chunkSize = 250;

/** What is known of a record before it is saved. */
interface Known {
  readonly id: number;
  hash: string | null;
  version: number | null;
  seq: number;
}

/**
 * Stores the versions that are new, with their inputs and links; unchanged records cost a look-up and no write.
 * A version is new when its content hash differs from the latest one's, whichever came first at the remote: the last answer wins.
 */
export async function saveRecords(t: Tx, given: RecordsToSave): Promise<SavedRecords> {
  const kind = streamKind(given);
  const stream = await ensureStream(t, given);
  const saved = { fresh: 0, changed: 0, unchanged: 0 };
  let cause: number | undefined;
  for (const chunk of chunksOf(given.records, chunkSize)) {
    const known = await lookUp(t, stream, chunk);
    if (chunk.some((entry) => isNews(entry, known))) {
      cause ??= await addCause(t, given.cause);
      const names = await internNames(t, [given.fieldSet, ...namesIn(chunk)]);
      const versions = await saveVersions(t, kind, stream, required(names, given.fieldSet), cause, chunk, known);
      const nodes = await ensureNodes(t, versions.flatMap(mentionedNodes));
      await saveInputs(t, versions, { names, nodes, cause });
      await saveDerivedEdges(t, versions, { names, nodes, cause });
      saved.fresh += versions.filter((version) => !version.existed).length;
      saved.changed += versions.filter((version) => version.existed).length;
      saved.unchanged -= versions.length;
    }
    saved.unchanged += chunk.length;
    await setImmediate();
  }
  await countRecords(t, stream, saved);
  return saved;
}

function isNews({ record, content }: RecordToSave, known: ReadonlyMap<string, Known>): boolean {
  return known.get(storable(record.ref.key))?.hash !== content.hash;
}

async function countRecords(t: Tx, stream: number, { fresh, changed }: SavedRecords): Promise<void> {
  if (fresh + changed === 0) return;
  await t
    .updateTable('stream')
    .set((e) => ({ records: e('records', '+', fresh), versions: e('versions', '+', fresh + changed) }))
    .where('id', '=', stream)
    .execute();
}

async function saveVersions(
  t: Tx,
  kind: string,
  stream: number,
  fieldSet: number,
  cause: number,
  chunk: readonly RecordToSave[],
  known: Map<string, Known>,
): Promise<readonly NewVersion[]> {
  const missing = new Map<string, NodeKey>();
  for (const { record } of chunk) {
    const key = storable(record.ref.key);
    if (!known.has(key)) missing.set(key, { kind, key });
  }
  const nodes = await insertNodes(t, [...missing.values()], new Map([[kind, stream]]));
  for (const [{ key }, id] of nodes) known.set(key, { id, hash: null, version: null, seq: 0 });
  const versions: NewVersion[] = [];
  const versionRows: Value[] = [];
  const recordRows = new Map<number, readonly Value[]>();
  let next = await nextId(t, 'record_version');
  for (const entry of chunk) {
    const { record, content } = entry;
    const key = storable(record.ref.key);
    const before = required(known, key);
    if (before.hash === content.hash) continue; // compared in order: a record may come twice on one page
    const number = storable(record.number);
    const seq = before.seq + 1;
    versions.push({ node: before.id, version: next, existed: before.seq > 0, entry });
    versionRows.push(
      next,
      before.id,
      before.version,
      seq,
      content.hash,
      number,
      storable(record.url),
      record.updatedAt,
      fieldSet,
      cause,
      content.json,
    );
    recordRows.set(before.id, [before.id, next, seq, content.hash, number]);
    known.set(key, { id: before.id, hash: content.hash, version: next, seq });
    next += 1;
  }
  await insertRows(t, 'record_version', versionColumns, versionRows);
  await insertRows(
    t,
    'record',
    ['id', 'version', 'seq', 'hash', 'number'],
    [...recordRows.values()].flat(),
    versions.some((version) => version.existed) ? ['id'] : 'fail',
  );
  return versions;
}

const versionColumns = ['id', 'record', 'previous', 'seq', 'hash', 'number', 'url', 'updated_at', 'field_set', 'cause', 'data'] as const;

const byKey = `select n.id, n.key, r.hash, r.version, coalesce(r.seq, 0) as seq
  from (select ? as kind) k cross join json_each(?) j cross join node n on n.hash = j.value and n.kind = k.kind left join record r on r.id = n.id`;

async function lookUp(t: Tx, kind: number, chunk: readonly RecordToSave[]): Promise<Map<string, Known>> {
  const hashes = chunk.map(({ record }) => keyHash(storable(record.ref.key)));
  const rows = await selectIn<Known & { key: string }>(t, byKey, [kind], hashes);
  return new Map(rows.map((row) => [row.key, row]));
}

function* namesIn(records: readonly RecordToSave[]): Iterable<string> {
  for (const { inputs, links } of records) {
    for (const { category, madeBy } of inputs) {
      yield category;
      yield madeBy.mapping;
      yield madeByName(madeBy);
    }
    for (const link of links) yield link.as;
  }
}
