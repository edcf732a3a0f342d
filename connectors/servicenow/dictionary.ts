import { pluginColumns } from './dictionary-plugins.js';

/** How a column's text is turned into data. `reference` names the table it points to. */
export type Kind = 'text' | 'integer' | 'number' | 'boolean' | 'instant' | 'date' | 'duration' | 'list' | { readonly reference: string };

/** The columns that a table adds to those of the table that it extends. */
export interface KnownTable {
  readonly extends?: string;
  /** Everything that is not plain text, by kind. */
  readonly integer?: readonly string[];
  readonly number?: readonly string[];
  readonly boolean?: readonly string[];
  readonly instant?: readonly string[];
  readonly date?: readonly string[];
  readonly duration?: readonly string[];
  readonly list?: readonly string[];
  readonly text?: readonly string[];
  /** Column -> table. */
  readonly reference?: Readonly<Record<string, string>>;
}

/**
 * The columns of ServiceNow's own tables, as its dictionary declares them. What is not listed (custom columns, columns of other tables) stays
 * text: the kind of a column must not depend on whether the account may read sys_dictionary, or hashes would change with a role.
 */
const known: Readonly<Record<string, KnownTable>> = {
  task: {
    integer: ['priority', 'reassignment_count', 'order', 'impact', 'urgency', 'state', 'sys_mod_count', 'escalation'],
    boolean: ['knowledge', 'made_sla', 'active'],
    instant: [
      'work_end',
      'work_start',
      'expected_start',
      'approval_set',
      'sys_updated_on',
      'due_date',
      'sys_created_on',
      'closed_at',
      'activity_due',
      'opened_at',
      'sla_due',
      'follow_up',
    ],
    duration: ['calendar_duration', 'business_duration', 'time_worked'],
    list: ['work_notes_list', 'group_list', 'watch_list', 'additional_assignee_list'],
    text: [
      'sys_id',
      'number',
      'short_description',
      'description',
      'approval',
      'close_notes',
      'contact_type',
      'correlation_id',
      'correlation_display',
      'sys_class_name',
      'sys_created_by',
      'sys_updated_by',
      'upon_approval',
      'upon_reject',
    ],
    reference: {
      assigned_to: 'sys_user',
      assignment_group: 'sys_user_group',
      business_service: 'cmdb_ci_service',
      closed_by: 'sys_user',
      cmdb_ci: 'cmdb_ci',
      company: 'core_company',
      contract: 'ast_contract',
      location: 'cmn_location',
      opened_by: 'sys_user',
      parent: 'task',
      service_offering: 'service_offering',
      universal_request: 'task',
    },
  },
  incident: {
    extends: 'task',
    integer: ['incident_state', 'calendar_stc', 'business_stc', 'notify', 'severity', 'hold_reason', 'child_incidents', 'reopen_count'],
    // The last ones of each kind come with major incident management.
    instant: ['reopened_time', 'resolved_at', 'proposed_on', 'promoted_on'],
    text: ['category', 'subcategory', 'close_code', 'cause', 'business_impact', 'origin_table', 'origin_id', 'major_incident_state'],
    reference: {
      proposed_by: 'sys_user',
      promoted_by: 'sys_user',
      caller_id: 'sys_user',
      caused_by: 'change_request',
      parent_incident: 'incident',
      problem_id: 'problem',
      reopened_by: 'sys_user',
      resolved_by: 'sys_user',
      rfc: 'change_request',
    },
  },
  problem: {
    extends: 'task',
    integer: ['reopen_count', 'problem_state', 'related_incidents'],
    boolean: ['major_problem', 'known_error', 'workaround_applied'],
    instant: ['confirmed_at', 'reopened_at', 'resolved_at', 'fix_at', 'fix_communicated_at', 'workaround_communicated_at'],
    text: ['resolution_code', 'category', 'subcategory', 'review_outcome', 'cause_notes', 'fix_notes', 'workaround'],
    reference: {
      confirmed_by: 'sys_user',
      duplicate_of: 'problem',
      first_reported_by_task: 'task',
      fix_by: 'sys_user',
      fix_communicated_by: 'sys_user',
      reopened_by: 'sys_user',
      resolved_by: 'sys_user',
      rfc: 'change_request',
      workaround_communicated_by: 'sys_user',
    },
  },
  change_request: {
    extends: 'task',
    integer: ['risk', 'review_status', 'scope'],
    boolean: ['cab_required', 'on_hold', 'production_system', 'unauthorized', 'outside_maintenance_schedule'],
    date: ['cab_date', 'review_date'],
    instant: ['start_date', 'end_date', 'requested_by_date', 'cab_date_time', 'conflict_last_run'],
    list: ['on_hold_task'],
    text: [
      'type',
      'category',
      'close_code',
      'reason',
      'justification',
      'implementation_plan',
      'risk_impact_analysis',
      'backout_plan',
      'test_plan',
      'change_plan',
      'review_comments',
      'cab_recommendation',
      'on_hold_reason',
      'phase',
      'phase_state',
      'conflict_status',
    ],
    reference: {
      cab_delegate: 'sys_user',
      chg_model: 'chg_model',
      copied_from: 'change_request',
      requested_by: 'sys_user',
      std_change_producer_version: 'std_change_producer_version',
    },
  },
  change_task: {
    extends: 'task',
    text: ['change_task_type', 'close_code'],
    instant: ['planned_start_date', 'planned_end_date'],
    boolean: ['on_hold'],
    reference: { change_request: 'change_request' },
  },
  task_sla: {
    integer: ['sys_mod_count'],
    number: ['percentage', 'business_percentage'],
    boolean: ['active', 'has_breached'],
    instant: ['start_time', 'end_time', 'planned_end_time', 'original_breach_time', 'pause_time', 'sys_created_on', 'sys_updated_on'],
    duration: ['duration', 'business_duration', 'time_left', 'business_time_left', 'pause_duration', 'business_pause_duration'],
    text: ['sys_id', 'stage', 'timezone', 'sys_created_by', 'sys_updated_by'],
    reference: { sla: 'contract_sla', task: 'task', schedule: 'cmn_schedule' },
  },
  contract_sla: {
    text: ['name', 'type', 'target', 'collection', 'timezone'],
    boolean: ['active', 'retroactive', 'retroactive_pause'],
    duration: ['duration'],
    reference: { schedule: 'cmn_schedule', vendor: 'core_company' },
  },
  cmdb_ci: {
    integer: ['install_status', 'operational_status'],
    reference: {
      assigned_to: 'sys_user',
      assignment_group: 'sys_user_group',
      company: 'core_company',
      location: 'cmn_location',
      managed_by: 'sys_user',
      manufacturer: 'core_company',
      owned_by: 'sys_user',
      support_group: 'sys_user_group',
      supported_by: 'sys_user',
      vendor: 'core_company',
    },
  },
  cmdb_ci_service: {
    extends: 'cmdb_ci',
    reference: {
      business_contact: 'sys_user',
      delivery_manager: 'sys_user',
      parent: 'cmdb_ci_service',
      service_owner_delegate: 'sys_user',
    },
  },
  service_offering: { extends: 'cmdb_ci_service', reference: { contract: 'ast_contract', technical_contact: 'sys_user' } },
  core_company: { boolean: ['customer', 'manufacturer', 'vendor'], reference: { contact: 'sys_user', parent: 'core_company' } },
  ast_contract: { reference: { vendor: 'core_company' } },
  sys_user: { boolean: ['active', 'vip'], reference: { company: 'core_company', location: 'cmn_location', manager: 'sys_user' } },
  sys_user_group: { boolean: ['active'], reference: { manager: 'sys_user', parent: 'sys_user_group' } },
  sys_choice: { boolean: ['inactive'], integer: ['sequence'], text: ['name', 'element', 'value', 'label', 'language'] },
  ...pluginColumns,
};

const scalar = ['integer', 'number', 'boolean', 'instant', 'date', 'duration', 'list', 'text'] as const;

const columns: Readonly<Record<string, ReadonlyMap<string, Kind>>> = Object.fromEntries(
  Object.keys(known).map((table) => [table, collect(table)]),
);

function collect(table: string): ReadonlyMap<string, Kind> {
  const definition = known[table] ?? {};
  return new Map<string, Kind>([
    ...(definition.extends === undefined ? [] : collect(definition.extends)),
    ...scalar.flatMap((kind) => (definition[kind] ?? []).map((name): [string, Kind] => [name, kind])),
    ...Object.entries(definition.reference ?? {}).map(([name, target]): [string, Kind] => [name, { reference: target }]),
  ]);
}

/** The columns known of `table`, those of its parents included; empty for a table that is not known. */
export function knownColumns(table: string): ReadonlyMap<string, Kind> {
  return columns[table] ?? new Map();
}

/** The kind of a column; text where nothing is known about it. */
export function kindOf(table: string | undefined, column: string): Kind {
  return (table === undefined ? undefined : columns[table]?.get(column)) ?? 'text';
}
