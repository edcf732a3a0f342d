import { didYouMean } from '../../yaml/index.js';
import { functions } from './functions.js';
import { binaryOperators, type BinaryOperator, type Node, type Step } from './node.js';
import { knownKeys, refusedFunctions, refusedKeys, refusedTypes } from './refusals.js';
import { arity } from './signature.js';
import { forbiddenKeys } from './value.js';

/** What is wrong with a formula, where (offset in its text), and what to do instead. */
export interface FormulaProblem {
  readonly at: number;
  readonly what: string;
  readonly hint: string;
}

/** A node as jsonata's parser makes it. Nothing in it is trusted before it is recognised. */
export type Raw = Readonly<Record<string, unknown>>;

interface Recognising {
  readonly problems: FormulaProblem[];
  readonly tables: ReadonlySet<string>;
  readonly budget: { nodes: number };
}

const nothing: Node = { is: 'literal', value: null, at: 0 };

/**
 * Turns jsonata's tree into ours, type by type and key by key. A type or a key that is not known is refused: context and position bindings,
 * group-by and sorting hide as extra keys on nodes that look harmless.
 */
export function recognise(raw: Raw, to: Recognising): Node {
  if (--to.budget.nodes < 0) return nothing;
  const type = String(raw['type']);
  const refused = refusedTypes[type];
  const allowed = knownKeys[type];
  if (refused !== undefined || allowed === undefined)
    return refuse(raw, to, refused ?? { what: `${type} is not allowed`, hint: 'leave it out' });
  for (const key of Object.keys(raw)) {
    if (allowed.has(key)) continue;
    return refuse(raw, to, refusedKeys[key] ?? { what: `${key} is not allowed on ${type}`, hint: 'leave it out' });
  }
  const node = recogniseBare(type, raw, to);
  const filters = filtersOf(raw['predicate'], to);
  return filters.length === 0 ? node : { is: 'filtered', of: node, filters, at: node.at };
}

function recogniseBare(type: string, raw: Raw, to: Recognising): Node {
  const at = startOf(raw);
  const value = raw['value'];
  switch (type) {
    case 'string':
    case 'number':
    case 'value':
      return { is: 'literal', value: value as string | number | boolean | null, at };
    case 'name':
      return { is: 'name', name: String(value), at };
    case 'variable':
      if (value === '' || value === '$') return { is: value === '' ? 'context' : 'root', at };
      return refuse(raw, to, {
        what: `$${String(value)} is not known here`,
        hint: functions.has(String(value)) ? 'a function needs brackets: $name(…)' : 'only $ and $$ are variables',
      });
    case 'path':
      return pathOf(nodes(raw['steps']), to);
    case 'binary':
      return binaryOf(raw, to, at);
    case 'unary':
      return unaryOf(raw, to, at);
    case 'function':
      return callOf(raw, to);
    case 'condition': {
      const otherwise = raw['else'] === undefined ? undefined : recognise(one(raw['else']), to);
      return { is: 'condition', test: recognise(one(raw['condition']), to), whenTrue: recognise(one(raw['then']), to), otherwise, at };
    }
    default: {
      const [inner, ...more] = nodes(raw['expressions']);
      if (inner === undefined || more.length > 0)
        return refuse(raw, to, { what: 'brackets must hold exactly one expression', hint: 'write one expression without ;' });
      return { is: 'group', of: recognise(inner, to), at };
    }
  }
}

function pathOf(rawSteps: readonly Raw[], to: Recognising): Node {
  const steps: readonly Step[] = rawSteps.map((raw) => ({ node: recognise(raw, to), filters: filtersOf(raw['stages'], to) }));
  const first = steps[0];
  if (first === undefined) return nothing;
  // JSONata itself loses everything here: it walks the picked item as if it were the list.
  if (first.node.is === 'filtered' && first.node.of.is === 'list') {
    to.problems.push({
      at: first.node.at,
      what: 'a path cannot start at a list that is filtered at once',
      hint: 'put the list with its filter in brackets: ([…][0]).name',
    });
  }
  return { is: 'path', steps, at: first.node.at };
}

function binaryOf(raw: Raw, to: Recognising, at: number): Node {
  const operator = binaryOperators.find((each) => each === raw['value']);
  if (operator === undefined) {
    const what = raw['value'] === '..' ? 'ranges (..)' : `the operator ${String(raw['value'])}`;
    return refuse(raw, to, {
      what: `${what} is not allowed`,
      hint: 'a formula counts nothing; counting over time is a rule of policy.yaml',
    });
  }
  return {
    is: 'binary',
    operator: operator satisfies BinaryOperator,
    left: recognise(one(raw['lhs']), to),
    right: recognise(one(raw['rhs']), to),
    at,
  };
}

