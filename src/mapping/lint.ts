import type { FieldInfo, SinkField } from '../kit/index.js';
import { suggestion } from '../yaml/index.js';
import { formulasOf } from './check-static.js';
import { spell } from './field.js';
import { defaultRow, everyNode, readsOf, type Node, type ReadPath } from './formula/index.js';
import type { CompiledFormula, Mapping } from './mapping.js';

/** One thing that lint found: an error refuses the mapping, a warning is for a person to judge. */
export interface Finding {
  readonly level: 'error' | 'warning';
  readonly mapping: string;
  /** `file:line:col` */
  readonly place: string;
  readonly what: string;
  readonly hint: string;
}

/** What the systems have: undefined where a system cannot be asked, so that its mappings stay unchecked, and lint says so. */
export interface LintAgainst {
  /** Fields of a stream, by `from:` (`servicenow.incident`). */
  readonly fieldsOf: (from: string) => Promise<readonly FieldInfo[] | undefined>;
  /** Fields that can be written, by a push mapping's `to:` (`jira.issue`). */
  readonly sinkFieldsOf?: (to: string) => Promise<readonly SinkField[] | undefined>;
}

/** Checks loaded mappings against the systems' own field lists: a field that does not exist silently gives nothing, so each one must be found there. */
export async function lintMappings(mappings: readonly Mapping[], against: LintAgainst): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const mapping of mappings) {
    findings.push(...lintTables(mapping), ...lintWhen(mapping));
    if (mapping.kind === 'push') {
      const known = await against.sinkFieldsOf?.(mapping.to);
      if (known !== undefined) findings.push(...lintWrites(mapping, known));
      continue;
    }
    const known = await against.fieldsOf(mapping.from);
    if (known !== undefined) findings.push(...lintReads(mapping, known), ...lintChoices(mapping, known));
    else
      findings.push(
        at(
          mapping,
          'warning',
          ['from'],
          `the fields of ${mapping.from} are not known, so that nothing was checked`,
          'configure the system, or add a field list (*.fields.yaml)',
        ),
      );
  }
  return findings;
}

function at(
  mapping: Mapping,
  level: Finding['level'],
  path: readonly (string | number)[],
  what: string,
  hint: string,
  place?: string,
): Finding {
  return { level, mapping: mapping.name, place: place ?? mapping.parts.source.placeOf(path), what, hint };
}

function lintReads(mapping: Mapping, known: readonly FieldInfo[]): readonly Finding[] {
  return formulasOf(mapping.parts).flatMap((formula) =>
    readsOf(formula.node).paths.flatMap((path) => {
      const problem = readProblem(path, known);
      if (problem === undefined) return [];
      const place = mapping.parts.source.placeIn(formula.path, placeOfRead(formula.node, path) + 1);
      return [at(mapping, 'error', formula.path, `${spell(formula.path)}: ${problem.what}`, problem.hint, place)];
    }),
  );
}

function readProblem(path: ReadPath, known: readonly FieldInfo[]): { readonly what: string; readonly hint: string } | undefined {
  const [first = '', second] = path;
  const field = known.find(({ name }) => name === first);
  const below = known.filter(({ name }) => name.startsWith(`${first}.`)).map(({ name }) => name);
  if (field === undefined && below.length === 0) {
    return {
      what: `there is no field ${first}${suggestion(first, new Set(known.map(({ name }) => name.split('.')[0] ?? name)))}`,
      hint: 'a field that does not exist reads as nothing',
    };
  }
  if (second === undefined || below.includes(`${first}.${second}`)) return undefined;
  if (field?.open === true || field?.type === 'object' || field?.type === 'list') return undefined;
  if ((field?.type === 'user' || field?.type === 'reference') && ['id', 'name'].includes(second) && below.length === 0) return undefined;
  const parts = below.map((name) => name.slice(first.length + 1));
  return {
    what: `${first} has no part ${second}${suggestion(second, parts)}`,
    hint: parts.length === 0 ? `${first} is a single value` : `it has ${parts.join(', ')}`,
  };
}

/** The offset of the name that a read path starts with. */
function placeOfRead(node: Node, [first]: ReadPath): number {
  for (const each of everyNode(node)) if (each.is === 'name' && each.name === first) return each.at;
  return node.at;
}

interface TableUse {
  readonly table: string;
  readonly formula: CompiledFormula;
  /** The single field that is looked up, where it is one. */
  readonly field: string | undefined;
}

