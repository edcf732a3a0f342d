import { CompiledQuery } from 'kysely';
import type { ImprovementInput } from '../domain/input.js';
import type { Instant } from '../kit/index.js';
import { type Value, insertRows, selectIn } from './bulk.js';
import { nextId } from './causes.js';
import type { Tx } from './db.js';
import { keyHash } from './key-hash.js';
import { required } from './names.js';
import { findNodes, parseNodeId } from './nodes.js';
import { type ChunkKeys, type NewVersion, madeByName, sharedKeys } from './record-to-save.js';

/** An input as it stands; `version` is undefined before its first one is written. */
interface Standing {
  readonly record: number;
  readonly mapping: number;
  readonly uid: string;
  readonly version: number | null;
  readonly category: number;
  readonly occurred_at: Instant;
  readonly ended_at: Instant | null;
  readonly made_by: number;
  readonly data: string;
}

/** Rows to be written for a chunk of records. */
interface Rows {
  readonly inputs: Map<string, readonly Value[]>;
  readonly versions: Value[];
  /** Case keys by input. */
  readonly keys: Map<string, readonly (readonly [number, number, number])[]>;
  /** Inputs whose case keys are replaced. */
  readonly rekeyed: Standing[];
}

/**
 * Revises the inputs of these record versions: one input per (record, mapping), a new version of it only when it says something new,
 * ended (never erased) when the record's latest version yields it no more.
 */
export async function saveInputs(t: Tx, versions: readonly NewVersion[], keys: ChunkKeys): Promise<void> {
  const standing = await inputsBefore(t, versions);
  const rows: Rows = { inputs: new Map(), versions: [], keys: new Map(), rekeyed: [] };
  let next = await nextId(t, 'input_version');
  for (const version of versions) {
    const before = standing.get(version.node);
    const after = new Map(before);
    for (const input of version.entry.inputs) {
      const now = describe(input, version.node, keys);
      const old = before?.get(now.mapping);
      if (old === undefined && now.ended_at !== null) continue; // never was one
      if (old !== undefined && old.data === now.data && old.ended_at === now.ended_at) continue;
      if (old !== undefined) rows.rekeyed.push(old);
      after.set(now.mapping, write(rows, { ...now, version: old?.version ?? null }, next, version.version, keys.cause));
      const nodes = sharedKeys(input).map((key) => required(keys.nodes, parseNodeId(key)));
      rows.keys.set(
        `${now.record} ${now.mapping}`,
        nodes.map((node) => [node, now.record, now.mapping]),
      );
      next += 1;
    }
    for (const old of before?.values() ?? []) {
      const given = version.entry.inputs.some((input) => required(keys.names, input.madeBy.mapping) === old.mapping);
      if (given || old.ended_at !== null) continue;
      const ended = { ...old, ended_at: version.entry.record.updatedAt };
      after.set(old.mapping, write(rows, ended, next, version.version, keys.cause));
      next += 1;
    }
    if (after.size > 0) standing.set(version.node, after);
  }
  await insert(
    t,
    rows,
    versions.some((version) => version.existed),
  );
}

function describe(input: ImprovementInput, record: number, keys: ChunkKeys): Omit<Standing, 'version'> {
  const { id: uid, trigger: _trigger, number: _number, url: _url, madeBy, endedAt, ...document } = input;
  return {
    record,
    mapping: required(keys.names, madeBy.mapping),
    uid,
    category: required(keys.names, input.category),
    occurred_at: input.occurredAt,
    ended_at: endedAt ?? null,
    made_by: required(keys.names, madeByName(madeBy)),
    // Not hashed, so not sorted; JSON.stringify escapes NUL and lone surrogates, so the text survives SQLite.
    data: JSON.stringify(document),
  };
}

/** Notes the rows of one new version, and returns the input as it then stands. */
function write(rows: Rows, input: Standing, version: number, recordVersion: number, cause: number): Standing {
  const { record, mapping, uid, category, occurred_at, ended_at, made_by, data } = input;
  rows.inputs.set(`${record} ${mapping}`, [record, mapping, uid, keyHash(uid), version, category, occurred_at, ended_at]);
  rows.versions.push(version, record, mapping, input.version, recordVersion, made_by, cause, ended_at, data);
  return { ...input, version };
}

const inputColumns = ['record', 'mapping', 'uid', 'uid_hash', 'version', 'category', 'occurred_at', 'ended_at'] as const;
const versionColumns = ['id', 'record', 'mapping', 'previous', 'record_version', 'made_by', 'cause', 'ended_at', 'data'] as const;

async function insert(t: Tx, rows: Rows, revised: boolean): Promise<void> {
  await removeKeys(t, rows.rekeyed);
  await insertRows(t, 'input', inputColumns, [...rows.inputs.values()].flat(), revised ? ['record', 'mapping'] : 'fail');
  await insertRows(t, 'input_version', versionColumns, rows.versions);
  await insertRows(t, 'input_key', ['node', 'record', 'mapping'], [...rows.keys.values()].flat(2), 'keep');
}

const deleteKeys =
  'delete from input_key where (node, record, mapping) in (select value ->> 0, value ->> 1, value ->> 2 from json_each(?))';

/** An input's own document says which keys it had: no index from input to key is needed for it. */
async function removeKeys(t: Tx, inputs: readonly Standing[]): Promise<void> {
  const had = inputs.flatMap(({ record, mapping, data }) =>
    (JSON.parse(data) as Pick<ImprovementInput, 'caseKeys'>).caseKeys.map((key) => ({ node: parseNodeId(key), record, mapping })),
  );
  if (had.length === 0) return;
  const nodes = await findNodes(
    t,
    had.map(({ node }) => node),
  );
  const triples = had.map(({ node, record, mapping }) => [nodes.get(node) ?? 0, record, mapping]);
  await t.executeQuery(CompiledQuery.raw(deleteKeys, [JSON.stringify(triples)]));
}

const beforeText = `select i.record, i.mapping, i.uid, i.version, i.category, i.occurred_at, i.ended_at, v.made_by, v.data
  from input i join input_version v on v.id = i.version where i.record in (select value from json_each(?))`;

async function inputsBefore(t: Tx, versions: readonly NewVersion[]): Promise<Map<number, ReadonlyMap<number, Standing>>> {
  const nodes = versions.filter((version) => version.existed).map((version) => version.node);
  const rows = await selectIn<Standing>(t, beforeText, [], nodes);
  const byRecord = Map.groupBy(rows, (row) => row.record);
  return new Map([...byRecord].map(([record, inputs]) => [record, new Map(inputs.map((input) => [input.mapping, input]))]));
}
