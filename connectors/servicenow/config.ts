import { networkSettings, z } from 'golden-thread/kit';
import { Account } from './sign-in/account.js';
import { objectionToFilter } from './query.js';
import { standardNames, tableNames } from './tables.js';

const text = z.string().trim().min(1);

const Filter = text.superRefine((filter, context) => {
  const objection = objectionToFilter(filter);
  if (objection !== undefined) context.addIssue({ code: 'custom', message: `the filter ${objection}` });
});

const ColumnName = text.regex(/^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/, 'expected a column as in sys_dictionary: score, instance.taken_on');

const StreamConfig = z.strictObject({
  filter: Filter.optional().describe('Encoded query that restricts what is read, as "Copy query" in a list view gives it.'),
  columns: z
    .record(z.string().regex(/^[A-Za-z]\w*$/, 'expected a name as mappings read it'), ColumnName)
    .optional()
    .describe('Our name for a field -> its column on this instance, dot-walked or not, where the connector does not know it.'),
});

/** `config:` of a system whose connector is `servicenow`. */
export type ServiceNowConfig = z.infer<typeof ServiceNowConfig>;
export const ServiceNowConfig = z.strictObject({
  instance: z
    .url({ protocol: /^https?$/, error: 'expected the address of the instance, for example https://acme.service-now.com' })
    .refine((url) => URL.canParse(url) && ['', '/'].includes(new URL(url).pathname), 'expected the address of the instance without a path')
    .refine((url) => URL.canParse(url) && new URL(url).username === '', 'credentials do not belong into the address')
    .transform((url) => new URL(url).origin)
    .describe('Address of the instance: https://acme.service-now.com'),
  read: Account.describe('Account that reads. Give it read-only roles.'),
  write: Account.optional().describe('Account that creates and updates change requests. Default: the reading account.'),
  streams: z
    .partialRecord(
      z.enum(tableNames),
      StreamConfig.nullable().transform((value) => value ?? {}),
    )
    .default(() => Object.fromEntries(standardNames.map((name) => [name, {}])))
    .describe('Which tables are read, each with an optional filter. Default: incident, problem, change_request, change_task, task_sla.'),
  pageSize: z.int().min(10).max(10_000).default(2_000).describe('Rows per request. Requests over 60 s are cut by the instance.'),
  concurrency: z.int().min(1).max(4).default(2).describe('Requests at once. An instance node serves about four API requests at a time.'),
  settleMinutes: z.number().min(0).max(60).default(2).describe('How long a stamped change may take to become readable.'),
  ...networkSettings,
});
