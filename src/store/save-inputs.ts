import { CompiledQuery } from 'kysely';
import type { ImprovementInput } from '../domain/input.js';
import type { Instant, JsonObject } from '../kit/index.js';
import { type Value, insertRows, selectIn } from './bulk.js';
import { canonicalJson } from './canonical.js';
import { nextId } from './causes.js';
import type { Tx } from './db.js';
import { keyHash } from './key-hash.js';
import { required } from './names.js';
import { findNodes, parseNodeId } from './nodes.js';
import { type ChunkKeys, type NewVersion, madeByName, sharedKeys } from './record-to-save.js';

/** An input as it stands before this version of its record. */
interface Before {
  readonly id: number;
  readonly record: number;
  readonly mapping: number;
  readonly uid: string;
  /** Its latest version. */
  version: number | null;
  readonly category: number;
  readonly occurred_at: Instant;
  ended_at: Instant | null;
  made_by: number;
  data: string;
}

/** Rows to be written for a chunk of records. */
interface Rows {
  readonly inputs: Map<number, readonly Value[]>;
  readonly versions: Value[];
  readonly keys: Map<number, readonly number[]>;
  /** Inputs whose case keys are replaced. */
  readonly oldKeys: Before[];
}

/**
 * Revises the inputs of these record versions: one input per (record, mapping), a new version of it only when it says something new,
 * ended (never erased) when the record's latest version yields it no more.
 */
export async function saveInputs(t: Tx, versions: readonly NewVersion[], keys: ChunkKeys): Promise<number> {
  const { names, nodes, cause, at } = keys;
  const before = await inputsBefore(t, versions);
  const rows: Rows = { inputs: new Map(), versions: [], keys: new Map(), oldKeys: [] };
  const next = { input: 0, version: 0 };
  for (const version of versions) {
    const known = before.get(version.node) ?? new Map<number, Before>();
    const seen = new Set<number>();
    for (const input of version.entry.inputs) {
      const mapping = required(names, input.madeBy.mapping);
      seen.add(mapping);
      const old = known.get(mapping);
      if (old === undefined && input.endedAt !== undefined) continue; // never was one
      const now = describe(input, mapping, version.node, names, old?.id);
      if (old !== undefined && old.data === now.data && old.ended_at === now.ended_at) continue;
      if (next.version === 0) next.version = await nextId(t, 'input_version');
      if (now.id === undefined && next.input === 0) next.input = await nextId(t, 'input');
      const made = { ...now, id: now.id ?? next.input++, version: old?.version ?? null };
      if (old !== undefined) rows.oldKeys.push(old);
      const caseNodes = sharedKeys(input).map((key) => required(nodes, parseNodeId(key)));
      add(rows, made, next.version++, version.version, cause, caseNodes);
      known.set(mapping, made);
      before.set(version.node, known);
    }
    for (const [mapping, old] of known) {
      if (seen.has(mapping) || old.ended_at !== null) continue;
      if (next.version === 0) next.version = await nextId(t, 'input_version');
      const ended = { ...old, ended_at: version.entry.record.updatedAt || at };
      add(rows, ended, next.version++, version.version, cause, undefined);
      known.set(mapping, ended);
    }
  }
  await write(
    t,
    rows,
    versions.some((version) => version.existed),
  );
  return rows.versions.length / versionColumns.length;
}

function describe(
  input: ImprovementInput,
  mapping: number,
  record: number,
  names: ReadonlyMap<string, number>,
  id: number | undefined,
): Omit<Before, 'id'> & { readonly id: number | undefined } {
  const { id: uid, trigger: _trigger, number: _number, url: _url, madeBy, endedAt, ...document } = input;
  return {
    id,
    record,
    mapping,
    uid,
    version: null,
    category: required(names, input.category),
    occurred_at: input.occurredAt,
    ended_at: endedAt ?? null,
    made_by: required(names, madeByName(madeBy)),
    data: canonicalJson(document as unknown as JsonObject),
  };
}

function add(rows: Rows, input: Before, version: number, recordVersion: number, cause: number, keys: readonly number[] | undefined): void {
  rows.inputs.set(input.id, [
    input.id,
    input.uid,
    keyHash(input.uid),
    input.record,
    input.mapping,
    version,
    input.category,
    input.occurred_at,
    input.ended_at,
  ]);
  rows.versions.push(version, input.id, input.version, recordVersion, input.made_by, cause, input.ended_at, input.data);
  input.version = version;
  if (keys !== undefined) rows.keys.set(input.id, keys);
}

const inputColumns = ['id', 'uid', 'uid_hash', 'record', 'mapping', 'version', 'category', 'occurred_at', 'ended_at'] as const;
const versionColumns = ['id', 'input', 'previous', 'record_version', 'made_by', 'cause', 'ended_at', 'data'] as const;

async function write(t: Tx, rows: Rows, revised: boolean): Promise<void> {
  const keys: Value[] = [];
  for (const [input, list] of rows.keys) for (const node of new Set(list)) keys.push(node, input);
  await removeKeys(t, rows.oldKeys);
  await insertRows(t, 'input', inputColumns, [...rows.inputs.values()].flat(), revised ? 'update by id' : '');
  await insertRows(t, 'input_version', versionColumns, rows.versions);
  await insertRows(t, 'input_key', ['node', 'input'], keys);
}

const deleteKeys = 'delete from input_key where (node, input) in (select value ->> 0, value ->> 1 from json_each(?))';

/** An input's own document says which keys it had: no index from input to key is needed for it. */
async function removeKeys(t: Tx, inputs: readonly Before[]): Promise<void> {
  const had = inputs.flatMap(({ id, data }) =>
    (JSON.parse(data) as Pick<ImprovementInput, 'caseKeys'>).caseKeys.map((key) => ({ node: parseNodeId(key), id })),
  );
  if (had.length === 0) return;
  const nodes = await findNodes(
    t,
    had.map(({ node }) => node),
  );
  const pairs = had.map(({ node, id }) => [nodes.get(node) ?? 0, id]);
  await t.executeQuery(CompiledQuery.raw(deleteKeys, [JSON.stringify(pairs)]));
}

const beforeText = `select i.id, i.record, i.mapping, i.uid, i.version, i.category, i.occurred_at, i.ended_at, v.made_by, v.data
  from input i join input_version v on v.id = i.version where i.record in (select value from json_each(?))`;

async function inputsBefore(t: Tx, versions: readonly NewVersion[]): Promise<Map<number, Map<number, Before>>> {
  const nodes = versions.filter((version) => version.existed).map((version) => version.node);
  const before = new Map<number, Map<number, Before>>();
  for (const row of await selectIn<Before>(t, beforeText, [], nodes)) {
    const ofRecord = before.get(row.record) ?? new Map<number, Before>();
    ofRecord.set(row.mapping, row);
    before.set(row.record, ofRecord);
  }
  return before;
}
