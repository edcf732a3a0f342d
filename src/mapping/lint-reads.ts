import type { FieldInfo } from '../kit/index.js';
import { suggestion } from '../yaml/index.js';
import { formulasOf } from './check-static.js';
import { spell } from './field.js';
import { finding, type Finding } from './finding.js';
import { everyNode, readsOf, type Node, type ReadPath } from './formula/index.js';
import type { Mapping } from './mapping.js';

/** Every field that a formula reads must exist: a wrong name silently reads as nothing. */
export function lintReads(mapping: Mapping, known: readonly FieldInfo[]): readonly Finding[] {
  return formulasOf(mapping.parts).flatMap((formula) =>
    readsOf(formula.node).paths.flatMap((path) => {
      const problem = readProblem(path, known);
      if (problem === undefined) return [];
      const place = mapping.parts.source.placeIn(formula.path, placeOfRead(formula.node, path) + 1);
      return [finding(mapping, 'error', formula.path, `${spell(formula.path)}: ${problem.what}`, problem.hint, place)];
    }),
  );
}

function readProblem(path: ReadPath, known: readonly FieldInfo[]): { readonly what: string; readonly hint: string } | undefined {
  const [first = '', second] = path;
  const field = known.find(({ name }) => name === first);
  const below = known.filter(({ name }) => name.startsWith(`${first}.`)).map(({ name }) => name);
  if (field === undefined && below.length === 0) {
    return {
      what: `there is no field ${first}${suggestion(first, new Set(known.map(({ name }) => name.split('.')[0] ?? name)))}`,
      hint: 'a field that does not exist reads as nothing',
    };
  }
  if (second === undefined || below.includes(`${first}.${second}`)) return undefined;
  if (field?.open === true || field?.type === 'object' || field?.type === 'list') return undefined;
  if ((field?.type === 'user' || field?.type === 'reference') && ['id', 'name'].includes(second) && below.length === 0) return undefined;
  const parts = below.map((name) => name.slice(first.length + 1));
  return {
    what: `${first} has no part ${second}${suggestion(second, parts)}`,
    hint: parts.length === 0 ? `${first} is a single value` : `it has ${parts.join(', ')}`,
  };
}

/** The offset of the name that a read path starts with. */
function placeOfRead(node: Node, [first]: ReadPath): number {
  for (const each of everyNode(node)) if (each.is === 'name' && each.name === first) return each.at;
  return node.at;
}
