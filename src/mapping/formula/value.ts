import { Failure } from '../../kit/index.js';

/** What a formula computes with: JSON, or nothing (`undefined`). */
export type Value = string | number | boolean | null | undefined | ValueList | ValueObject;

/** Marks a list that JSONata would call a sequence: alone it stands for its one element, empty for nothing. */
export const sequenceMark: unique symbol = Symbol('sequence');
/** Marks a list that was written as `[…]` in a path step, which is not flattened into its neighbours. */
export const constructedMark: unique symbol = Symbol('constructed');

export interface ValueList extends Array<Value> {
  [sequenceMark]?: true;
  [constructedMark]?: true;
}

export interface ValueObject {
  readonly [key: string]: Value;
}

/** A compiled formula or part of one. `input` is the context item (`$`), `root` the whole record (`$$`). */
export type Run = (input: Value, root: Value) => Value;

/** Whether the value is an object in JSON's sense: neither a list nor null. */
export function isObject(value: Value): value is ValueObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function sequence(...items: readonly Value[]): ValueList {
  const list: ValueList = [...items];
  list[sequenceMark] = true;
  return list;
}

/** A sequence as people see it: nothing, its one element, or the list. Anything else as it is. */
export function settle(value: Value): Value {
  if (!Array.isArray(value) || value[sequenceMark] !== true || value.length > 1) return value;
  return value[0];
}

/** Names that would reach into JavaScript's own objects. No formula may make them, no mapping may be keyed by them. */
export const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * A copy of `value` that shares nothing with the record, without marks, and that is JSON: an element that is nothing is left out, and a
 * number that is not finite (a division by zero) fails as `record`.
 */
export function plain(value: Value): Value {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new Failure('record', `the result ${value} is not a number that can be stored`);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const list: ValueList = [];
    for (const item of value) if (item !== undefined) list.push(plain(item));
    return list;
  }
  const copy: Record<string, Value> = {};
  for (const key of Object.keys(value)) {
    const item = value[key];
    if (item !== undefined && !forbiddenKeys.has(key)) copy[key] = plain(item);
  }
  return copy;
}

/** How a value reads in a message: JSON, at most 80 characters. */
export function show(value: Value): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
