import { type TableDeclaration, choices, decimal, flag, instant, integer, of, reference, tableName, text } from './column.js';

const grcStates = choices(
  ['1', 'New'],
  ['2', 'Analyze'],
  ['3', 'Respond'],
  ['4', 'Review'],
  ['7', 'Closed Complete'],
  ['8', 'Closed Incomplete'],
);
const cimStates = choices(
  ['1', 'New'],
  ['2', 'Accepted'],
  ['10', 'Assess'],
  ['11', 'Approved'],
  ['12', 'In Progress'],
  ['13', 'On Hold'],
  ['14', 'Monitor'],
  ['3', 'Closed'],
  ['4', 'Canceled'],
);

/**
 * Tables that plugins bring. Their names are documented; of their columns only some, and no numeric state: what stands here is plausible, not proven.
 * The switch `absentTables` takes any of them away.
 */
export const pluginTables: readonly TableDeclaration[] = [
  {
    name: 'planned_task',
    label: 'Planned task',
    extends: 'task',
    columns: [instant('start_date'), instant('end_date'), decimal('percent_complete')],
  },
  {
    name: 'sn_grc_issue',
    label: 'Issue',
    extends: 'planned_task',
    number: { prefix: 'ISSUE', first: 1_000 },
    choices: { state: grcStates },
    columns: [
      text('classification', 40, {
        choices: choices(['1', 'Compliance'], ['2', 'Risk'], ['3', 'Audit'], ['4', 'Vendor Risk'], ['20', 'Operational resilience']),
      }),
      text('issue_type', 80),
      text('issue_source', 80),
      reference('issue_rating', 'sn_grc_issue_rating'),
      reference('issue_manager', 'sys_user'),
      reference('item', 'cmdb_ci'),
      flag('confidential', false),
      instant('confirmed_date'),
    ],
  },
  {
    name: 'sn_grc_issue_rating',
    label: 'Issue rating',
    display: 'issue_rating',
    columns: [text('issue_rating'), integer('remediation_timeframe')],
  },
  { name: 'sn_audit_engagement', label: 'Engagement', extends: 'planned_task', number: { prefix: 'ENG', first: 1_000 }, columns: [] },
  {
    name: 'sn_audit_task',
    label: 'Audit task',
    extends: 'planned_task',
    number: { prefix: 'AUDT', first: 1_000 },
    columns: [reference('engagement', 'sn_audit_engagement')],
  },
  {
    name: 'sn_audit_control_test',
    label: 'Control test',
    extends: 'sn_audit_task',
    columns: [text('control_effectiveness', 40, { choices: choices(['effective', 'Effective'], ['ineffective', 'Ineffective']) })],
  },
  {
    name: 'sn_audit_advanced_observation',
    label: 'Observation',
    extends: 'planned_task',
    number: { prefix: 'OBS', first: 1_000 },
    columns: [],
  },
  {
    name: 'sn_cim_register',
    label: 'Improvement initiative',
    extends: 'task',
    number: { prefix: 'CIM', first: 1_000 },
    choices: { state: cimStates },
    columns: [
      text('type', 40, { choices: choices(['people', 'People'], ['process', 'Process'], ['technology', 'Technology']) }),
      reference('requested_for', 'sys_user'),
      reference('approver_group', 'sys_user_group'),
      reference('business_process', 'cmdb_ci'),
      text('cim_estimate'),
      text('benefit', 4000),
      text('expected_outcomes', 4000),
      decimal('base_value'),
      decimal('target_value'),
      instant('target_date_time'),
      text('closure_code', 40, {
        choices: choices(['successful', 'Successful'], ['withdrawn', 'Withdrawn'], ['unsuccessful', 'Unsuccessful']),
      }),
      text('achieved_outcome_category'),
      tableName('source_table', { max: 80 }),
      text('source_id', 32),
    ],
  },
  {
    name: 'sn_cim_task',
    label: 'Improvement task',
    extends: 'task',
    number: { prefix: 'CIMT', first: 1_000 },
    columns: [text('cim_task_type')],
  },
  {
    name: 'sn_cim_inbound_m2m',
    label: 'Improvement source',
    columns: [reference('cim_register', 'sn_cim_register'), tableName('source_table', { max: 80 }), text('source_id', 32)],
  },
  {
    name: 'sn_cim_outbound_m2m',
    label: 'Improvement result',
    columns: [reference('cim_register', 'sn_cim_register'), tableName('target_table', { max: 80 }), text('target_id', 32)],
  },
  { name: 'asmt_metric_type', label: 'Metric type', display: 'name', columns: [text('name', 100), text('description', 4000)] },
  {
    name: 'asmt_metric',
    label: 'Metric',
    display: 'name',
    columns: [text('name', 100), text('question', 4000), reference('metric_type', 'asmt_metric_type')],
  },
  {
    name: 'asmt_assessment_instance',
    label: 'Assessment instance',
    display: 'number',
    number: { prefix: 'AINST', first: 10_000 },
    columns: [
      text('number'),
      reference('metric_type', 'asmt_metric_type'),
      reference('user', 'sys_user'),
      reference('task_id', 'task'),
      text('state', 40, { default: 'ready' }),
      instant('taken_on'),
      instant('due_date'),
    ],
  },
  {
    name: 'asmt_metric_result',
    label: 'Metric result',
    columns: [
      reference('instance', 'asmt_assessment_instance'),
      reference('metric', 'asmt_metric'),
      reference('user', 'sys_user'),
      decimal('actual_value'),
      decimal('scaled_value'),
      text('string_value', 4000),
      tableName('source_table', { max: 80 }),
      text('source_id', 32),
    ],
  },
  {
    name: 'sn_si_incident',
    label: 'Security incident',
    extends: 'task',
    number: { prefix: 'SIR', first: 10_000 },
    choices: {
      state: choices(
        ['10', 'Draft'],
        ['16', 'Analysis'],
        ['18', 'Contain'],
        ['19', 'Eradicate'],
        ['20', 'Recover'],
        ['100', 'Review'],
        ['3', 'Closed'],
        ['7', 'Cancelled'],
      ),
    },
    columns: [
      text('category', 40),
      text('subcategory', 40),
      integer('severity', { default: '3' }),
      integer('business_criticality', { default: '3' }),
      text('close_code', 40),
      of('percent_complete')('risk_score', { max: 15 }),
    ],
  },
];
