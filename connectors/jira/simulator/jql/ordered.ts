import type { Operator } from './parse.js';

/** A comparison of numbers with the operands of one clause. */
export function ordered(operator: Operator, wanted: readonly number[]): (value: number) => boolean {
  const first = wanted[0] ?? Number.NaN;
  switch (operator) {
    case '>':
      return (value) => value > first;
    case '>=':
      return (value) => value >= first;
    case '<':
      return (value) => value < first;
    case '<=':
      return (value) => value <= first;
    case '!=':
    case 'not in':
      return (value) => !wanted.includes(value);
    default:
      return (value) => wanted.includes(value);
  }
}
