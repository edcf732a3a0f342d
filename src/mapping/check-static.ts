import { Failure, type Json } from '../kit/index.js';
import { suggestion } from '../yaml/index.js';
import { improvementFields } from './improvement-view.js';
import { readsOf, show, type Node, type Tables, type Value } from './formula/index.js';
import type { CompiledFormula, MappingParts } from './mapping.js';
import { targets, type Target, type TargetField } from './target.js';

type Where = readonly (string | number)[];

/** What can be told of a mapping without any record or system: fields that do not exist or are missing, and values that the target never takes. */
export function checkStatic(parts: MappingParts): readonly Failure[] {
  const { to, from } = parts.content;
  const target: Target | undefined = Object.hasOwn(targets, to) ? targets[to as keyof typeof targets] : undefined;
  return [
    ...rowProblems(parts),
    ...(target === undefined ? [] : targetProblems(parts, target)),
    ...(from === 'improvement' ? viewProblems(parts) : []),
  ];
}

function problem({ source }: MappingParts, path: Where, what: string, hint: string, at: 'key' | 'value' = 'value'): Failure {
  return new Failure('config', what, { place: source.placeOf(path, at), hint });
}

/** Rows are literals: a formula in a row would look as if it ran. */
function rowProblems(parts: MappingParts): readonly Failure[] {
  return [...parts.tables].flatMap(([table, rows]) =>
    [...rows]
      .filter(([, row]) => typeof row === 'string' && row.startsWith('='))
      .map(([key]) =>
        problem(
          parts,
          ['tables', table, key],
          `tables.${table}.${key}: rows are literals, not formulas`,
          'write the value, and the formula under fields:',
        ),
      ),
  );
}

function targetProblems(parts: MappingParts, target: Target): readonly Failure[] {
  const { fields, content } = parts;
  const unknown = fields
    .filter(({ name }) => !Object.hasOwn(target, name))
    .map(({ name }) =>
      problem(
        parts,
        ['fields', name],
        `${name}: ${content.to} has no such field${suggestion(name, Object.keys(target))}`,
        `known here: ${Object.keys(target).join(', ')}`,
        'key',
      ),
    );
  const missing = Object.entries(target)
    .filter(([name, spec]) => spec.required && !fields.some((field) => field.name === name))
    .map(([name, spec]) => problem(parts, ['fields'], `${name}: is missing`, `every ${content.to} needs it: ${spec.expects}`, 'key'));
  const unfit = fields.flatMap((field) => {
    const spec = target[field.name];
    if (spec === undefined) return [];
    if (field.literal !== undefined)
      return fitsLiteral(spec, field.literal)
        ? []
        : [
            problem(
              parts,
              ['fields', field.name],
              `${field.name}: expected ${spec.expects}, got ${show(field.literal as Value)}`,
              'correct the value; a formula starts with =',
            ),
          ];
    const [formula] = field.formulas;
    return spec.allowed !== undefined && formula?.path.length === 2 ? impossible(parts, field.name, spec, formula) : [];
  });
  return [...unknown, ...missing, ...unfit];
}

function fitsLiteral(spec: TargetField, literal: Json): boolean {
  if (literal === null || literal === '') return !spec.required;
  return spec.fits(literal as Value);
}

interface Possible {
  readonly value: Json;
  /** The row of a table that it stands in; without it, the formula itself. */
  readonly row: Where | undefined;
  readonly at: number;
}

function impossible(parts: MappingParts, name: string, spec: TargetField, formula: CompiledFormula): readonly Failure[] {
  return possibleValues(formula.node, parts.tables)
    .filter(({ value }) => !spec.fits(value as Value))
    .map(({ value, row, at }) => {
      const near = suggestion(typeof value === 'string' ? value : JSON.stringify(value), spec.allowed ?? []);
      const what = `${row?.join('.') ?? name}: ${show(value as Value)} is no ${name}${near}`;
      return new Failure('config', what, {
        place: row === undefined ? parts.source.placeIn(formula.path, at + 1) : parts.source.placeOf(row),
        hint: `expected ${spec.expects}`,
      });
    });
}

/** The values that a formula certainly may give: literals and rows, through conditions and brackets. */
function possibleValues(node: Node, tables: Tables): readonly Possible[] {
  switch (node.is) {
    case 'literal':
      return [{ value: node.value, row: undefined, at: node.at }];
    case 'group':
      return possibleValues(node.of, tables);
    case 'condition':
      return [...possibleValues(node.whenTrue, tables), ...(node.otherwise === undefined ? [] : possibleValues(node.otherwise, tables))];
    case 'call': {
      const name = node.args[0]?.is === 'literal' ? String(node.args[0].value) : '';
      if (node.name !== 'table') return [];
      return [...(tables.get(name) ?? [])].map(([key, value]) => ({ value, row: ['tables', name, key], at: node.at }));
    }
    default:
      return [];
  }
}

/** An improvement's fields are ours, so that a wrong one is found at once. */
function viewProblems(parts: MappingParts): readonly Failure[] {
  const known = new Set(improvementFields);
  return formulasOf(parts).flatMap((formula) =>
    readsOf(formula.node)
      .paths.map((path) => path.slice(0, 2).join('.'))
      .filter((read) => !known.has(read))
      .map((read) =>
        problem(
          parts,
          formula.path,
          `${formula.path.slice(1).join('.')}: an improvement has no field ${read}${suggestion(read, known)}`,
          `known are ${improvementFields.join(', ')}`,
        ),
      ),
  );
}

/** Every formula of a mapping, in the order of the file. */
export function formulasOf({ when, fields, links }: Pick<MappingParts, 'when' | 'fields' | 'links'>): readonly CompiledFormula[] {
  const ofLinks = links.flatMap((link) => (link.when === undefined ? [link.key] : [link.key, link.when]));
  return [...(when === undefined ? [] : [when]), ...fields.flatMap((field) => field.formulas), ...ofLinks];
}
