import { type TableDeclaration, choices, duration, flag, instant, journal, of, reference, tableName, text } from './column.js';

/** What hangs on tasks: service level results and approvals. */
export const taskDetails: readonly TableDeclaration[] = [
  {
    name: 'task_sla',
    label: 'Task SLA',
    display: 'sla',
    columns: [
      reference('task', 'task'),
      reference('sla', 'contract_sla', { label: 'SLA definition' }),
      text('stage', 40, {
        default: 'in_progress',
        choices: choices(
          ['in_progress', 'In progress'],
          ['paused', 'Paused'],
          ['completed', 'Completed'],
          ['cancelled', 'Cancelled'],
          ['breached', 'Breached'],
        ),
      }),
      flag('active', true),
      flag('has_breached', false),
      instant('start_time'),
      instant('end_time', { label: 'Stop time' }),
      instant('planned_end_time', { label: 'Breach time' }),
      instant('original_breach_time'),
      of('percent_complete')('percentage', { label: 'Actual elapsed percentage', max: 15 }),
      of('percent_complete')('business_percentage', { label: 'Business elapsed percentage', max: 15 }),
      duration('duration', { label: 'Actual elapsed time' }),
      duration('business_duration', { label: 'Business elapsed time' }),
      duration('time_left', { label: 'Actual time left' }),
      duration('business_time_left'),
      instant('pause_time'),
      duration('pause_duration'),
      duration('business_pause_duration'),
      reference('schedule', 'cmn_schedule'),
      text('timezone'),
    ],
  },
  {
    name: 'sysapproval_approver',
    label: 'Approval',
    columns: [
      reference('sysapproval', 'task', { label: 'Approval for' }),
      reference('approver', 'sys_user'),
      text('state', 40, {
        default: 'not requested',
        choices: choices(
          ['not requested', 'Not Yet Requested'],
          ['requested', 'Requested'],
          ['approved', 'Approved'],
          ['rejected', 'Rejected'],
          ['cancelled', 'No Longer Required'],
        ),
      }),
      journal('comments', { max: 4000 }),
      tableName('source_table', { max: 80 }),
      text('document_id', 32),
      instant('due_date'),
      instant('expected_start'),
    ],
  },
];
