import type { FieldInfo, Instant, JsonObject } from 'golden-thread/kit';
import type { Alias } from './aliases.js';
import { columnText } from './column-text.js';
import { breachAt } from './sla-breach.js';
import { stamps } from './stamps.js';
import { pluginTables } from './tables-plugins.js';
import { referenceTables } from './tables-reference.js';

/** One table that is read as a stream. */
export interface TableDefinition {
  readonly name: string;
  readonly about: string;
  /** Columns that the connector itself needs besides sys_id and sys_updated_on; part of `data` whether a mapping reads them or not. */
  readonly own: readonly string[];
  /** Columns that change without anybody changing the record. */
  readonly volatile: readonly string[];
  /** Fields of `data` that are no columns: read with a single record, from tables of their own. */
  readonly computed?: readonly FieldInfo[];
  /** Column, or columns, that make up what people call the record. */
  readonly number: readonly string[];
  /** The plugin that brings the table. A table of a plugin may be absent: then its stream is empty, and that is no failure. */
  readonly plugin?: string;
  /** Columns that only a plugin adds to a table that is always there: known to lint whether the instance has them or not. */
  readonly perhaps?: readonly FieldInfo[];
  /** Fields whose column has no name that is certain; see {@link Alias}. */
  readonly aliases?: Readonly<Record<string, Alias>>;
  /** Deletions are recorded in sys_audit_delete: the dictionary declares the table as audited. */
  readonly audited?: boolean;
  /** Where an id that the table lost may still be: the table that it extends. */
  readonly base?: string;
  /** See `lookAgainAt` of a stream; `now` is the instance's clock as last seen. */
  readonly lookAgainAt?: (data: JsonObject, now: Instant | undefined) => Instant | undefined;
}

const itsm = {
  incident: {
    name: 'incident',
    about: 'Incidents (table incident), with the fields of major incident management where that is installed.',
    own: ['number'],
    volatile: stamps,
    number: ['number'],
    audited: true,
    base: 'task',
    // Names as forms and reports of the plugin com.snc.incident.mim use them; an instance without it leaves them out of its answers.
    perhaps: [
      { name: 'major_incident_state', type: 'text', label: 'Major incident state' },
      { name: 'proposed_by', type: 'reference', label: 'Proposed by', open: true },
      { name: 'proposed_on', type: 'instant', label: 'Proposed on' },
      { name: 'promoted_by', type: 'reference', label: 'Promoted by', open: true },
      { name: 'promoted_on', type: 'instant', label: 'Promoted on' },
      { name: 'overview', type: 'text', label: 'Post incident report: overview' },
      { name: 'lessons_learned', type: 'text', label: 'Post incident report: findings' },
      { name: 'timeline', type: 'text', label: 'Post incident report: timeline' },
    ],
  },
  problem: {
    name: 'problem',
    about: 'Problems and known errors (table problem).',
    own: ['number'],
    volatile: stamps,
    number: ['number'],
    audited: true,
    base: 'task',
  },
  change_request: {
    name: 'change_request',
    about: 'Change requests (table change_request), with state, close code, approval and actual dates.',
    own: ['number', 'state', 'close_code', 'approval', 'approval_set', 'work_start', 'work_end', 'correlation_id'],
    // Approvals are read with a single change only, so they must not make a version of their own.
    volatile: [...stamps, 'approvals', 'next_states', 'conflicts'],
    computed: [
      { name: 'approvals', type: 'list', open: true, label: 'Approvals: approver, state, at; only when a change is read singly' },
      {
        name: 'next_states',
        type: 'list',
        open: true,
        label: 'States it may be moved to: value, label; only when a change is read singly',
      },
      { name: 'conflicts', type: 'text', label: 'What the conflict check has found; only when a change is read singly' },
    ],
    number: ['number'],
    audited: true,
    base: 'task',
  },
  change_task: {
    name: 'change_task',
    about: 'Tasks of change requests (table change_task).',
    own: ['number', 'change_request', 'state'],
    volatile: stamps,
    number: ['number'],
    base: 'task',
  },
  task_sla: {
    name: 'task_sla',
    about: 'Service level results per task (table task_sla): target, breached or not, when.',
    // What tells whether and when the promise will be broken: the breach itself moves no update stamp.
    own: ['task', 'task.number', 'sla', 'sla.name', 'has_breached', 'stage', 'planned_end_time', 'end_time'],
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
    lookAgainAt: breachAt,
  },
} as const satisfies Readonly<Record<string, TableDefinition>>;

export type TableName = keyof typeof itsm | keyof typeof pluginTables | keyof typeof referenceTables;

/** Everything that can be read as a stream: what every instance has, what plugins bring, what records refer to. */
export const tables: Readonly<Record<TableName, TableDefinition>> = { ...itsm, ...pluginTables, ...referenceTables };

export const tableNames = Object.keys(tables) as readonly TableName[];

/** The streams of a configuration that names none. */
export const standardNames = Object.keys(itsm) as readonly TableName[];

/** Of the fields that mappings read, those that are columns and can be asked for. */
export function columnsAmong(table: TableDefinition, wanted: readonly string[]): readonly string[] {
  const computed = new Set([...(table.computed ?? []).map(({ name }) => name), ...Object.keys(table.aliases ?? {})]);
  return wanted.filter((path) => !computed.has(path.split('.', 1)[0] ?? path));
}

/** What people call the record: `INC0010001`, `INC0010001 Priority 1 resolution`; its sys_id where the columns are not readable. */
export function numberOf(table: TableDefinition, row: JsonObject): string {
  let number = '';
  for (const column of table.number) {
    const part = row[column];
    if (typeof part === 'string' && part !== '') number = number === '' ? part : `${number} ${part}`;
  }
  return number === '' ? columnText(row, 'sys_id') : number;
}

/** Where a person sees the record. */
export function urlOf(instance: string, table: string, sysId: string): string {
  return `${instance}/nav_to.do?uri=${table}.do%3Fsys_id%3D${needsNoCode.test(sysId) ? sysId : encodeURIComponent(sysId)}`;
}

/** To encode what stays as it is costs ten times this look at it. */
const needsNoCode = /^[\w.-]*$/;
