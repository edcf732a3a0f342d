import {
  caseKeysOf,
  type Directory,
  type ImprovementInput,
  type InputDraft,
  inputIdOf,
  type LinkDraft,
  resolveServices,
} from '../../domain/index.js';
import type { JsonObject, SourceRecord } from '../../kit/index.js';
import type { InputMapping } from '../../mapping/index.js';
import { type Content, contentOf, type RecordToSave, type RejectionToSave } from '../../store/index.js';

/** What is needed to turn a record of one stream into what is stored. */
export interface MappingOfStream {
  /** The mappings to `improvement-input` that read this stream. */
  readonly mappings: readonly InputMapping[];
  /** Directory ids of the services that a record of this stream names. */
  readonly servicesNamed: (names: readonly string[]) => readonly string[];
  readonly volatile: readonly string[];
  /** System id -> connector id. */
  readonly systems: ReadonlyMap<string, string>;
}

/** A record with its inputs and links, or the reason why a mapping cannot read it. */
export type MappedRecord =
  { readonly is: 'record'; readonly entry: RecordToSave } | { readonly is: 'rejected'; readonly rejection: RejectionToSave };

/** Runs all mappings of the stream over one record. One that fails sets the record aside whole: half an input would be a silent loss. */
export function mapRecord(record: SourceRecord, of: MappingOfStream, content: Content = contentOf(record.data, of.volatile)): MappedRecord {
  const { mappings, servicesNamed, systems } = of;
  const inputs: ImprovementInput[] = [];
  const links: LinkDraft[] = [];
  for (const mapping of mappings) {
    const mapped = mapping.map(record, { system: record.ref.system, systems });
    if (mapped.is === 'failed') {
      const problems = mapped.problems.map((problem) => `${mapping.name}: ${problem}`);
      return {
        is: 'rejected',
        rejection: { key: record.ref.key, reason: 'mapping', problems, raw: toRaw(record), updatedAt: record.updatedAt },
      };
    }
    if (mapped.is === 'dropped') continue;
    links.push(...mapped.links);
    inputs.push(toInput(record, mapping, mapped.value, mapped.links, content.hash, servicesNamed));
  }
  return { is: 'record', entry: { record, content, inputs, links } };
}

function toInput(
  record: SourceRecord,
  mapping: InputMapping,
  draft: InputDraft,
  links: readonly LinkDraft[],
  recordHash: string,
  servicesNamed: MappingOfStream['servicesNamed'],
): ImprovementInput {
  return {
    ...draft,
    id: inputIdOf(record.ref, mapping.name),
    trigger: record.ref,
    number: record.number,
    url: record.url,
    serviceIds: servicesNamed(draft.services),
    caseKeys: caseKeysOf({ trigger: record.ref, ...(draft.recurrenceKey !== undefined && { recurrenceKey: draft.recurrenceKey }) }, links),
    madeBy: { mapping: mapping.name, mappingHash: mapping.hash, recordHash },
  };
}

/** Looks services up in the directory, each combination of names once: the records of a stream name the same few over and over. */
export function serviceLookUp(directory: Directory, system: string): MappingOfStream['servicesNamed'] {
  const known = new Map<string, { readonly names: readonly string[]; readonly found: readonly string[] }>();
  return (names) => {
    const [first = ''] = names;
    const before = known.get(first);
    if (before !== undefined && before.names.length === names.length && before.names.every((name, at) => name === names[at]))
      return before.found;
    const found = resolveServices(directory, system, names);
    if (known.size >= 1000) known.clear();
    known.set(first, { names, found });
    return found;
  };
}

/** A whole record as it is kept in quarantine, from which `quarantine replay` makes it again. */
export function toRaw(record: SourceRecord): JsonObject {
  return { ref: { ...record.ref }, number: record.number, url: record.url, updatedAt: record.updatedAt, data: record.data };
}

/** The record in a quarantine entry that a mapping had refused; undefined when the entry holds something else. */
export function fromRaw(raw: JsonObject): SourceRecord | undefined {
  const { ref, number, url, updatedAt, data } = raw as unknown as Partial<SourceRecord>;
  if (ref === undefined || number === undefined || url === undefined || updatedAt === undefined || data === undefined) return undefined;
  return { ref, number, url, updatedAt, data };
}
