import { setImmediate } from 'node:timers/promises';
import type { Instant, JsonObject } from '../../kit/index.js';
import { type Value, chunksOf, rowInserts, runAll, selectIn } from '../database/bulk.js';
import { storable } from '../database/canonical.js';
import { type Cause, type FreeIds, addCause, freeIds } from '../database/causes.js';
import type { Tx } from '../database/db.js';
import { lookUpHash } from '../database/key-hash.js';
import { internNames, required } from '../database/names.js';
import { ensureNodes, nodeColumns, parseNodeId } from '../graph/nodes.js';
import { saveDerivedEdges } from '../graph/derived-edges.js';
import {
  type ChunkKeys,
  type NewVersion,
  type RecordToMap,
  type RecordToSave,
  linkedNodes,
  madeByName,
  sharedCaseKeys,
} from './record-to-save.js';
import { saveInputs } from './save-inputs.js';
import { addressForm, noteAddresses } from './address.js';
import { ensureStream } from './streams.js';

export interface RecordsToSave {
  readonly system: string;
  readonly stream: string;
  /** Names the set of fields that was asked for; kept with each version. */
  readonly fieldSet: string;
  readonly cause: Cause;
  /** Gone through once, a chunk at a time: what is made on the way lives no longer than its chunk. */
  readonly records: Iterable<RecordToSave | RecordToMap>;
  /** `Stream.lookAgainAt` of the stream. */
  readonly lookAgainAt?: ((data: JsonObject) => Instant | undefined) | undefined;
}

/** What became of the records of a page. The three add up to what came in and could be mapped. */
export interface SavedRecords {
  /** Seen for the first time. */
  readonly fresh: number;
  /** A new version of a known record. */
  readonly changed: number;
  /** Same content hash as the latest version: nothing was written. */
  readonly unchanged: number;
}

/** So many rows at a time; between them the process answers health requests. As many as the largest statement takes. */
const chunkSize = 125;

/** What is known of a record before it is saved. */
interface Known {
  readonly id: number;
  readonly hash: string | null;
  readonly version: number | null;
  readonly seq: number;
}

/**
 * Stores the versions that are new, with their inputs and links; unchanged records cost a look-up and no write.
 * A version is new when its content hash differs from the latest one's, whichever came first at the remote: the last answer wins.
 */
export async function saveRecords(t: Tx, given: RecordsToSave): Promise<SavedRecords> {
  const stream = await ensureStream(t, given);
  const saved = { fresh: 0, changed: 0, unchanged: 0 };
  let cause: number | undefined;
  let free: FreeIds | undefined;
  // Within one transaction, what has its key keeps it.
  const names = new Map<string, number>();
  const addresses = new Map<string, number>();
  for (const chunk of chunksOf(given.records, chunkSize, keyOf)) {
    const known = await lookUp(t, stream, chunk);
    const isNews = (entry: RecordToSave | RecordToMap): boolean => known.get(keyOf(entry))?.hash !== entry.content.hash;
    const news = chunk.filter(isNews);
    const mapped = news.flatMap((entry) => toSave(entry) ?? []);
    if (mapped.length > 0) {
      cause ??= await addCause(t, given.cause);
      free ??= await freeIds(t);
      const unknown = [...namesIn(given.fieldSet, mapped)].filter((name) => !names.has(name));
      for (const [name, key] of await internNames(t, unknown)) names.set(name, key);
      const { lookAgainAt } = given;
      const versions = await saveVersions(
        t,
        { stream, fieldSet: required(names, given.fieldSet), cause, free, addresses, lookAgainAt },
        mapped,
        known,
      );
      await saveMeaning(t, versions, { names, cause, free });
      const fresh = versions.filter((version) => !version.existed).length;
      saved.fresh += fresh;
      saved.changed += versions.length - fresh;
    }
    saved.unchanged += chunk.length - news.length;
    await setImmediate();
  }
  await countRecords(t, stream, saved);
  return saved;
}

/**
 * Takes what changed mappings make of records that are stored already: their inputs and links are revised as if a new version had come, and no version is
 * made. Records whose stored content is another one by now are left out: they come with their own page. Returns how many were gone through.
 */
