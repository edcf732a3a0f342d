import type { FieldInfo, JsonObject } from 'golden-thread/kit';
import { columnText } from './column-text.js';

/** One table that is read as a stream. */
export interface TableDefinition {
  readonly name: TableName;
  readonly about: string;
  /** Columns that the connector itself needs besides sys_id and sys_updated_on; part of `data` whether a mapping reads them or not. */
  readonly own: readonly string[];
  /** Columns that change without anybody changing the record. */
  readonly volatile: readonly string[];
  /** Fields of `data` that are no columns: read with a single record, from tables of their own. */
  readonly computed?: readonly FieldInfo[];
  /** Column, or columns, that make up what people call the record. */
  readonly number: readonly string[];
}

export const tableNames = ['incident', 'problem', 'change_request', 'task_sla'] as const;
export type TableName = (typeof tableNames)[number];

// Every touch by a business rule moves these; the update stamp is on the record itself.
const stamps = ['sys_updated_on', 'sys_updated_by', 'sys_mod_count'];

export const tables: Readonly<Record<TableName, TableDefinition>> = {
  incident: { name: 'incident', about: 'Incidents (table incident).', own: ['number'], volatile: stamps, number: ['number'] },
  problem: { name: 'problem', about: 'Problems (table problem).', own: ['number'], volatile: stamps, number: ['number'] },
  change_request: {
    name: 'change_request',
    about: 'Change requests (table change_request), with state, close code, approval and actual dates.',
    own: ['number', 'state', 'close_code', 'approval', 'approval_set', 'work_start', 'work_end', 'correlation_id'],
    // Approvals are read with a single change only, so they must not make a version of their own.
    volatile: [...stamps, 'approvals'],
    computed: [{ name: 'approvals', type: 'list', open: true, label: 'Approvals: approver, state, at; only when a change is read singly' }],
    number: ['number'],
  },
  task_sla: {
    name: 'task_sla',
    about: 'Service level results per task (table task_sla): target, breached or not, when.',
    own: ['task', 'task.number', 'sla', 'sla.name'],
    // duration and time_left are calculated at read time (their scripts stand in the dictionary); the SLA engine moves the others.
    volatile: [
      ...stamps,
      'duration',
      'business_duration',
      'time_left',
      'business_time_left',
      'percentage',
      'business_percentage',
      'pause_duration',
      'business_pause_duration',
    ],
    number: ['task.number', 'sla.name'],
  },
};

/** Of the fields that mappings read, those that are columns and can be asked for. */
export function columnsAmong(table: TableDefinition, wanted: readonly string[]): readonly string[] {
  const computed = new Set((table.computed ?? []).map(({ name }) => name));
  return wanted.filter((path) => !computed.has(path.split('.', 1)[0] ?? path));
}

/** What people call the record: `INC0010001`, `INC0010001 Priority 1 resolution`; its sys_id where the columns are not readable. */
export function numberOf(table: TableDefinition, row: JsonObject): string {
  const parts = table.number.map((column) => row[column]).filter((part): part is string => typeof part === 'string' && part !== '');
  return parts.length === 0 ? columnText(row, 'sys_id') : parts.join(' ');
}

/** Where a person sees the record. */
export function urlOf(instance: string, table: string, sysId: string): string {
  return `${instance}/nav_to.do?uri=${encodeURIComponent(`${table}.do?sys_id=${sysId}`)}`;
}
