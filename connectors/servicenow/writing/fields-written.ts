import { Failure, type Difference, type Json, type JsonObject } from 'golden-thread/kit';
import { kindOf } from '../dictionary.js';
import { fieldName } from '../query.js';
import { cutText, encodeValue } from '../value.js';

/** Longest text per column of change_request, as the dictionary declares it. What happens to a longer one is not documented, so it is cut here. */
export const lengths: ReadonlyMap<string, number> = new Map([
  ['short_description', 160],
  ['correlation_display', 100],
  ...[
    'description',
    'justification',
    'implementation_plan',
    'risk_impact_analysis',
    'backout_plan',
    'test_plan',
    'change_plan',
    'close_notes',
    'on_hold_reason',
  ].map((name): [string, number] => [name, 4000]),
]);

/** Moving and approving a change is for the people of change management; the identity is ours; notes are appended by a step of their own. */
const refused: Readonly<Record<string, string>> = {
  state: 'a change is moved by its people, never from here',
  approval: 'a change is approved by its approvers, never from here',
  close_code: 'a change is closed by its people, never from here',
  close_notes: 'a change is closed by its people, never from here',
  work_notes: 'notes are appended and would double; use a comment step',
  comments: 'comments are appended and would double; use a comment step',
  correlation_id: 'it carries the idempotency key',
  correlation_display: 'it carries the idempotency key',
};

/** Columns that a push mapping cannot write. */
export const unwritable: ReadonlySet<string> = new Set([
  ...Object.keys(refused),
  'number',
  'approval_set',
  'approval_history',
  'comments_and_work_notes',
  'work_start',
  'work_end',
  'opened_at',
  'opened_by',
]);

/** The fields as the body of a request. Fails with `policy` for what is not ours to write, with `config` for what is no column. */
export function encodeFields(table: string, fields: JsonObject): JsonObject {
  const body: Record<string, Json> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (fieldName(name).includes('.'))
      throw new Failure('config', `${name} belongs to another record and cannot be written through this one`, {
        committed: 'no',
        hint: 'write the reference itself, by its sys_id',
      });
    if (unwritable.has(name) || name.startsWith('sys_'))
      throw new Failure('policy', `${name} is not written to a ${table}: ${refused[name] ?? 'ServiceNow sets it itself'}`, {
        committed: 'no',
        hint: `take ${name} out of the push mapping`,
      });
    const text = encodeValue(kindOf(table, name), value);
    body[name] = cutText(text, lengths.get(name) ?? Number.POSITIVE_INFINITY);
  }
  return body;
}

/**
 * The fields that do not hold what was to be written: shortened here, dropped by an access rule, rewritten by a business rule.
 * `row` is as read back; a column that it lacks was not taken over, or may not be read.
 */
export function differencesOf(table: string, wanted: JsonObject, row: JsonObject, data: JsonObject): readonly Difference[] {
  return Object.entries(wanted).flatMap(([field, wrote]) => {
    const found = row[field];
    const same = typeof found === 'string' && comparable(found) === comparable(encodeValue(kindOf(table, field), wrote));
    return same ? [] : [{ field, wrote, found: data[field] ?? null }];
  });
}

/** ServiceNow stores line breaks as CRLF and drops blanks at the end. */
function comparable(text: string): string {
  return text.replaceAll('\r\n', '\n').trimEnd();
}
