import type { ImprovementInput } from '../../domain/inputs/input.js';

/** What `input_version.data` holds of an input: all that its own columns, its record version and its mapping do not tell. */
export type InputDocument = Omit<ImprovementInput, 'id' | 'trigger' | 'number' | 'url' | 'madeBy' | 'endedAt'>;

/**
 * The document of an input as text; {@link readInputDocument} reads it back. These two alone know how it is kept: who rewrites stored documents
 * goes through them. Not hashed, so not sorted; JSON.stringify escapes NUL and lone surrogates, so that the text survives SQLite.
 */
export function writeInputDocument(input: InputDocument): string {
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
    caseKeys: input.caseKeys,
  };
  return JSON.stringify(document);
}

/** The document in a text that {@link writeInputDocument} made. */
export function readInputDocument(text: string): InputDocument {
  return JSON.parse(text) as InputDocument;
}
