import { beginWork, compile, parseFormula, plain, type Table, type Value } from '../../src/mapping/formula/index.js';
import type { Json } from '../../src/kit/index.js';

/** Compiles a formula (without `=`) and runs it on a record; throws with every problem when it is refused. */
export function evaluate(text: string, record: Value, tables: Readonly<Record<string, Readonly<Record<string, Json>>>> = {}): Value {
  const compiled = new Map<string, Table>(Object.entries(tables).map(([name, rows]) => [name, new Map(Object.entries(rows))]));
  const parsed = parseFormula(text, new Set(compiled.keys()));
  if (parsed.is === 'refused') throw new Error(parsed.problems.map(({ what, hint }) => `${what}; ${hint}`).join('\n'));
  beginWork();
  return plain(compile(parsed.node, compiled)(record, record));
}

/** Why a formula is refused: what, and what to do instead. */
export function refusals(text: string): readonly string[] {
  const parsed = parseFormula(text, new Set());
  return parsed.is === 'refused' ? parsed.problems.map(({ at, what, hint }) => `${at}: ${what}; ${hint}`) : [];
}
