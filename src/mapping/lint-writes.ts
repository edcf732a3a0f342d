import type { SinkField } from '../kit/index.js';
import { suggestion } from '../yaml/index.js';
import { finding, type Finding } from './finding.js';
import type { Mapping } from './mapping.js';

/** Every field that a push mapping writes must be writable there, and what the remote requires should be written. */
export function lintWrites(mapping: Mapping, known: readonly SinkField[]): readonly Finding[] {
  const names = known.map(({ name }) => name);
  const written = mapping.parts.fields.map(({ name }) => name);
  return [
    ...written
      .filter((name) => !names.includes(name))
      .map((name) =>
        finding(
          mapping,
          'error',
          ['fields', name],
          `${name}: ${mapping.to} has no such field that can be written${suggestion(name, names)}`,
          'correct the name, or leave it out',
          mapping.parts.source.placeOf(['fields', name], 'key'),
        ),
      ),
    ...known
      .filter(({ name, required }) => required && !written.includes(name))
      .map(({ name }) =>
        finding(
          mapping,
          'warning',
          ['fields'],
          `${mapping.to} requires ${name}`,
          'add it, unless the connector or the remote sets it',
          mapping.parts.source.placeOf(['fields'], 'key'),
        ),
      ),
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
