import { isObject, parsedJson } from './json.js';
import { flatten } from './oscal-flat.js';
import { type OscalDocument, resolverOf } from './oscal-refs.js';
import { listOf, objectOf, textOf } from './oscal-values.js';
import { objectRow, type RawRow, unusable } from './row.js';
import type { Source } from './source.js';

const roots = { 'oscal-assessment-results': 'assessment-results', 'oscal-poam': 'plan-of-action-and-milestones' } as const;

/**
 * The findings, observations, risks or items of an OSCAL document, one object each, with what they refer to beside them. A reference that leads nowhere
 * is tolerated (NIST's own example has one) and named in `dangling`. `line` is the number of the object in its document.
 */
export async function* oscalRows(source: Source, format: keyof typeof roots, records: string): AsyncGenerator<RawRow> {
  const file = await parsedJson(source);
  const root = isObject(file) ? file[roots[format]] : undefined;
  if (!isObject(root))
    throw unusable(`the file has no ${roots[format]}`, `it is no OSCAL ${roots[format]} in JSON; is the pattern of the stream too wide?`);
  const issued = textOf(objectOf(root['metadata'])?.['last-modified']);
  const parts = format === 'oscal-poam' ? [root] : listOf(root['results']);
  const document: OscalDocument = { root, parts };
  const resolve = resolverOf(document);
  let count = 0;
  for (const part of parts) {
    for (const one of listOf(part[records])) {
      count += 1;
      const fields = flatten(records, one, { part, resolve });
      const row = objectRow(count, fields, JSON.stringify(fields).length);
      yield issued === undefined ? row : { ...row, updated: issued };
    }
  }
}
