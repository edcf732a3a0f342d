import { isFailure, type Json } from '../kit/index.js';
import {
  beginWork,
  compile,
  isEmpty,
  parseFormula,
  plain,
  readsOf,
  show,
  type FormulaProblem,
  type Tables,
  type Value,
} from './formula/index.js';
import type { CompiledFormula } from './mapping.js';

/** A place in a mapping file. */
export type FieldPath = readonly (string | number)[];

/** A top-level field of `fields:`, compiled. */
export interface CompiledField {
  readonly name: string;
  /** Every formula below it, in order. */
  readonly formulas: readonly CompiledFormula[];
  /** The literal as written, where there is no formula in it. */
  readonly literal: Json | undefined;
  /** Its value for a record; `undefined` where a formula did not work, which is added to `problems`. */
  readonly evaluate: (data: Value, problems: string[]) => Value;
}

/** Told of each formula that is not accepted: where the formula stands, and what is wrong inside it. */
export type Refuse = (path: FieldPath, problem: FormulaProblem) => void;

/** Compiles one formula; undefined when it was refused. */
export function compileFormula(path: FieldPath, text: string, tables: Tables, refuse: Refuse): CompiledFormula | undefined {
  const parsed = parseFormula(text.slice(1), new Set(tables.keys()));
  if (parsed.is === 'refused') {
    for (const problem of parsed.problems) refuse(path, { ...problem, at: problem.at + 1 });
    return undefined;
  }
  const whole = readsOf(parsed.node).whole[0];
  if (whole !== undefined) {
    refuse(path, {
      at: whole + 1,
      what: 'this reads the record as a whole',
      hint: 'name the fields: what a mapping reads must be known before it runs',
    });
    return undefined;
  }
  return { path, text, node: parsed.node, run: compile(parsed.node, tables) };
}

/** Compiles a field: a formula, a literal, or a list or object of such. `leaveOutNulls`: what a formula gives as null is left out. */
export function compileField(name: string, written: Json, tables: Tables, refuse: Refuse, leaveOutNulls: boolean): CompiledField {
  const formulas: CompiledFormula[] = [];
  const build = (value: Json, path: FieldPath): CompiledField['evaluate'] => {
    if (typeof value === 'string' && value.startsWith('=')) {
      const formula = compileFormula(path, value, tables, refuse);
      if (formula === undefined) return () => undefined;
      formulas.push(formula);
      return (data, problems) => {
        const result = runFormula(formula, data, problems);
        return leaveOutNulls && result === null ? undefined : result;
      };
    }
    if (Array.isArray(value)) {
      const items = (value as readonly Json[]).map((item, index) => build(item, [...path, index]));
      return (data, problems) => items.map((item) => item(data, problems)).filter((item) => item !== undefined);
    }
    if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value).map(([key, item]) => [key, build(item, [...path, key])] as const);
      return (data, problems) => {
        const result: Record<string, Value> = {};
        for (const [key, item] of entries) {
          const made = item(data, problems);
          if (made !== undefined) result[key] = made;
        }
        return result;
      };
    }
    return () => value;
  };
  const evaluate = build(written, ['fields', name]);
  return { name, formulas, literal: formulas.length === 0 ? written : undefined, evaluate };
}

/** Runs a formula on a record; trouble is added to `problems`, with field, formula and what was read. */
export function runFormula(formula: CompiledFormula, data: Value, problems: string[]): Value {
  beginWork();
  try {
    return plain(formula.run(data, data));
  } catch (error) {
    const hint = isFailure(error) && error.details.hint !== undefined ? ` -> ${error.details.hint}` : '';
    const message =
      error instanceof RangeError
        ? 'the record is nested too deeply for this formula'
        : error instanceof Error
          ? error.message
          : String(error);
    problems.push(`${spell(formula.path)}: ${message}${inBrackets(formula, data)}${hint}`);
    return undefined;
  }
}

/** ` [=number & "x" read number = "INC1"]`: the formula and what it found, for people. */
export function inBrackets(formula: CompiledFormula, data: Value): string {
  const read = whatWasRead(formula, data)
    .slice(0, 4)
    .map(({ path, value }) => `${path} = ${show(value)}`);
  return ` [${formula.text}${read.length === 0 ? '' : ` read ${read.join(', ')}`}]`;
}

/** The record's values at every path that the formula reads. */
export function whatWasRead(formula: CompiledFormula, data: Value): readonly { readonly path: string; readonly value: Value }[] {
  return readsOf(formula.node).paths.map((path) => {
    const steps = path.map((name) => ({ node: { is: 'name', name, at: 0 } as const, filters: [] }));
    beginWork();
    try {
      return { path: path.join('.'), value: plain(compile({ is: 'path', steps, at: 0 }, new Map())(data, data)) };
    } catch {
      return { path: path.join('.'), value: undefined };
    }
  });
}

/** `facts.symptom`, `labels[2]`, `links[1].key`: a path without its first word `fields`. */
export function spell(path: FieldPath): string {
  const [first, ...rest] = path;
  const parts = first === 'fields' && rest.length > 0 ? rest : path;
  return parts.map((part, index) => (typeof part === 'number' ? `[${part + 1}]` : index === 0 ? part : `.${part}`)).join('');
}

/** Whether a formula's result counts as no value for a field. */
export function isBlank(value: Value): boolean {
  return !Array.isArray(value) && isEmpty(value);
}
