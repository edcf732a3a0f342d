import { suggestion } from '../yaml/index.js';
import { finding, type Finding } from './finding.js';
import { everyNode } from './formula/index.js';
import type { Mapping } from './mapping.js';

/**
 * Categories that mappings give and that the policy has not approved as improvement inputs (ISO/IEC 20000-1, 10.2): their inputs would be kept and raise
 * nothing, without a word.
 */
export function lintCategories(mappings: readonly Mapping[], approved: readonly string[]): readonly Finding[] {
  return mappings.flatMap((mapping) => {
    if (mapping.kind !== 'improvement-input') return [];
    return categoriesOf(mapping)
      .filter((category) => !approved.includes(category))
      .map((category) =>
        finding(
          mapping,
          'warning',
          ['fields', 'category'],
          `category: "${category}" is no approved input of policy.yaml${suggestion(category, approved)}, so that nothing is raised from it`,
          'approve it under categories in policy.yaml, or give another one',
        ),
      );
  });
}

/** Categories that a mapping's file itself names: the literal, or the values of the table that gives it. */
export function categoriesOf(mapping: Mapping): readonly string[] {
  const field = mapping.parts.fields.find(({ name }) => name === 'category');
  if (typeof field?.literal === 'string') return [field.literal];
  const tables = (field?.formulas ?? []).flatMap(({ node }) =>
    [...everyNode(node)].flatMap((part) => {
      const [name] = part.is === 'call' && part.name === 'table' ? part.args : [];
      return name?.is === 'literal' ? [...(mapping.parts.tables.get(String(name.value))?.values() ?? [])] : [];
    }),
  );
  return [...new Set(tables.filter((value) => typeof value === 'string'))];
}
