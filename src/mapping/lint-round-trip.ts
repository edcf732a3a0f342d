import { finding, type Finding } from './finding.js';
import { defaultRow, everyNode } from './formula/index.js';
import type { Mapping } from './mapping.js';

/**
 * What is written into a ticket comes back when the ticket is read. Where a push mapping and the decision mapping of the same connector both take a field
 * through a table, each value written must be read as what it was made from: else the ticket would be moved, read as something else, and moved again.
 */
export function lintRoundTrips(mappings: readonly Mapping[]): readonly Finding[] {
  return mappings.flatMap((push) => {
    if (push.kind !== 'push') return [];
    const [connector] = push.to.split('.');
    const decisions = mappings.filter(({ kind, from }) => kind === 'decision' && from.split('.')[0] === connector);
    return decisions.flatMap((decision) =>
      push.parts.fields.flatMap(({ name }) => {
        const written = tableOf(push, name);
        const read = tableOf(decision, name);
        return written === undefined || read === undefined ? [] : roundTrip(push, written, decision, read, name);
      }),
    );
  });
}

interface Table {
  readonly name: string;
  readonly rows: ReadonlyMap<string, unknown>;
}

function roundTrip(push: Mapping, written: Table, decision: Mapping, read: Table, field: string): readonly Finding[] {
  return [...written.rows].flatMap(([ours, theirs]) => {
    if (ours === defaultRow || typeof theirs !== 'string') return [];
    const back = read.rows.has(theirs) ? read.rows.get(theirs) : read.rows.get(defaultRow);
    if (back === ours) return [];
    const path = ['tables', written.name, ours];
    const said = `tables.${written.name}.${ours}: ${field} is written as "${theirs}"`;
    return [
      back === undefined
        ? finding(
            push,
            'error',
            path,
            `${said}, for which ${decision.name} has no row`,
            `add "${theirs}: ${ours}" to tables.${read.name} there`,
          )
        : finding(
            push,
            'error',
            path,
            `${said}, which ${decision.name} reads as ${JSON.stringify(back)}: the ticket would go back and forth`,
            `write another value, or make tables.${read.name} there read "${theirs}" as ${ours}`,
          ),
    ];
  });
}

/** The one table through which a mapping makes this field. */
function tableOf(mapping: Mapping, field: string): Table | undefined {
  const formulas = mapping.parts.fields.find(({ name }) => name === field)?.formulas ?? [];
  const names = formulas.flatMap(({ node }) =>
    [...everyNode(node)].flatMap((part) => {
      const [name] = part.is === 'call' && part.name === 'table' ? part.args : [];
      return name?.is === 'literal' ? [String(name.value)] : [];
    }),
  );
  const [name, ...others] = new Set(names);
  const rows = name === undefined || others.length > 0 ? undefined : mapping.parts.tables.get(name);
  return name === undefined || rows === undefined ? undefined : { name, rows };
}
