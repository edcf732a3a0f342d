interface Refusal {
  readonly what: string;
  readonly hint: string;
}

function keys(...names: readonly string[]): ReadonlySet<string> {
  return new Set(['type', 'position', ...names]);
}

/** The allow-list: node types of jsonata 2.2 and, for each, the keys that it may carry. `stages` and `predicate` are filters. */
export const knownKeys: Readonly<Record<string, ReadonlySet<string>>> = {
  path: keys('steps'),
  name: keys('value', 'stages'),
  string: keys('value', 'predicate', 'stages'),
  number: keys('value', 'predicate'),
  value: keys('value', 'predicate'),
  variable: keys('value', 'predicate', 'stages'),
  binary: keys('value', 'lhs', 'rhs', 'predicate', 'stages'),
  unary: keys('value', 'expression', 'expressions', 'lhs', 'consarray', 'predicate', 'stages'),
  function: keys('name', 'value', 'procedure', 'arguments', 'predicate', 'stages'),
  condition: keys('condition', 'then', 'else', 'predicate', 'stages'),
  block: keys('expressions', 'predicate', 'stages'),
};

const useTable = 'use a table, $contains or $split';

/** Why a node type is refused, in the words of the person who wrote it. */
export const refusedTypes: Readonly<Record<string, Refusal>> = {
  lambda: {
    what: 'functions of your own are not allowed',
    hint: 'write the expression out, or use a table: a formula must not be able to loop',
  },
  regex: { what: 'regular expressions are not allowed', hint: `${useTable}: ticket text could make a regular expression run for hours` },
  wildcard: { what: 'the wildcard * is not allowed', hint: 'name the fields: what a mapping reads must be known before it runs' },
  descendant: {
    what: 'the descendant wildcard ** is not allowed',
    hint: 'name the path: what a mapping reads must be known before it runs',
  },
  parent: { what: 'the parent operator % is not allowed', hint: 'a path from $$ starts at the record' },
  bind: { what: 'variables (:=) are not allowed', hint: 'write the expression where it is needed' },
  apply: { what: 'the chain operator ~> is not allowed', hint: 'write $function(value)' },
  partial: { what: 'partly applied functions (?) are not allowed', hint: 'write every argument' },
  transform: { what: 'transforms (|…|…|) are not allowed', hint: 'write the new object: {"key": value}' },
  sort: { what: 'sorting ^(…) is not allowed', hint: 'order carries no meaning for inputs' },
  error: { what: 'the formula cannot be read', hint: 'correct the formula' },
};

/** Why a key is refused: the constructs that hide on otherwise harmless nodes. */
export const refusedKeys: Readonly<Record<string, Refusal>> = {
  group: { what: 'grouping (path{key: value}) is not allowed', hint: 'write path.{"key": value} for an object per item' },
  focus: {
    what: 'context bindings (@$name) are not allowed',
    hint: 'mappings join nothing: recurrence is a rule, references are the connector’s business',
  },
  index: { what: 'position bindings (#$name) are not allowed', hint: 'a text that holds # needs quotes' },
  tuple: { what: 'bindings (@$name, #$name) are not allowed', hint: 'leave them out' },
  keepArray: { what: 'the empty predicate [] is not allowed', hint: 'write $list(path) for what must always be a list' },
  keepSingletonArray: { what: 'the empty predicate [] is not allowed', hint: 'write $list(path) for what must always be a list' },
  ancestor: { what: 'the parent operator % is not allowed', hint: 'a path from $$ starts at the record' },
  seekingParent: { what: 'the parent operator % is not allowed', hint: 'a path from $$ starts at the record' },
  consarray: { what: 'a path cannot start at brackets around a path that starts at a list', hint: 'leave the brackets out' },
};

const noClock = 'a mapping must give the same result for the same record at any time; use a time of the record';
const noLoop = 'functions that take functions are not allowed; write path[condition] or path.(expression)';

/** What to do instead of the functions of JSONata that people will look for. */
export const refusedFunctions: Readonly<Record<string, string>> = {
  eval: 'write the formula itself: text from tickets must never run',
  now: noClock,
  millis: noClock,
  random: noClock,
  shuffle: noClock,
  map: noLoop,
  filter: noLoop,
  reduce: noLoop,
  sift: noLoop,
  each: noLoop,
  single: noLoop,
  sort: 'order carries no meaning for inputs',
  match: useTable,
  replace: useTable,
  toMillis: 'use $time(value); times compare as text',
  fromMillis: 'use $time(value)',
  merge: 'write the object out: {"key": value}',
  append: 'write a list: [first, second]',
  distinct: 'leave it out; services and facts may repeat',
  pad: 'write it out with &',
  average: 'use $sum(values) / $count(values)',
};
