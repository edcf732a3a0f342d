import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type Kind, knownColumns } from '../../connectors/servicenow/dictionary.js';
import { serviceNowControl, startServiceNowSimulator } from '../../connectors/servicenow/simulator/index.js';

/** Where the dictionaries that ServiceNow publishes in its own SDK may lie; they are no part of the product. */
const folder = join(process.env['GOLDEN_THREAD_DATA'] ?? '../shared/data', 'servicenow', 'dictionary');
const present = existsSync(folder);
const tried = present ? test : test.skip;
const reason = present ? '' : ` (skipped: no published dictionaries at ${folder}; GOLDEN_THREAD_DATA names another folder)`;

interface Published {
  readonly name: string;
  readonly extends?: string;
  readonly fields: Readonly<Record<string, { readonly type: string; readonly ref?: string }>>;
}

const published: ReadonlyMap<string, Published> = new Map(
  (present ? readdirSync(folder) : []).map((file): [string, Published] => {
    const table = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Published;
    return [table.name, table];
  }),
);

/** A column as published, of the table or of one that it extends. */
function columnOf(table: string, name: string): { readonly type: string; readonly ref?: string } | undefined {
  for (const at of [table, ...parentsOf(table)]) {
    const found = published.get(at)?.fields[name];
    if (found !== undefined) return found;
  }
  return undefined;
}

const parents: Readonly<Record<string, readonly string[]>> = {
  incident: ['task'],
  problem: ['task'],
  change_request: ['task'],
  cmdb_ci_service: ['cmdb_ci'],
  service_offering: ['cmdb_ci_service', 'cmdb_ci'],
};
const parentsOf = (table: string): readonly string[] => parents[table] ?? [];

/** What the SDK calls the types that are read as something else than text. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  Integer: ['integer', 'number'],
  Decimal: ['number'],
  percent_complete: ['number'],
  Boolean: ['boolean'],
  DateTime: ['instant'],
  DueDate: ['instant'],
  timer: ['duration'],
  Date: ['date'],
  Duration: ['duration'],
  List: ['list'],
  Reference: ['reference'],
};
const nameOf = (kind: Kind): string => (typeof kind === 'string' ? kind : 'reference');
/** Of plugins, or of every table: not in the published ones. */
const elsewhere = new Set(['major_incident_state', 'proposed_by', 'proposed_on', 'promoted_by', 'promoted_on', 'sys_id', 'sys_class_name']);

describe('the columns that the connector knows by itself', () => {
  tried.each((present ? [...published.keys()] : ['every table']).map((name) => [name]))(
    `%s has them, and they are of that kind${reason}`,
    (table) => {
      const wrong = [...knownColumns(table)].flatMap(([name, kind]) => {
        if (elsewhere.has(name)) return [];
        const column = columnOf(table, name);
        if (column === undefined) return [`${name} does not exist`];
        const fits = kinds[column.type] ?? ['text'];
        if (!fits.includes(nameOf(kind))) return [`${name} is ${column.type}, read as ${nameOf(kind)}`];
        return typeof kind !== 'string' && kind.reference !== '' && kind.reference !== column.ref
          ? [`${name} points to ${column.ref}`]
          : [];
      });
      expect(wrong).toEqual([]);
    },
  );
});

describe('the columns of the simulator', () => {
  tried(`are those of the published dictionaries, where these have the table${reason}`, async () => {
    const simulator = await startServiceNowSimulator({ now: '2026-01-01T00:00:00Z' });
    try {
      const rows = await serviceNowControl(simulator.url).records('sys_dictionary', 'elementISNOTEMPTY');
      const wrong = rows.flatMap(({ name = '', element = '', internal_type: type = '', reference = '' }) => {
        // References by name: their values are what they point to, as text.
        if (name === 'sys_dictionary' && ['internal_type', 'reference'].includes(element)) return [];
        // The stamps that every table has are not in every published one.
        if (!published.has(name) || elsewhere.has(element) || element.startsWith('sys_')) return [];
        const column = columnOf(name, element);
        if (column === undefined) return [`${name}.${element} does not exist`];
        if ((type === 'reference') !== (column.type === 'Reference')) return [`${name}.${element} is ${column.type}, declared as ${type}`];
        return type === 'reference' && column.ref !== reference ? [`${name}.${element} points to ${column.ref}, not to ${reference}`] : [];
      });
      expect(wrong).toEqual([]);
    } finally {
      await simulator.close();
    }
  });
});
