import { stamps } from './stamps.js';
import type { TableDefinition } from './tables.js';

const grc = 'GRC: Policy and Compliance, Risk or Audit Management';
const audit = 'GRC: Audit Management';
const cim = 'Continual Improvement Management (com.sn_cim)';
const survey = 'Assessments and Surveys';

/** A table of a plugin that extends task. */
const task = (plugin: string, about: string): Omit<TableDefinition, 'name'> => ({
  about,
  own: ['number', 'state'],
  volatile: stamps,
  number: ['number'],
  plugin,
  base: 'task',
});

/** A table of a plugin whose columns are known to the instance alone. */
const plain = (plugin: string, about: string, own: readonly string[] = []): Omit<TableDefinition, 'name'> => ({
  about,
  own,
  volatile: stamps,
  number: [],
  plugin,
});

/** The tables that only plugins bring, as their installation pages list them. Columns that no public source names are aliases. */
export const pluginTables = {
  sn_grc_issue: {
    name: 'sn_grc_issue',
    ...task(grc, 'Issues of governance, risk and compliance: audit findings, failed controls, vendor risks.'),
    aliases: {
      rating: { columns: ['issue_rating.issue_rating', 'issue_rating.name', 'rating'], label: 'Issue rating' },
      about: { columns: ['item', 'profile', 'entity'], label: 'Sys_id of the control, risk or entity that it is about' },
      requirement: { columns: ['policy.name', 'content.name'], label: 'Policy or citation that is not met' },
      issueType: { columns: ['issue_type'], label: 'Issue type' },
      issueSource: { columns: ['issue_source', 'source'], label: 'Issue source' },
      confidential: { columns: ['confidential'], label: 'Confidential', kind: 'boolean' },
    },
  },
  sn_audit_engagement: { name: 'sn_audit_engagement', ...task(audit, 'Audit engagements.') },
  sn_audit_task: { name: 'sn_audit_task', ...task(audit, 'Tasks of audit engagements.') },
  sn_audit_control_test: {
    name: 'sn_audit_control_test',
    ...task(audit, 'Control tests of audit engagements.'),
    aliases: {
      effectiveness: {
        columns: ['control_effectiveness', 'effectiveness', 'operation_effectiveness', 'design_effectiveness'],
        label: 'Whether the control works',
      },
      control: { columns: ['control', 'item'], label: 'Sys_id of the control' },
    },
  },
  sn_audit_advanced_observation: {
    name: 'sn_audit_advanced_observation',
    ...task('GRC: Advanced Audit', 'Observations of audits.'),
  },
  sn_cim_register: {
    name: 'sn_cim_register',
    ...task(cim, 'The improvement register of ServiceNow itself.'),
    // Approvals are read with a single initiative only, so they must not make a version of their own.
    volatile: [...stamps, 'approvals'],
    computed: [
      { name: 'approvals', type: 'list', open: true, label: 'Approvals: approver, state, at; only when an initiative is read singly' },
    ],
    aliases: {
      process: { columns: ['business_process.name'], label: 'Business process' },
      closureCode: { columns: ['closure_code', 'close_code'], label: 'Closure code: Successful, Withdrawn, Unsuccessful' },
      achievedOutcome: { columns: ['achieved_outcome_category', 'achieved_outcome'], label: 'Achieved outcome category' },
      expectedOutcomes: { columns: ['expected_outcomes', 'expected_outcome', 'benefit'], label: 'Expected outcomes' },
      baseValue: { columns: ['base_value', 'baseline_value'], kind: 'number', label: 'Base value' },
      targetValue: { columns: ['target_value'], kind: 'number', label: 'Target value' },
      targetReviewDate: { columns: ['target_review_date', 'target_date_time'], kind: 'instant', label: 'Target review date' },
      source: { columns: ['source_id', 'source'], label: 'Sys_id of the record that it came from' },
      sourceTable: { columns: ['source_table', 'source_id.sys_class_name'], label: 'Table of that record' },
    },
  },
  sn_cim_task: { name: 'sn_cim_task', ...task(cim, 'Phases and tasks of improvement initiatives.') },
  sn_cim_inbound_m2m: {
    name: 'sn_cim_inbound_m2m',
    ...plain(cim, 'What triggered an improvement initiative.', ['cim_register']),
    aliases: {
      source: { columns: ['source_id', 'document_id', 'source'], label: 'Sys_id of the trigger' },
      sourceTable: { columns: ['source_table', 'table_name'], label: 'Table of the trigger' },
    },
  },
  sn_cim_outbound_m2m: {
    name: 'sn_cim_outbound_m2m',
    ...plain(cim, 'What an improvement initiative was turned into.', ['cim_register']),
    aliases: {
      target: { columns: ['target_id', 'document_id', 'target'], label: 'Sys_id of the record' },
      targetTable: { columns: ['target_table', 'table_name'], label: 'Table of the record' },
    },
  },
  asmt_assessment_instance: {
    name: 'asmt_assessment_instance',
    ...plain(survey, 'Surveys and assessments that were sent to somebody.'),
    number: ['number'],
    aliases: {
      survey: { columns: ['metric_type.name'], label: 'Name of the survey' },
      takenOn: { columns: ['taken_on'], kind: 'instant', label: 'When it was answered' },
      trigger: { columns: ['task_id', 'trigger_id', 'source_id'], label: 'Sys_id of the record that it asks about' },
    },
  },
  asmt_metric_result: {
    name: 'asmt_metric_result',
    ...plain(survey, 'Answers to single questions of surveys and assessments.'),
    aliases: {
      survey: { columns: ['metric.metric_type.name', 'instance.metric_type.name', 'metric_type.name'], label: 'Name of the survey' },
      question: { columns: ['metric.name', 'metric_definition.name'], label: 'The question' },
      score: { columns: ['scaled_value', 'normalized_value', 'actual_value'], kind: 'number', label: 'The answer as a number' },
      answer: { columns: ['string_value', 'value'], label: 'The answer as text' },
      takenOn: { columns: ['instance.taken_on', 'sys_created_on'], kind: 'instant', label: 'When it was answered' },
      trigger: { columns: ['instance.task_id', 'instance.trigger_id', 'source_id'], label: 'Sys_id of the record that it asks about' },
      service: {
        columns: ['instance.task_id.business_service', 'instance.trigger_id.business_service'],
        label: 'Sys_id of the service of that record',
      },
    },
  },
  sn_si_incident: { name: 'sn_si_incident', ...task('Security Incident Response', 'Security incidents.'), audited: true },
} as const satisfies Readonly<Record<string, TableDefinition>>;