export async function remapRecords(
  t: Tx,
  given: Omit<RecordsToSave, 'records'> & { readonly records: readonly RecordToSave[] },
): Promise<number> {
  const stream = await ensureStream(t, given);
  const cause = await addCause(t, given.cause);
  const free = await freeIds(t);
  let remapped = 0;
  for (const chunk of chunksOf(given.records, chunkSize, keyOf)) {
    const known = await lookUp(t, stream, chunk);
    const versions = chunk.flatMap((entry): NewVersion[] => {
      const before = known.get(keyOf(entry));
      return before?.version === undefined || before.version === null || before.hash !== entry.content.hash
        ? []
        : [{ node: before.id, version: before.version, existed: true, entry }];
    });
    await saveMeaning(t, versions, { names: await internNames(t, namesIn(given.fieldSet, chunk)), cause, free });
    remapped += versions.length;
    await setImmediate();
  }
  return remapped;
}

/** The inputs and links of these versions. */
async function saveMeaning(
  t: Tx,
  versions: readonly NewVersion[],
  { free, ...known }: Pick<ChunkKeys, 'names' | 'cause'> & { readonly free: FreeIds },
): Promise<void> {
  const linked = linkedNodes(versions);
  const shared = sharedCaseKeys(versions);
  const nodes = await ensureNodes(t, [...linked, ...shared.flat().map(parseNodeId)], free);
  const keys = { ...known, links: nodes, shared, caseKeys: nodes.slice(linked.length) };
  await saveInputs(t, versions, keys, free);
  await saveDerivedEdges(t, versions, keys);
}

function keyOf({ record }: Pick<RecordToSave, 'record'>): string {
  return storable(record.ref.key);
}

function toSave(entry: RecordToSave | RecordToMap): RecordToSave | undefined {
  if (!('map' in entry)) return entry;
  const made = entry.map();
  return made && { record: entry.record, content: entry.content, ...made };
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
  page: {
    readonly stream: number;
    readonly fieldSet: number;
    readonly cause: number;
    readonly free: FreeIds;
    readonly addresses: Map<string, number>;
  } & Pick<RecordsToSave, 'lookAgainAt'>,
  news: readonly RecordToSave[],
  known: ReadonlyMap<string, Known>,
): Promise<readonly NewVersion[]> {
  const versions: NewVersion[] = [];
  const nodes: Value[] = [];
  const versionRows: Value[] = [];
  const recordRows: Value[] = [];
  let existing = 0;
  const forms = news.map((entry) => addressForm(entry.record));
  await noteAddresses(t, page.addresses, forms);
  for (const [at, entry] of news.entries()) {
    const { record, content } = entry;
    const key = keyOf(entry);
    const before = known.get(key);
    const node = before?.id ?? page.free.node++;
    if (before === undefined) nodes.push(node, page.stream, lookUpHash(key), key);
    const next = page.free.recordVersion++;
    const seq = (before?.seq ?? 0) + 1;
    if (seq > 1) existing += 1;
    const number = storable(record.number);
    versions.push({ node, version: next, existed: seq > 1, entry });
    versionRows.push(
      next,
      node,
      before?.version ?? null,
      seq,
      content.hash,
      number,
      required(page.addresses, forms[at] ?? ''),
      record.updatedAt,
      page.fieldSet,
      page.cause,
      content.json,
    );
    recordRows.push(node, next, number, page.lookAgainAt?.(record.data) ?? null);
  }
  await runAll(t, [
    ...rowInserts('node', nodeColumns, nodes),
    ...rowInserts('record_version', versionColumns, versionRows),
    ...rowInserts('record', recordColumns, recordRows, existing > 0 ? ['id'] : 'fail'),
  ]);
  return versions;
}

const recordColumns = ['id', 'version', 'number', 'look_again_at'] as const;
const versionColumns = [
  'id',
  'record',
  'previous',
  'seq',
  'hash',
  'number',
  'address',
  'updated_at',
  'field_set',
  'cause',
  'data',
] as const;

const byKey = `select n.id, n.key, v.hash, v.id as version, coalesce(v.seq, 0) as seq
  from (select ? as kind) k cross join json_each(?) j cross join node n on n.hash = j.value and n.kind = k.kind
  left join record r on r.id = n.id left join record_version v on v.id = r.version`;

async function lookUp(t: Tx, kind: number, chunk: readonly Pick<RecordToSave, 'record'>[]): Promise<Map<string, Known>> {
  const hashes = chunk.map((entry) => lookUpHash(keyOf(entry)));
  const rows = await selectIn<Known & { key: string }>(t, byKey, [kind], hashes);
  return new Map(rows.map((row) => [row.key, row]));
}

function namesIn(fieldSet: string, records: readonly RecordToSave[]): ReadonlySet<string> {
  const names = new Set([fieldSet]);
  for (const { inputs, links } of records) {
    for (const { category, madeBy } of inputs) names.add(category).add(madeBy.mapping).add(madeByName(madeBy));
    for (const link of links) names.add(link.as);
  }
  return names;
}
