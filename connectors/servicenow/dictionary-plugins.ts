import type { KnownTable } from './dictionary.js';

/** Columns of plugins' tables that public sources name; the others stay text, and a reference among them is read as `column.id`. */
export const pluginColumns: Readonly<Record<string, KnownTable>> = {
  planned_task: { extends: 'task', instant: ['start_date', 'end_date'], number: ['percent_complete'] },
  sn_grc_issue: {
    extends: 'planned_task',
    text: ['classification'],
    reference: { issue_rating: 'sn_grc_issue_rating' },
  },
  sn_audit_engagement: { extends: 'planned_task' },
  sn_audit_task: { extends: 'planned_task', reference: { engagement: 'sn_audit_engagement' } },
  sn_audit_control_test: { extends: 'sn_audit_task' },
  sn_audit_advanced_observation: { extends: 'planned_task' },
  sn_cim_register: {
    extends: 'task',
    text: ['type', 'cim_estimate', 'benefit', 'source_id'],
    instant: ['target_date_time'],
    reference: {
      requested_for: 'sys_user',
      approver_group: 'sys_user_group',
      business_process: '',
      strategic_objective: '',
    },
  },
  sn_cim_task: { extends: 'task', text: ['cim_task_type'] },
  sn_cim_inbound_m2m: { reference: { cim_register: 'sn_cim_register' } },
  sn_cim_outbound_m2m: { reference: { cim_register: 'sn_cim_register' } },
  sn_si_incident: {
    extends: 'task',
    text: ['category', 'subcategory', 'close_code'],
    integer: ['severity'],
  },
};
