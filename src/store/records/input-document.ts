import { caseKeysWith, linkedKeysOf } from '../../domain/inputs/case.js';
import type { ImprovementInput } from '../../domain/inputs/input.js';
import type { RecordRef } from '../../kit/index.js';

/** What `input_version.data` holds of an input: all that its own columns, its record version and its mapping do not tell. */
interface InputDocument extends Omit<ImprovementInput, 'id' | 'trigger' | 'number' | 'url' | 'madeBy' | 'endedAt' | 'caseKeys'> {
  /** Its case keys but for its own record's and its recurrence key's, which are told by these; most inputs have no others. */
  readonly linkedKeys?: readonly string[];
}

/** What an input's document tells of it. */
export type InputContent = Omit<InputDocument, 'linkedKeys'> & Pick<ImprovementInput, 'caseKeys'>;

/**
 * The document of an input as text, `sharedKeys` being its `sharedKeysOf`; {@link readInputDocument} reads it back. This file alone knows how it is
 * kept: who rewrites stored documents goes through it. Not hashed, so not sorted; JSON.stringify escapes NUL and lone surrogates, so that the text survives SQLite.
 */
export function writeInputDocument(input: Omit<InputDocument, 'linkedKeys'>, sharedKeys: readonly string[]): string {
  const linkedKeys = linkedKeysOf(sharedKeys, input.recurrenceKey);
  // Named one by one, because to copy all but a few costs a third of the whole; the type demands every one of them.
  const document: { readonly [Name in keyof Required<InputDocument>]: InputDocument[Name] | undefined } = {
    category: input.category,
    title: input.title,
    severity: input.severity,
    occurredAt: input.occurredAt,
    services: input.services,
    processes: input.processes,
    supplier: input.supplier,
    requirement: input.requirement,
    recurrenceKey: input.recurrenceKey,
    restricted: input.restricted,
    facts: input.facts,
    serviceIds: input.serviceIds,
    linkedKeys: linkedKeys.length === 0 ? undefined : linkedKeys,
  };
  return JSON.stringify(document);
}

/** What the document of this record's input tells. */
export function readInputDocument(text: string, trigger: RecordRef): InputContent {
  const { linkedKeys = [], ...input } = JSON.parse(text) as InputDocument;
  return { ...input, caseKeys: caseKeysWith({ trigger, recurrenceKey: input.recurrenceKey }, linkedKeys) };
}

/** The document with some of what it tells replaced. */
export function reviseInputDocument(
  text: string,
  revise: (input: Pick<InputContent, 'facts'>) => Partial<Pick<InputContent, 'title' | 'facts'>>,
): string {
  const document = JSON.parse(text) as InputDocument;
  return JSON.stringify({ ...document, ...revise(document) });
}
