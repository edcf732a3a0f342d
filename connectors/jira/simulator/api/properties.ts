import { type Answer, ok, refuse, refusePayload } from '../answer.js';
import { openIssue, permitted } from '../access.js';
import type { Call } from '../sim.js';
import { touchIssue } from '../store/write.js';
import { maxProperty } from './create.js';

/** GET /issue/{k}/properties */
export function listProperties(call: Call): Answer {
  const file = openIssue(call, call.params[0]);
  return ok({ keys: [...file.properties.keys()].map((key) => ({ key, self: selfOf(call, file.issue.id, key) })) });
}

/** GET /issue/{k}/properties/{key} */
export function getProperty(call: Call): Answer {
  const file = openIssue(call, call.params[0]);
  const key = call.params[1] ?? '';
  const value = file.properties.get(key);
  return value === undefined ? refuse(404, [`The property with key '${key}' does not exist.`]) : ok({ key, value });
}

/** PUT /issue/{k}/properties/{key}: 201 new, 200 replaced; replaces, never merges. */
export function putProperty(call: Call): Answer {
  if (call.body === undefined) refusePayload();
  const file = openIssue(call, call.params[0]);
  const caller = permitted(call, 'EDIT_ISSUES');
  const key = call.params[1] ?? '';
  if (key.length > 255) refuse(400, ['The key of the property cannot be longer than 255 characters.']);
  if (JSON.stringify(call.body).length > maxProperty) refuse(400, ['The property value cannot be longer than 32768 characters.']);
  const status = file.properties.has(key) ? 200 : 201;
  file.properties.set(key, call.body);
  touchIssue(call.sim, file, caller.accountId, { stamp: call.sim.switches.propertyTouchesUpdated });
  return { status, body: {}, committed: { issueId: String(file.issue.id), op: 'property' } };
}

/** DELETE /issue/{k}/properties/{key} */
export function removeProperty(call: Call): Answer {
  const file = openIssue(call, call.params[0]);
  const caller = permitted(call, 'EDIT_ISSUES');
  const key = call.params[1] ?? '';
  if (!file.properties.delete(key)) refuse(404, [`The property with key '${key}' does not exist.`]);
  touchIssue(call.sim, file, caller.accountId, { stamp: call.sim.switches.propertyTouchesUpdated });
  return { status: 204, committed: { issueId: String(file.issue.id), op: 'property' } };
}

function selfOf(call: Call, id: number, key: string): string {
  return `${call.sim.baseUrl}/rest/api/3/issue/${id}/properties/${encodeURIComponent(key)}`;
}
