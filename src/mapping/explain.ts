import { runFormula, spell, whatWasRead } from './field.js';
import { show, type Value } from './formula/index.js';
import type { CompiledFormula, MapContext, Mappable, Mapped, Mapping } from './mapping.js';

/** One line of `mappings try`: what stands in the file, what it read in this record, what came out. */
export interface Explanation {
  /** `severity`, `facts.symptom`, `when`, `links[1].key`. */
  readonly field: string;
  /** The formula with its `=`, or the literal. */
  readonly written: string;
  readonly read: readonly { readonly path: string; readonly value: string }[];
  /** The result as JSON, cut at 80 characters; `nothing` where there is none. */
  readonly result: string;
  /** Why there is no result. */
  readonly problem?: string;
}

/** What a mapping makes of one record, field by field, and what became of it in the end. */
export interface Explained {
  readonly mapping: string;
  readonly fields: readonly Explanation[];
  readonly outcome: Mapped<unknown>;
}

/** Runs a mapping on one record and tells how each field came about. */
export function explain(mapping: Mapping, record: Mappable, context: MapContext): Explained {
  const { when, fields, links } = mapping.parts;
  const data = record.data as Value;
  const ofFields = fields.flatMap((field) => {
    if (field.formulas.length > 0) return field.formulas.map((formula) => explainFormula(formula, data));
    const literal = show(field.literal as Value);
    return [{ field: field.name, written: literal, read: [], result: literal }];
  });
  const ofLinks = links.flatMap((link) => (link.when === undefined ? [link.key] : [link.when, link.key]));
  return {
    mapping: mapping.name,
    fields: [
      ...(when === undefined ? [] : [explainFormula(when, data)]),
      ...ofFields,
      ...ofLinks.map((formula) => explainFormula(formula, data)),
    ],
    outcome: mapping.map(record, context),
  };
}

function explainFormula(formula: CompiledFormula, data: Value): Explanation {
  const problems: string[] = [];
  const result = runFormula(formula, data, problems);
  const [problem] = problems;
  return {
    field: spell(formula.path),
    written: formula.text,
    read: whatWasRead(formula, data).map(({ path, value }) => ({ path, value: show(value) })),
    result: show(result),
    ...(problem !== undefined && { problem }),
  };
}
