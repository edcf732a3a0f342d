import { Failure } from '../../kit/index.js';
import { spend } from './budget.js';
import { show, type Value } from './value.js';

/** Whether the value is a number to JSONata; an infinite one (a division by zero) fails. */
export function isNumber(value: Value): value is number {
  if (typeof value !== 'number') return false;
  if (value === Infinity || value === -Infinity) throw new Failure('record', 'a number is out of range (a division by zero?)');
  return !Number.isNaN(value);
}

/** What counts as true: text that is not empty, a number that is not 0, a list with something true in it, an object with a key. */
export function truth(value: Value): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return value !== '';
  if (typeof value === 'number') return isNumber(value) && value !== 0;
  if (Array.isArray(value)) return value.some(truth);
  return Object.keys(value).length > 0;
}

/** The value as text: text as it is, nothing stays nothing, all else as JSON with numbers to 15 digits. */
export function toText(value: Value, indented = false): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isInteger(value))) return String(value);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Failure('record', `${value} cannot be written as text`);
  return JSON.stringify(value, to15Digits, indented ? 2 : 0);
}

function to15Digits(_key: string, value: Value): Value {
  return isNumber(value) && !Number.isInteger(value) ? Number(value.toPrecision(15)) : value;
}

/** `&`: nothing is empty text. */
export function concatenate(left: Value, right: Value): string {
  const text = (toText(left) ?? '') + (toText(right) ?? '');
  if (text.length > 256) spend(text.length >> 6);
  return text;
}

export type Arithmetic = '+' | '-' | '*' | '/' | '%';

/** Nothing on either side gives nothing; anything but a number fails. */
export function calculate(operator: Arithmetic, left: Value, right: Value): number | undefined {
  if (left !== undefined && !isNumber(left))
    throw new Failure('record', `the left side of ${operator} must be a number, got ${show(left)}`);
  if (right !== undefined && !isNumber(right))
    throw new Failure('record', `the right side of ${operator} must be a number, got ${show(right)}`);
  if (left === undefined || right === undefined) return undefined;
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
  }
}

export type Comparison = '<' | '<=' | '>' | '>=';

/** Compares two numbers or two texts; nothing on either side gives nothing; anything else fails. */
export function compare(operator: Comparison, left: Value, right: Value): boolean | undefined {
  for (const side of [left, right]) {
    if (side !== undefined && typeof side !== 'string' && typeof side !== 'number') {
      throw new Failure('record', `${operator} compares numbers or texts, got ${show(side)}`);
    }
  }
  if (left === undefined || right === undefined || left === null || right === null) return undefined;
  if (typeof left !== typeof right)
    throw new Failure('record', `${operator} cannot compare ${show(left)} with ${show(right)}: one is text, one a number`);
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}

/** `in`: the very value is an element of the list, or is the value where it is no list. */
export function isIn(left: Value, right: Value): boolean {
  if (left === undefined || right === undefined) return false;
  return Array.isArray(right) ? right.includes(left) && !Number.isNaN(left) : right === left;
}

/** `=`: equal in content. Nothing equals nothing else, not even nothing, and is not unequal to anything either. */
export function sameContent(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) && Array.isArray(right)) {
    spend(left.length);
    return left.length === right.length && left.every((item, index) => sameContent(item, right[index]));
  }
  if (Array.isArray(left) || Array.isArray(right)) return false;
  const keys = Object.keys(left);
  spend(keys.length);
  return keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key) && sameContent(left[key], right[key]));
}
