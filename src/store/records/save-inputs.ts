import { CompiledQuery } from 'kysely';
import type { ImprovementInput } from '../../domain/inputs/input.js';
import type { Instant, RecordRef } from '../../kit/index.js';
import { type Value, rowInserts, runAll, selectIn } from '../database/bulk.js';
import type { FreeIds } from '../database/causes.js';
import type { Tx } from '../database/db.js';
import { required } from '../database/names.js';
import { findNodes, parseNodeId } from '../graph/nodes.js';
import { readInputDocument, writeInputDocument } from './input-document.js';
import { type ChunkKeys, type NewVersion, madeByName } from './record-to-save.js';

/** An input as it stands before this version of its record. */
interface Standing {
  readonly record: number;
  readonly mapping: number;
  readonly version: number;
  readonly category: number;
  readonly occurred_at: Instant;
  readonly ended_at: Instant | null;
  readonly made_by: number;
  readonly data: string;
}

/** Rows to be written for a chunk of records. */
interface Rows {
  readonly inputs: Value[];
  readonly versions: Value[];
  readonly keys: Value[];
  /** Inputs whose case keys are replaced, each with its record. */
  readonly rekeyed: { readonly input: Standing; readonly trigger: RecordRef }[];
}

/**
 * Revises the inputs of these record versions: one input per (record, mapping), a new version of it only when it says something new,
 * ended (never erased) when the record's latest version yields it no more.
 */
export async function saveInputs(t: Tx, versions: readonly NewVersion[], keys: ChunkKeys, free: FreeIds): Promise<void> {
  const standing = await inputsBefore(t, versions);
  const rows: Rows = { inputs: [], versions: [], keys: [], rekeyed: [] };
  let nth = 0;
  let taken = 0;
  for (const version of versions) {
    const before = standing.get(version.node) ?? [];
    for (const input of version.entry.inputs) {
      const shared = keys.shared[nth++] ?? [];
      const nodes = keys.caseKeys.slice(taken, (taken += shared.length));
      const now = describe(input, version.node, shared, keys);
      const old = before.find((candidate) => candidate.mapping === now.mapping);
      if (old === undefined && now.ended_at !== null) continue; // never was one
      if (old !== undefined && old.data === now.data && old.ended_at === now.ended_at) continue;
      if (old !== undefined) rows.rekeyed.push({ input: old, trigger: input.trigger });
      write(rows, now, { id: free.inputVersion++, previous: old?.version ?? null, record: version.version, cause: keys.cause });
      for (const node of nodes) rows.keys.push(node, Date.parse(now.occurred_at), now.record, now.mapping);
    }
    for (const old of before) {
      const given = version.entry.inputs.some((input) => required(keys.names, input.madeBy.mapping) === old.mapping);
      if (given || old.ended_at !== null) continue;
      const ended = { ...old, ended_at: version.entry.record.updatedAt };
      write(rows, ended, { id: free.inputVersion++, previous: old.version, record: version.version, cause: keys.cause });
    }
  }
  await removeKeys(t, rows.rekeyed);
  await runAll(t, [
    ...rowInserts('input', inputColumns, rows.inputs, standing.size > 0 ? ['record', 'mapping'] : 'fail'),
    ...rowInserts('input_version', versionColumns, rows.versions),
    ...rowInserts('input_key', ['node', 'occurred', 'record', 'mapping'], rows.keys, 'keep'),
  ]);
}

function describe(input: ImprovementInput, record: number, shared: readonly string[], keys: ChunkKeys): Omit<Standing, 'version'> {
  const { madeBy, endedAt } = input;
  return {
    record,
    mapping: required(keys.names, madeBy.mapping),
    category: required(keys.names, input.category),
    occurred_at: input.occurredAt,
    ended_at: endedAt ?? null,
    made_by: required(keys.names, madeByName(madeBy)),
    data: writeInputDocument(input, shared),
  };
}

/** Notes the rows of one new version of an input. */
function write(
  rows: Rows,
  input: Omit<Standing, 'version'>,
  made: { readonly id: number; readonly previous: number | null; readonly record: number; readonly cause: number },
): void {
  const { record, mapping, category, occurred_at, ended_at, made_by, data } = input;
  rows.inputs.push(record, mapping, made.id, category, occurred_at, ended_at);
  rows.versions.push(made.id, record, mapping, made.previous, made.record, made_by, made.cause, ended_at, data);
}

const inputColumns = ['record', 'mapping', 'version', 'category', 'occurred_at', 'ended_at'] as const;
const versionColumns = ['id', 'record', 'mapping', 'previous', 'record_version', 'made_by', 'cause', 'ended_at', 'data'] as const;

const deleteKeys =
  'delete from input_key where (node, occurred, record, mapping) in (select value ->> 0, value ->> 1, value ->> 2, value ->> 3 from json_each(?))';

/** An input's own document says which keys it had: no index from input to key is needed for it. */
async function removeKeys(t: Tx, rekeyed: Rows['rekeyed']): Promise<void> {
  const had = rekeyed.flatMap(({ input: { record, mapping, occurred_at, data }, trigger }) =>
    readInputDocument(data, trigger).caseKeys.map((key) => ({ node: parseNodeId(key), at: Date.parse(occurred_at), record, mapping })),
  );
  if (had.length === 0) return;
  const nodes = await findNodes(
    t,
    had.map(({ node }) => node),
  );
  const triples = had.map(({ at, record, mapping }, nth) => [nodes[nth] ?? 0, at, record, mapping]);
  await t.executeQuery(CompiledQuery.raw(deleteKeys, [JSON.stringify(triples)]));
}

const beforeText = `select i.record, i.mapping, i.version, i.category, i.occurred_at, i.ended_at, v.made_by, v.data
  from input i join input_version v on v.id = i.version where i.record in (select value from json_each(?))`;

async function inputsBefore(t: Tx, versions: readonly NewVersion[]): Promise<ReadonlyMap<number, readonly Standing[]>> {
  const nodes = versions.filter((version) => version.existed).map((version) => version.node);
  return Map.groupBy(await selectIn<Standing>(t, beforeText, [], nodes), (row) => row.record);
}
