import { sharedKeysOf } from '../../domain/inputs/case.js';
import type { ImprovementInput, LinkDraft } from '../../domain/inputs/input.js';
import type { SourceRecord } from '../../kit/index.js';
import type { Content } from '../database/canonical.js';
import { type NodeKey, recordNode } from '../graph/nodes.js';

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

/** A record as it came. What mappings make of it is asked for only when it is news: most of what is read again is not. */
export interface RecordToMap extends Pick<RecordToSave, 'record' | 'content'> {
  /** Undefined when it cannot be mapped; why, whoever gave it keeps among the page's rejections. */
  map(): Pick<RecordToSave, 'inputs' | 'links'> | undefined;
}

/** A version to be written. No record comes twice among those of a chunk. */
export interface NewVersion {
  readonly node: number;
  readonly version: number;
  /** The record was there before: its inputs and links may have to be ended. */
  readonly existed: boolean;
  readonly entry: RecordToSave;
}

/** Mapping and its hash as one interned name. */
export function madeByName({ mapping, mappingHash }: { readonly mapping: string; readonly mappingHash: string }): string {
  // The records of a stream name the same mapping over and over: one text for all saves putting it together, and hashing it for each look-up.
  if (lastMadeBy.mapping !== mapping || lastMadeBy.mappingHash !== mappingHash)
    lastMadeBy = { mapping, mappingHash, name: `${mapping}@${mappingHash}` };
  return lastMadeBy.name;
}

let lastMadeBy = { mapping: '', mappingHash: '', name: '@' };

/** What the versions of a chunk mention, looked up or made once. */
export interface ChunkKeys {
  readonly names: ReadonlyMap<string, number>;
  /** Nodes in the order of {@link linkedNodes}: who goes through the versions in order takes the next one each time. */
  readonly links: readonly number[];
  /** {@link sharedCaseKeys}, and the nodes of them all. */
  readonly shared: readonly (readonly string[])[];
  readonly caseKeys: readonly number[];
  readonly cause: number;
}

/** The other ends of the versions' links, in order. */
export function linkedNodes(versions: readonly NewVersion[]): readonly NodeKey[] {
  const nodes: NodeKey[] = [];
  for (const { entry } of versions) for (const link of entry.links) nodes.push(recordNode(link.to));
  return nodes;
}

/** For each of the versions' inputs, in order, the case keys that it shares with others. */
export function sharedCaseKeys(versions: readonly NewVersion[]): readonly (readonly string[])[] {
  const keys: (readonly string[])[] = [];
  for (const { entry } of versions) for (const input of entry.inputs) keys.push(sharedKeysOf(input));
  return keys;
}