function unaryOf(raw: Raw, to: Recognising, at: number): Node {
  if (raw['value'] === '-') return { is: 'negate', of: recognise(one(raw['expression']), to), at };
  if (raw['value'] === '[')
    return { is: 'list', items: nodes(raw['expressions']).map((each) => recognise(each, to)), constructed: raw['consarray'] === true, at };
  const pairs = (raw['lhs'] as readonly (readonly [Raw, Raw])[]).map(([key, value]) => [recognise(key, to), recognise(value, to)] as const);
  for (const [key] of pairs) {
    if (key.is === 'literal' && typeof key.value === 'string' && forbiddenKeys.has(key.value)) {
      to.problems.push({ at: key.at, what: `the key ${key.value} is not allowed`, hint: 'choose another name' });
    }
  }
  return { is: 'object', pairs, at };
}

function callOf(raw: Raw, to: Recognising): Node {
  const procedure = one(raw['procedure']);
  const at = startOf(procedure);
  if (procedure['type'] !== 'variable')
    return refuse(procedure, to, { what: 'only functions by name can be called', hint: 'functions start with $: $uppercase(…)' });
  const name = String(procedure['value']);
  const rawArgs = nodes(raw['arguments']);
  const args = rawArgs.map((each) => recognise(each, to));
  const problem = name === 'table' ? tableProblem(args, to) : name === 'key' ? keyProblem(args) : callProblem(name, args.length);
  if (problem !== undefined) to.problems.push({ at, ...problem });
  return { is: 'call', name, args, at };
}

function callProblem(name: string, given: number): Omit<FormulaProblem, 'at'> | undefined {
  const spec = functions.get(name);
  if (spec === undefined) {
    const known = [...functions.keys(), 'table', 'key'];
    const near = didYouMean(name, known);
    const fallback = near === undefined ? `allowed are ${known.map((each) => `$${each}`).join(', ')}` : `did you mean $${near}?`;
    return { what: `$${name} is not among the functions that formulas may call`, hint: refusedFunctions[name] ?? fallback };
  }
  const [fewest, most] = arity(spec);
  if (given >= fewest && given <= most) return undefined;
  return {
    what: `$${name} takes ${fewest === most ? fewest : `${fewest} to ${most}`} arguments, not ${given}`,
    hint: 'see docs.jsonata.org, or mappings/README.md for our own',
  };
}

function tableProblem(args: readonly Node[], to: Recognising): Omit<FormulaProblem, 'at'> | undefined {
  const [name] = args;
  if (args.length !== 2 || name?.is !== 'literal' || typeof name.value !== 'string') {
    return { what: '$table takes the name of a table in quotes, and a value', hint: 'write $table("severity", priority)' };
  }
  if (to.tables.has(name.value)) return undefined;
  const near = didYouMean(name.value, [...to.tables]);
  return {
    what: `there is no table "${name.value}" in this mapping`,
    hint: near === undefined ? 'add it under tables:' : `did you mean "${near}"?`,
  };
}

function keyProblem(args: readonly Node[]): Omit<FormulaProblem, 'at'> | undefined {
  const [list] = args;
  if (args.length === 1 && list?.is === 'list' && list.items.length > 0) return undefined;
  return {
    what: '$key takes a list that is written out',
    hint: 'write $key([business_service.id, category]): a part that is empty must be seen',
  };
}

function filtersOf(stages: unknown, to: Recognising): readonly Node[] {
  return stages === undefined
    ? []
    : nodes(stages).map((stage) =>
        stage['type'] === 'filter' ? recognise(one(stage['expr']), to) : refuse(stage, to, refusedKeys['index']),
      );
}

function refuse(raw: Raw, to: Recognising, problem: Omit<FormulaProblem, 'at'> | undefined): Node {
  to.problems.push({ at: startOf(raw), what: problem?.what ?? 'this is not allowed', hint: problem?.hint ?? 'leave it out' });
  return nothing;
}

/** jsonata notes where a token ends; people want to know where it starts. */
function startOf(raw: Raw): number {
  const steps = raw['steps'];
  if (Array.isArray(steps) && steps.length > 0) return startOf(steps[0] as Raw);
  if (raw['procedure'] !== undefined) return startOf(one(raw['procedure']));
  const end = typeof raw['position'] === 'number' ? raw['position'] : 0;
  return Math.max(0, end - lengthOf(raw['type'], raw['value']));
}

function lengthOf(type: unknown, value: unknown): number {
  if (type === 'lambda') return 'function('.length;
  if (value instanceof RegExp) return `/${value.source}/`.length;
  if (typeof value !== 'string') return value === undefined ? 1 : JSON.stringify(value).length;
  return value.length + (type === 'variable' ? 1 : type === 'string' ? 2 : 0);
}

function nodes(value: unknown): readonly Raw[] {
  return Array.isArray(value) ? (value as readonly Raw[]) : [];
}

function one(value: unknown): Raw {
  return typeof value === 'object' && value !== null ? (value as Raw) : {};
}
