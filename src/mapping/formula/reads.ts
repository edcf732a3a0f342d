import type { Node } from './node.js';

/** A path from the record's top: `['business_service', 'name']`. */
export type ReadPath = readonly string[];

/** What a formula reads of a record, and where that cannot be told. */
export interface Reads {
  readonly paths: readonly ReadPath[];
  /** Offsets of places that take the record as a whole, so that what they read cannot be told. */
  readonly whole: readonly number[];
}

/**
 * The fields that a formula reads, found by the same walk for lint and for what connectors ask their systems for. Both branches of a condition count.
 */
export function readsOf(node: Node): Reads {
  const paths = new Map<string, ReadPath>();
  const whole: number[] = [];
  const note = (found: readonly ReadPath[], at: number): void => {
    for (const path of found) {
      if (path.length === 0) whole.push(at);
      else paths.set(path.join('\n'), path);
    }
  };
  /** Notes what is read below `node` and answers where its own value comes from: known paths, or none when it is computed. */
  const trace = (each: Node, from: readonly ReadPath[]): readonly ReadPath[] => {
    const take = (part: Node, context = from): void => note(trace(part, context), part.at);
    switch (each.is) {
      case 'literal':
        return [];
      case 'name':
        return from.map((path) => [...path, each.name]);
      case 'context':
        return from;
      case 'root':
        return [[]];
      case 'path': {
        let current = from;
        for (const step of each.steps) {
          current = trace(step.node, current);
          for (const filter of step.filters) {
            note(current, step.node.at);
            take(filter, current);
          }
        }
        return current;
      }
      case 'filtered': {
        const value = trace(each.of, from);
        note(value, each.at);
        for (const filter of each.filters) take(filter, value);
        return value;
      }
      case 'condition':
        take(each.test);
        return [...trace(each.whenTrue, from), ...(each.otherwise === undefined ? [] : trace(each.otherwise, from))];
      case 'call': {
        const [object, key] = each.args;
        if (each.name === 'lookup' && object !== undefined && key?.is === 'literal')
          return trace(object, from).map((path) => [...path, String(key.value)]);
        // Without its first argument a function takes the context.
        if (takesContext(each.name, each.args.length)) note(from, each.at);
        for (const argument of each.args) take(argument);
        return [];
      }
      case 'group':
        return trace(each.of, from);
      case 'binary':
        take(each.left);
        take(each.right);
        return [];
      case 'negate':
        take(each.of);
        return [];
      case 'list':
        for (const item of each.items) take(item);
        return [];
      case 'object':
        for (const part of each.pairs.flat()) take(part);
        return [];
    }
  };
  note(trace(node, [[]]), node.at);
  return { paths: [...paths.values()].toSorted((left, right) => (left.join('.') < right.join('.') ? -1 : 1)), whole };
}

const oneBeforeContext: ReadonlySet<string> = new Set(['substring', 'substringBefore', 'substringAfter', 'contains', 'split', 'lookup']);

function takesContext(name: string, given: number): boolean {
  if (given === 0) return true;
  return given === 1 && oneBeforeContext.has(name);
}

/** The form in which a connector is asked: `business_service.name`. How deep it can be followed, the connector knows. */
export function askedFor(path: ReadPath): string {
  return path.join('.');
}
