import { Failure } from '../../kit/index.js';
import { spend } from './budget.js';
import { functions } from './functions.js';
import type { Node, Step } from './node.js';
import { calculate, compare, concatenate, isIn, isNumber, sameContent, truth } from './operators.js';
import { keyOf } from './own-functions.js';
import { compileNames, compileSteps, keepWhere, lookUp, pickAt, type CompiledStep, type Filter } from './path.js';
import { fitArguments, type FunctionSpec } from './signature.js';
import { rowOf, type Tables } from './table.js';
import { constructedMark, forbiddenKeys, settle, show, type Run, type Value, type ValueList } from './value.js';

/**
 * Compiles a recognised formula to closures, once. Running them is synchronous, uses no `eval`, reads own properties only, and means what
 * jsonata's own evaluator would say (the tests compare the two), except that work is bounded.
 */
export function compile(node: Node, tables: Tables): Run {
  switch (node.is) {
    case 'literal': {
      const { value } = node;
      return () => value;
    }
    case 'name': {
      const { name } = node;
      return (input) => settle(lookUp(input, name));
    }
    case 'context':
      return (input) => settle(input);
    case 'root':
      return (_input, root) => root;
    case 'path':
      return compilePath(node.steps, tables);
    case 'filtered': {
      const inner = compile(node.of, tables);
      const filters = node.filters.map((each) => compileFilter(each, tables));
      return (input, root) => settle(filters.reduce((value, filter) => filter(value, root), inner(input, root)));
    }
    case 'binary':
      return compileBinary(node, tables);
    case 'group':
      return compile(node.of, tables);
    case 'negate': {
      const inner = compile(node.of, tables);
      return (input, root) => {
        const value = inner(input, root);
        if (value === undefined) return undefined;
        if (!isNumber(value)) throw new Failure('record', `- needs a number, got ${show(value)}`);
        return -value;
      };
    }
    case 'list':
      return compileList(node.items, node.constructed, tables);
    case 'object':
      return compileObject(node.pairs, tables);
    case 'call':
      return compileCall(node.name, node.args, tables);
    case 'condition': {
      const test = compile(node.test, tables);
      const whenTrue = compile(node.whenTrue, tables);
      const otherwise = node.otherwise === undefined ? () => undefined : compile(node.otherwise, tables);
      return (input, root) => (truth(test(input, root)) ? whenTrue(input, root) : otherwise(input, root));
    }
  }
}

function compilePath(steps: readonly Step[], tables: Tables): Run {
  const compiled: CompiledStep[] = steps.map((step, index) => ({
    run: compile(step.node, tables),
    filters: step.filters.map((each) => compileFilter(each, tables)),
    once: index === 0 && step.node.is === 'list' && step.node.constructed,
  }));
  const first = steps[0]?.node.is;
  const startsAtVariable = first === 'context' || first === 'root';
  const unfiltered = steps.every((step) => step.filters.length === 0);
  const named = first === 'root' ? steps.slice(1) : steps;
  const names = named.flatMap((step) => (step.node.is === 'name' ? [step.node.name] : []));
  if (unfiltered && names.length === named.length && names.length > 0) return compileNames(names, compiled, first === 'root');
  return compileSteps(compiled, startsAtVariable);
}

function compileFilter(node: Node, tables: Tables): Filter {
  return node.is === 'literal' && typeof node.value === 'number' ? pickAt(node.value) : keepWhere(compile(node, tables));
}

function compileBinary({ operator, left: leftNode, right: rightNode }: Extract<Node, { is: 'binary' }>, tables: Tables): Run {
  const left = compile(leftNode, tables);
  const right = compile(rightNode, tables);
  switch (operator) {
    case '&':
      return (input, root) => concatenate(left(input, root), right(input, root));
    case 'and':
      return (input, root) => truth(left(input, root)) && truth(right(input, root));
    case 'or':
      return (input, root) => truth(left(input, root)) || truth(right(input, root));
    case 'in':
      return (input, root) => isIn(left(input, root), right(input, root));
    case '=':
      return (input, root) => bothThere(left(input, root), right(input, root), sameContent);
    case '!=':
      return (input, root) => bothThere(left(input, root), right(input, root), (one, other) => !sameContent(one, other));
    case '<':
    case '<=':
    case '>':
    case '>=':
      return (input, root) => compare(operator, left(input, root), right(input, root));
    default:
      return (input, root) => calculate(operator, left(input, root), right(input, root));
  }
}