function tableUses(mapping: Mapping): readonly TableUse[] {
  return formulasOf(mapping.parts).flatMap((formula) =>
    [...everyNode(formula.node)].flatMap((node): TableUse[] => {
      if (node.is !== 'call' || node.name !== 'table') return [];
      const [name, value] = node.args;
      const reads = value === undefined ? [] : readsOf(value).paths;
      const plain = value?.is === 'path' || (value?.is === 'call' && value.name === 'string');
      return name?.is === 'literal'
        ? [{ table: String(name.value), formula, field: plain && reads.length === 1 ? reads[0]?.join('.') : undefined }]
        : [];
    }),
  );
}

function lintTables(mapping: Mapping): readonly Finding[] {
  const used = new Set(tableUses(mapping).map(({ table }) => table));
  return [...mapping.parts.tables.keys()]
    .filter((name) => !used.has(name))
    .map((name) =>
      at(
        mapping,
        'warning',
        ['tables', name],
        `tables.${name}: no formula uses this table`,
        `use it with $table("${name}", …), or remove it`,
        mapping.parts.source.placeOf(['tables', name], 'key'),
      ),
    );
}

function lintChoices(mapping: Mapping, known: readonly FieldInfo[]): readonly Finding[] {
  return tableUses(mapping).flatMap(({ table, field, formula }) => {
    const choices = known.find(({ name }) => name === field)?.choices;
    const rows = mapping.parts.tables.get(table);
    if (choices === undefined || rows === undefined || choices.length === 0) return [];
    const uncovered = rows.has(defaultRow) ? [] : choices.filter(({ value }) => !rows.has(value));
    const values = new Set(choices.map(({ value }) => value));
    const unused = [...rows.keys()].filter((row) => row !== defaultRow && row !== '' && !values.has(row));
    return [
      ...uncovered.map(({ value, label }) =>
        at(
          mapping,
          'error',
          formula.path,
          `tables.${table}: ${field ?? ''} can be "${value}" (${label}), for which there is no row`,
          `add the row, or a row "${defaultRow}"`,
          mapping.parts.source.placeOf(['tables', table], 'key'),
        ),
      ),
      ...unused.map((row) =>
        at(
          mapping,
          'warning',
          ['tables', table, row],
          `tables.${table}.${row}: ${field ?? ''} is never "${row}"${suggestion(row, values)}`,
          'remove the row, or correct its key',
          mapping.parts.source.placeOf(['tables', table, row], 'key'),
        ),
      ),
    ];
  });
}

/** `a != "x"` is false for a record without `a`, which then is dropped: rarely what is meant. */
function lintWhen(mapping: Mapping): readonly Finding[] {
  const { when, source } = mapping.parts;
  if (when === undefined) return [];
  return [...everyNode(when.node)].flatMap((node) => {
    if (node.is !== 'binary' || node.operator !== '!=') return [];
    const hint = 'write $not(field = "value"), which is true for such a record';
    return [
      at(
        mapping,
        'warning',
        ['when'],
        'when: != is false for a record that lacks the field, so that the record is dropped',
        hint,
        source.placeIn(['when'], node.at + 1),
      ),
    ];
  });
}

function lintWrites(mapping: Mapping, known: readonly SinkField[]): readonly Finding[] {
  const names = known.map(({ name }) => name);
  const written = mapping.parts.fields.map(({ name }) => name);
  return [
    ...written
      .filter((name) => !names.includes(name))
      .map((name) =>
        at(
          mapping,
          'error',
          ['fields', name],
          `${name}: ${mapping.to} has no such field that can be written${suggestion(name, names)}`,
          'correct the name, or leave it out',
          mapping.parts.source.placeOf(['fields', name], 'key'),
        ),
      ),
    ...known
      .filter(({ name, required }) => required && !written.includes(name))
      .map(({ name }) =>
        at(
          mapping,
          'warning',
          ['fields'],
          `${mapping.to} requires ${name}`,
          'add it, unless the connector or the remote sets it',
          mapping.parts.source.placeOf(['fields'], 'key'),
        ),
      ),
    ...known.flatMap(({ name, choices }) => {
      const literal = mapping.parts.fields.find((field) => field.name === name)?.literal;
      if (choices === undefined || typeof literal !== 'string' || choices.some(({ value }) => value === literal)) return [];
      return [
        at(
          mapping,
          'error',
          ['fields', name],
          `${name}: "${literal}" is not a choice${suggestion(
            literal,
            choices.map(({ value }) => value),
          )}`,
          `choices are ${choices.map(({ value }) => value).join(', ')}`,
        ),
      ];
    }),
  ];
}
