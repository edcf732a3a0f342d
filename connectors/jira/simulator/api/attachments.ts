import { type Answer, refuse, refuseWith } from '../answer.js';
import { canSee, openIssue, permitted } from '../access.js';
import type { Call } from '../sim.js';
import type { StoredFile } from '../store/issue.js';
import { renderAttachment } from '../fields/render.js';
import { touchIssue } from '../store/write.js';

/**
 * POST /issue/{k}/attachments: a form with parts `file`; the same file again is another attachment. Without `X-Atlassian-Token: no-check` it is taken
 * for a forged form (documented). Wording of the refusals is unverified. Leaves a changelog entry and moves the issue's stamp.
 */
export function postAttachments(call: Call): Answer {
  const { sim, params, form } = call;
  if (call.headers['x-atlassian-token'] !== 'no-check')
    refuseWith({ status: 403, body: 'XSRF check failed', headers: { 'content-type': 'text/html;charset=UTF-8' } });
  const file = openIssue(call, params[0]);
  const caller = permitted(call, 'CREATE_ATTACHMENTS');
  if (!sim.switches.attachments) refuse(404, ['Attachments are disabled.']);
  const parts = (form ?? []).filter(({ name }) => name === 'file');
  if (parts.length === 0) refuse(400, ['No file was sent.']);
  const large = parts.find(({ bytes }) => bytes.length > sim.switches.attachmentMaxBytes);
  if (large !== undefined)
    refuseWith({
      status: 413,
      body: {
        errorMessages: [`The file ${large.filename} exceeds its maximum permitted size of ${sim.switches.attachmentMaxBytes} bytes.`],
        errors: {},
      },
    });
  const made = parts.map(({ filename, type, bytes }): StoredFile => {
    sim.shelf.last.attachment += 1;
    const id = sim.shelf.last.attachment;
    touchIssue(sim, file, caller.accountId, {
      stamp: true,
      item: {
        field: 'Attachment',
        fieldtype: 'jira',
        fieldId: 'attachment',
        from: null,
        fromString: null,
        to: String(id),
        toString: filename,
      },
    });
    return { id, filename, mimeType: type, bytes, author: caller.accountId, created: sim.clock.now() };
  });
  file.attachments.push(...made);
  return { status: 200, body: made.map((one) => renderAttachment(call, one)), committed: { issueId: String(file.issue.id), op: 'attach' } };
}

/** GET /attachment/content/{id}?redirect=false: the content itself; by default a redirect to the media store, which is another host. */
export function getContent(call: Call): Answer {
  const found = seenFile(call);
  if (found === undefined) return refuse(404, [`The attachment with id '${call.params[0] ?? ''}' does not exist`]);
  if (call.query.get('redirect') !== 'false')
    return { status: 303, headers: { location: `https://api.media.atlassian.com/file/${found.id}` } };
  return { status: 200, bytes: found.bytes, headers: { 'content-type': found.mimeType } };
}

/** Data Center, GET /secure/attachment/{id}/{name}: a page, not the API. Whoever is not signed in is sent to the sign-in page (unverified); the name does not count. */
export function getFile(call: Call): Answer {
  if (call.caller === undefined) return { status: 302, headers: { location: `${call.sim.baseUrl}/login.jsp` } };
  const found = seenFile(call);
  if (found === undefined)
    return { status: 404, body: '<html><body>Not found</body></html>', headers: { 'content-type': 'text/html;charset=UTF-8' } };
  return { status: 200, bytes: found.bytes, headers: { 'content-type': found.mimeType } };
}

/** The file with the id of the route, where the caller may see its issue. */
function seenFile({ sim, caller, params }: Call): StoredFile | undefined {
  for (const file of sim.shelf.files.values()) {
    const found = file.attachments.find(({ id }) => String(id) === params[0]);
    if (found !== undefined && canSee(sim, caller, file)) return found;
  }
  return undefined;
}
