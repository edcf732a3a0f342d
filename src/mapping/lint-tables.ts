import type { FieldInfo } from '../kit/index.js';
import { suggestion } from '../yaml/index.js';
import { formulasOf } from './check-static.js';
import { finding, type Finding } from './finding.js';
import { defaultRow, everyNode, readsOf } from './formula/index.js';
import type { CompiledFormula, Mapping } from './mapping.js';

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

/** Tables that no formula uses. */
export function lintTables(mapping: Mapping): readonly Finding[] {
  const used = new Set(tableUses(mapping).map(({ table }) => table));
  return [...mapping.parts.tables.keys()]
    .filter((name) => !used.has(name))
    .map((name) =>
      finding(
        mapping,
        'warning',
        ['tables', name],
        `tables.${name}: no formula uses this table`,
        `use it with $table("${name}", …), or remove it`,
        mapping.parts.source.placeOf(['tables', name], 'key'),
      ),
    );
}

/** Choices of a field without a row in the table that looks it up, and rows that no choice reaches. */
export function lintChoices(mapping: Mapping, known: readonly FieldInfo[]): readonly Finding[] {
  return tableUses(mapping).flatMap(({ table, field, formula }) => {
    const choices = known.find(({ name }) => name === field)?.choices;
    const rows = mapping.parts.tables.get(table);
    if (choices === undefined || rows === undefined || choices.length === 0) return [];
    const uncovered = rows.has(defaultRow) ? [] : choices.filter(({ value }) => !rows.has(value));
    const values = new Set(choices.map(({ value }) => value));
    const unused = [...rows.keys()].filter((row) => row !== defaultRow && row !== '' && !values.has(row));
    return [
      ...uncovered.map(({ value, label }) =>
        finding(
          mapping,
          'error',
          formula.path,
          `tables.${table}: ${field ?? ''} can be "${value}" (${label}), for which there is no row`,
          `add the row, or a row "${defaultRow}"`,
          mapping.parts.source.placeOf(['tables', table], 'key'),
        ),
      ),
      ...unused.map((row) =>
        finding(
          mapping,
          'warning',
          ['tables', table, row],
          `tables.${table}.${row}: ${field ?? ''} is never "${row}"${row.length < 3 ? '' : suggestion(row, values)}`,
          'remove the row, or correct its key',
          mapping.parts.source.placeOf(['tables', table, row], 'key'),
        ),
      ),
    ];
  });
}
