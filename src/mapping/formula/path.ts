import { spend } from './budget.js';
import { isNumber, truth } from './operators.js';
import { constructedMark, isObject, sequence, sequenceMark, settle, type Run, type Value, type ValueList } from './value.js';

/** Narrows what a step found: `[0]`, `[state = "3"]`. */
export type Filter = (input: Value, root: Value) => ValueList;

export interface CompiledStep {
  readonly run: Run;
  readonly filters: readonly Filter[];
  /** A list written as the first step is evaluated once, over the whole input, not once per item. */
  readonly once: boolean;
}

/** The own property `key`, through any depth of lists: `components.name` is the list of names. */
export function lookUp(input: Value, key: string): Value {
  if (isObject(input)) return Object.hasOwn(input, key) ? input[key] : undefined;
  if (!Array.isArray(input)) return undefined;
  spend(input.length);
  const found = sequence();
  for (const item of input) {
    const value = lookUp(item, key);
    if (Array.isArray(value)) for (const each of value) found.push(each);
    else if (value !== undefined) found.push(value);
  }
  return found;
}

/** A path of names only, the common case: while it meets objects alone, each step is one property read. */
export function compileNames(names: readonly string[], steps: readonly CompiledStep[], startsAtRoot: boolean): Run {
  const [first = '', second = ''] = names;
  const readFirst = reader(first);
  const readSecond = reader(second);
  const offset = steps.length - names.length;
  const general = (input: Value, root: Value, from: number): Value => walk(steps, from + offset, asItems(input), root);
  if (names.length === 1) {
    return (input, root) => {
      const start = startsAtRoot ? root : input;
      return isObject(start) ? readFirst(start) : Array.isArray(start) ? general(start, root, 0) : undefined;
    };
  }
  if (names.length === 2) {
    return (input, root) => {
      const start = startsAtRoot ? root : input;
      if (!isObject(start)) return Array.isArray(start) ? general(start, root, 0) : undefined;
      const middle = readFirst(start);
      return isObject(middle) ? readSecond(middle) : Array.isArray(middle) ? general(middle, root, 1) : undefined;
    };
  }
  const readers = names.map(reader);
  return (input, root) => {
    let value = startsAtRoot ? root : input;
    for (const [index, read] of readers.entries()) {
      if (!isObject(value)) return Array.isArray(value) ? general(value, root, index) : undefined;
      value = read(value);
    }
    return value;
  };
}

/** Any path. An input that is a list is walked item by item, unless the path starts at `$` or `$$`. */
export function compileSteps(steps: readonly CompiledStep[], startsAtVariable: boolean): Run {
  return (input, root) => walk(steps, 0, startsAtVariable ? sequence(input) : asItems(input), root);
}

function asItems(input: Value): ValueList {
  return Array.isArray(input) ? input : sequence(input);
}

function walk(steps: readonly CompiledStep[], from: number, start: ValueList, root: Value): Value {
  let current: Value = start;
  for (let index = from; index < steps.length; index++) {
    const step = steps[index];
    if (step === undefined || !Array.isArray(current)) break;
    current = step.once && index === 0 ? step.run(current, root) : takeStep(step, current, root, index === steps.length - 1);
    if (Array.isArray(current) && current.length === 0) break;
  }
  return settle(current);
}

function takeStep(step: CompiledStep, input: ValueList, root: Value, isLast: boolean): ValueList {
  spend(input.length);
  const results: ValueList = [];
  for (const item of input) {
    let result = step.run(item, root);
    for (const filter of step.filters) result = filter(result, root);
    if (result !== undefined) results.push(result);
  }
  const only = results[0];
  // A list that is the record's own value stays the list it is: [1] is not 1.
  if (isLast && results.length === 1 && Array.isArray(only) && only[sequenceMark] !== true) return only;
  const flat = sequence();
  for (const result of results) {
    if (Array.isArray(result) && result[constructedMark] !== true) {
      spend(result.length);
      for (const each of result) flat.push(each);
    } else flat.push(result);
  }
  return flat;
}

/** `[n]` with a number written in the formula: the n-th item, from the end when negative. */
export function pickAt(position: number): Filter {
  return (input) => {
    const items = asItems(input);
    const item = items.at(Math.floor(position));
    if (Array.isArray(item)) return item;
    return item === undefined ? sequence() : sequence(item);
  };
}

/** `[…]`: items for which the predicate is true, or whose position it names. */
export function keepWhere(predicate: Run): Filter {
  return (input, root) => {
    const items = asItems(input);
    spend(items.length);
    const kept = sequence();
    for (const [index, item] of items.entries()) {
      const answer = predicate(item, root);
      const positions = isNumber(answer) ? [answer] : Array.isArray(answer) && answer.every(isNumber) ? answer : undefined;
      if (positions === undefined) {
        if (truth(answer)) kept.push(item);
      } else for (const position of positions) if (pointsAt(position, index, items.length)) kept.push(item);
    }
    return kept;
  };
}

function pointsAt(position: number, index: number, length: number): boolean {
  const whole = Math.floor(position);
  return (whole < 0 ? length + whole : whole) === index;
}

/** Reads one own property. Names that every object inherits (`constructor`, `toString`) cost a check, the others none. */
function reader(name: string): (object: { readonly [key: string]: Value }) => Value {
  return name in Object.prototype ? (object) => (Object.hasOwn(object, name) ? object[name] : undefined) : (object) => object[name];
}
