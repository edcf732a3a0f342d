import { type TableDeclaration, flag, integer, reference, tableName, text } from './column.js';

/** What changes have besides themselves: templates, configuration items, trackers, and the attachments of any record. */
export const changeTables: readonly TableDeclaration[] = [
  {
    name: 'std_change_record_producer',
    label: 'Standard change template',
    display: 'name',
    columns: [
      text('name', 100),
      text('short_description', 160),
      flag('active', true),
      // Not a column of the platform: which fields this template does not leave to whoever raises the change.
      text('closed_fields', 1000),
    ],
  },
  {
    name: 'task_ci',
    label: 'Affected CI',
    columns: [reference('task', 'task'), reference('ci_item', 'cmdb_ci', { label: 'Configuration item' })],
  },
  { name: 'sys_execution_tracker', label: 'Execution tracker', columns: [text('name', 255)] },
  {
    name: 'sys_attachment',
    label: 'Attachment',
    display: 'file_name',
    columns: [
      tableName('table_name', { label: 'Table', max: 80 }),
      text('table_sys_id', 32),
      text('file_name', 100),
      text('content_type', 40),
      integer('size_bytes'),
      text('hash', 256),
      text('state', 40),
    ],
  },
];
