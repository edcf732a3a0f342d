import { Failure } from '../../kit/index.js';
import { show, type Value, type ValueList } from './value.js';

/** What one argument may be, in jsonata's letters: `s` text, `n` number, `b` boolean, `o` object, `l` null, `a` list, `x` anything. */
export interface Parameter {
  readonly takes: 's' | 'n' | 'b' | 'x' | 'nsb' | 'list' | 'list of s' | 'list of n' | 'list of o';
  /** Left out, the context item (`$`) takes its place, where it fits: `name.$uppercase()`. */
  readonly orContext?: true;
  readonly optional?: true;
}

/** A function that formulas may call. `run` gets exactly one value per parameter, of the declared kind or nothing. */
export interface FunctionSpec {
  readonly parameters: readonly Parameter[];
  readonly run: (...args: readonly Value[]) => Value;
}

/** How many arguments may be written: [fewest, most]. */
export function arity({ parameters }: FunctionSpec): readonly [number, number] {
  return [parameters.filter((each) => each.optional === undefined && each.orContext === undefined).length, parameters.length];
}

/**
 * Fits written arguments to the parameters as JSONata does: nothing fits anywhere, a single value becomes a list of one where a list is
 * asked for, and a missing first argument is the context. Fails as `record` with the argument's number.
 */
export function fitArguments(name: string, spec: FunctionSpec, args: readonly Value[], context: Value): readonly Value[] {
  const { pattern, letters } = shapeOf(spec);
  if (fitInPlace(spec, letters, args)) return args;
  const match = pattern.exec(args.map(letterOf).join(''));
  if (match === null) throw new Failure('record', `$${name} cannot take ${args.map(show).join(', ')}`);
  let next = 0;
  return spec.parameters.map((parameter, index) => {
    if (match[index + 1] !== '') return asked(name, parameter, args[next], ++next);
    if (parameter.orContext === undefined) return args[next++];
    if (!lettersOf(parameter).includes(letterOf(context))) {
      throw new Failure('record', `$${name} needs its first argument here: the context, ${show(context)}, does not fit`);
    }
    return context;
  });
}

function asked(name: string, parameter: Parameter, value: Value, position: number): Value {
  if (!parameter.takes.startsWith('list') || value === undefined) return value;
  const list: ValueList = Array.isArray(value) ? value : [value];
  const wanted = parameter.takes.slice(-1);
  if (parameter.takes !== 'list' && list.some((item) => letterOf(item) !== wanted)) {
    throw new Failure(
      'record',
      `argument ${position} of $${name} must be a list of ${wanted === 's' ? 'texts' : 'numbers'}, got ${show(value)}`,
    );
  }
  return list;
}

// `m` is "missing": nothing passes every check and is dealt with by the function.
function lettersOf({ takes }: Parameter): string {
  return takes === 'x' || takes.startsWith('list') ? 'asnblom' : `${takes}m`;
}

/** What a function's arguments are held against. */
interface Shape {
  readonly pattern: RegExp;
  /** Of each parameter, the letters of what it takes. */
  readonly letters: readonly string[];
}

const shapes = new WeakMap<FunctionSpec, Shape>();

function shapeOf(spec: FunctionSpec): Shape {
  const known = shapes.get(spec);
  if (known !== undefined) return known;
  const letters = spec.parameters.map(lettersOf);
  const parts = spec.parameters.map((each, at) => `([${letters[at]}]${each.optional === true || each.orContext === true ? '?' : ''})`);
  const shape = { pattern: new RegExp(`^${parts.join('')}$`), letters };
  shapes.set(spec, shape);
  return shape;
}

/** Whether each argument fits the parameter of its place as it is, and only optional ones are left: the pattern, being greedy, would say the same. */
function fitInPlace({ parameters }: FunctionSpec, letters: readonly string[], args: readonly Value[]): boolean {
  if (args.length > parameters.length) return false;
  for (let at = 0; at < args.length; at += 1) {
    if (letters[at]?.includes(letterOf(args[at])) !== true || parameters[at]?.takes.startsWith('list') === true) return false;
  }
  return parameters.every(({ optional, orContext }, at) => at < args.length || (optional === true && orContext !== true));
}

function letterOf(value: Value): string {
  if (value === undefined) return 'm';
  if (value === null) return 'l';
  if (Array.isArray(value)) return 'a';
  return (typeof value)[0] ?? 'o';
}