function bothThere(left: Value, right: Value, test: (left: Value, right: Value) => boolean): boolean {
  return left !== undefined && right !== undefined && test(left, right);
}

function compileList(items: readonly Node[], constructed: boolean, tables: Tables): Run {
  const compiled = items.map((node) => ({ run: compile(node, tables), nested: isListNode(node) }));
  return (input, root) => {
    const list: ValueList = [];
    for (const { run, nested } of compiled) {
      const value = run(input, root);
      if (value === undefined) continue;
      if (Array.isArray(value) && !nested) {
        spend(value.length);
        for (const each of value) list.push(each);
      } else list.push(value);
    }
    if (constructed) list[constructedMark] = true;
    return list;
  };
}

/** A list written inside a list stays a list of its own; any other list is poured into the outer one. */
function isListNode(node: Node): boolean {
  return node.is === 'list' || (node.is === 'filtered' && node.of.is === 'list');
}

interface Grouped {
  data: Value;
  readonly pair: number;
}

/** `{"key": value}`. Over a list, items with the same key share one entry, whose value is computed over all of them. */
function compileObject(pairs: readonly (readonly [Node, Node])[], tables: Tables): Run {
  const compiled = pairs.map(([key, value]) => ({ key: compile(key, tables), value: compile(value, tables) }));
  return (input, root) => {
    const groups = new Map<string, Grouped>();
    for (const item of Array.isArray(input) && input.length > 0 ? input : Array.isArray(input) ? [undefined] : [input]) {
      for (const [pair, { key: keyRun }] of compiled.entries()) {
        const key = keyRun(item, root);
        if (key === undefined) continue;
        if (typeof key !== 'string') throw new Failure('record', `a key of { } must be text, got ${show(key)}`);
        if (forbiddenKeys.has(key)) throw new Failure('record', `the key ${key} is not allowed`);
        spend(1);
        const group = groups.get(key);
        if (group === undefined) groups.set(key, { data: item, pair });
        else if (group.pair !== pair) throw new Failure('record', `two entries of { } have the key ${show(key)}`);
        else group.data = append(group.data, item);
      }
    }
    const result: Record<string, Value> = {};
    for (const [key, { data, pair }] of groups) {
      const value = compiled[pair]?.value(data, root);
      if (value !== undefined) result[key] = value;
    }
    return result;
  };
}

function append(left: Value, right: Value): Value {
  if (left === undefined) return right;
  if (right === undefined) return left;
  return [...(Array.isArray(left) ? left : [left]), ...(Array.isArray(right) ? right : [right])];
}

function compileCall(name: string, args: readonly Node[], tables: Tables): Run {
  if (name === 'table') return compileTable(args, tables);
  if (name === 'key') {
    const [list] = args;
    const parts = list?.is === 'list' ? list.items.map((each) => compile(each, tables)) : [];
    return (input, root) => keyOf(parts.map((part) => part(input, root)));
  }
  const spec = functions.get(name);
  if (spec === undefined) throw new Failure('config', `$${name} is not among the functions that formulas may call`);
  const runs = args.map((each) => compile(each, tables));
  const [only] = runs;
  // One argument of any kind needs no fitting where the others may be left out.
  const [first, ...others] = spec.parameters;
  if (only !== undefined && runs.length === 1 && first?.takes === 'x' && others.every(({ optional }) => optional === true)) {
    return (input, root) => settle(spec.run(only(input, root)));
  }
  return (input, root) =>
    call(
      name,
      spec,
      runs.map((each) => each(input, root)),
      input,
    );
}

function call(name: string, spec: FunctionSpec, args: readonly Value[], context: Value): Value {
  spend(1);
  const [first] = args;
  if (args.length === 1 && spec.parameters.length === 1 && typeof first === 'string' && spec.parameters[0]?.takes === 's')
    return settle(spec.run(first));
  return settle(spec.run(...fitArguments(name, spec, args, context)));
}

function compileTable([nameNode, valueNode]: readonly Node[], tables: Tables): Run {
  const name = nameNode?.is === 'literal' ? String(nameNode.value) : '';
  const table = tables.get(name);
  if (table === undefined || valueNode === undefined) throw new Failure('config', `there is no table "${name}" in this mapping`);
  const value = compile(valueNode, tables);
  return (input, root) => rowOf(name, table, value(input, root));
}
