import jsonata from 'jsonata';
import { recognise, type FormulaProblem, type Raw } from './recognise.js';
import type { Node } from './node.js';

/** Longer formulas belong into a table or a rule. Also bounds the parser's recursion. */
const longestFormula = 4_000;
/** `a ?: b` copies its left side, so that a chain of them doubles the tree each time. */
const mostDefaults = 8;
const mostNodes = 2_000;

export type Parsed =
  { readonly is: 'parsed'; readonly node: Node } | { readonly is: 'refused'; readonly problems: readonly FormulaProblem[] };

/**
 * Reads a formula (without its `=`) with jsonata's parser and lets through what the allow-list knows; everything else is refused here, with its
 * place, before any record is seen. Offsets count from the start of `text`.
 */
export function parseFormula(text: string, tables: ReadonlySet<string>): Parsed {
  if (text.trim() === '')
    return refuse({ at: 0, what: 'the formula is empty', hint: 'write the formula after the =, or leave the field out' });
  if (text.length > longestFormula) {
    return refuse({ at: 0, what: `the formula has ${text.length} characters, ${longestFormula} are allowed`, hint: 'use a table' });
  }
  const defaults = [...text.matchAll(/\?[?:]/g)];
  const first = defaults[mostDefaults];
  if (first !== undefined) {
    return refuse({
      at: first.index,
      what: `more than ${mostDefaults} of ?: and ?? in one formula`,
      hint: 'use a table, or test ? value : (…)',
    });
  }
  let tree: unknown;
  try {
    tree = jsonata(text).ast();
  } catch (error) {
    return refuse(syntaxProblem(error, text));
  }
  const problems: FormulaProblem[] = [];
  const budget = { nodes: mostNodes };
  const node = recognise(tree as Raw, { problems, tables, budget });
  if (budget.nodes < 0) problems.push({ at: 0, what: `the formula has more than ${mostNodes} parts`, hint: 'use a table' });
  return problems.length === 0
    ? { is: 'parsed', node }
    : { is: 'refused', problems: problems.toSorted((left, right) => left.at - right.at) };
}

function refuse(problem: FormulaProblem): Parsed {
  return { is: 'refused', problems: [problem] };
}

const remedies: Readonly<Record<string, string>> = {
  S0101: 'close the quote; a formula that holds " #" or ": " needs single quotes around all of it, or a | block',
  S0203: 'close what was opened; inside { } a comma ends the value: put the formula in single quotes',
  S0207: 'write what follows the operator; a formula that holds " #" or ": " needs single quotes around all of it, or a | block',
  S0217: 'the parent operator % is not allowed; a path from $$ starts at the record',
};

function syntaxProblem(error: unknown, text: string): FormulaProblem {
  if (error instanceof RangeError) return { at: 0, what: 'the formula is nested too deeply', hint: 'use a table' };
  const { code, position, message, token } = (typeof error === 'object' && error !== null ? error : {}) as Raw;
  const end = typeof position === 'number' ? position : text.length;
  const at = Math.max(0, Math.min(end - (typeof token === 'string' && token !== '(end)' ? token.length : 0), text.length));
  const what = typeof message === 'string' && message !== '' ? message : `syntax error ${typeof code === 'string' ? code : ''}`.trim();
  const remedy = typeof code === 'string' ? remedies[code] : undefined;
  return {
    at,
    what: `the formula cannot be read: ${what}`,
    hint: remedy ?? 'correct the formula; its language is JSONata (docs.jsonata.org)',
  };
}
