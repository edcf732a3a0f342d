import { recordKey } from '../domain/case.js';
import type { ImprovementInput, LinkDraft } from '../domain/input.js';
import type { SourceRecord } from '../kit/index.js';
import type { Content } from './canonical.js';
import { type NodeIds, type NodeKey, parseNodeId, recordNode } from './nodes.js';

/** One version of one record, with everything that mappings made of it. */
export interface RecordToSave {
  readonly record: SourceRecord;
  /** `contentOf(record.data, stream.volatile)`. */
  readonly content: Content;
  /** All of this version's inputs: one that the record had before and that is not among them is ended. */
  readonly inputs: readonly ImprovementInput[];
  /** All of this version's links: one that the record had before and that is not among them is ended. */
  readonly links: readonly LinkDraft[];
}

/** A version to be written. */
export interface NewVersion {
  readonly node: number;
  readonly version: number;
  /** The record was there before: its inputs and links may have to be ended. */
  readonly existed: boolean;
  readonly entry: RecordToSave;
}

/** Mapping and its hash as one interned name. */
export function madeByName(madeBy: { readonly mapping: string; readonly mappingHash: string }): string {
  return `${madeBy.mapping}@${madeBy.mappingHash}`;
}

/** Integer keys that a chunk of records needs, looked up or made once. */
export interface ChunkKeys {
  readonly names: ReadonlyMap<string, number>;
  readonly nodes: NodeIds;
  readonly cause: number;
}

/** Everything that a version links to or shares a case with, beside itself. */
export function mentionedNodes({ entry }: NewVersion): readonly NodeKey[] {
  const nodes = entry.links.map((link) => recordNode(link.to));
  for (const input of entry.inputs) nodes.push(...sharedKeys(input).map(parseNodeId));
  return nodes;
}

/** Case keys without the one that every input has: its own record, which `input.record` stands for. */
export function sharedKeys(input: Pick<ImprovementInput, 'trigger' | 'caseKeys'>): readonly string[] {
  const own = recordKey(input.trigger);
  return input.caseKeys.filter((key) => key !== own);
}
