import type { SinkField } from '../kit/index.js';
import { suggestion } from '../yaml/index.js';
import { finding, type Finding } from './finding.js';
import type { Mapping } from './mapping.js';

/** Every field that a push mapping writes must be writable there, and what the remote requires should be written. */
export function lintWrites(mapping: Mapping, known: readonly SinkField[]): readonly Finding[] {
  const names = known.map(({ name }) => name);
  const written = mapping.parts.fields.map(({ name }) => name);
  const form = known.find(({ on }) => on !== undefined)?.on;
  return [
    ...written
      .filter((name) => !names.includes(name))
      .map((name) =>
        finding(
          mapping,
          'error',
          ['fields', name],
          form === undefined
            ? `${name}: ${mapping.to} has no such field that can be written${suggestion(name, names)}`
            : `${name}: is not on ${form}${suggestion(name, names)}`,
          form === undefined ? 'correct the name, or leave it out' : 'put the field on that screen, correct its name, or leave it out',
          mapping.parts.source.placeOf(['fields', name], 'key'),
        ),
      ),
    ...known
      .filter(({ name, required }) => required && !written.includes(name))
      .map(({ name, on }) =>
        finding(
          mapping,
          on === undefined ? 'warning' : 'error',
          ['fields'],
          on === undefined ? `${mapping.to} requires ${name}` : `${name}: is required on ${on}`,
          on === undefined
            ? 'add it, unless the connector or the remote sets it'
            : 'add it to the mapping, or make it optional on that screen',
          mapping.parts.source.placeOf(['fields'], 'key'),
        ),
      ),
    ...known.flatMap((field) => lintRows(mapping, field)),
    ...known.flatMap(({ name, choices }) => {
      const literal = mapping.parts.fields.find((field) => field.name === name)?.literal;
      if (choices === undefined || typeof literal !== 'string' || choices.some(({ value }) => value === literal)) return [];
      return [
        finding(
          mapping,
          'error',
          ['fields', name],
          `${name}: "${literal}" is not a choice${suggestion(
            literal,
            choices.map(({ value }) => value),
          )}`,
          `choices are ${choices.map(({ value }) => value).join(', ')}`,
        ),
      ];
    }),
  ];
}

/** What a table can give for a field must be among the field's choices: a status that the workflow does not have, a priority that is called otherwise. */
function lintRows(mapping: Mapping, { name, choices }: SinkField): readonly Finding[] {
  const [formula, ...others] = mapping.parts.fields.find((field) => field.name === name)?.formulas ?? [];
  const node = others.length === 0 && formula?.path.length === 2 ? formula.node : undefined;
  if (choices === undefined || node?.is !== 'call' || node.name !== 'table') return [];
  const [first] = node.args;
  const table = first?.is === 'literal' ? String(first.value) : '';
  // Statuses are found whatever their case.
  const fold = (text: string): string => (name === 'status' ? text.toLowerCase() : text);
  const values = choices.map(({ value }) => value);
  const known = new Set(values.map(fold));
  return [...(mapping.parts.tables.get(table) ?? [])].flatMap(([row, value]) => {
    if (typeof value !== 'string' || known.has(fold(value))) return [];
    return [
      finding(
        mapping,
        'error',
        ['tables', table, row],
        `tables.${table}.${row}: "${value}" is not a choice of ${name} in ${mapping.to}${suggestion(value, values)}`,
        `choices are ${values.join(', ')}`,
      ),
    ];
  });
}
