import { Failure, type HttpAnswer, type Json } from 'golden-thread/kit';
import { cut, oneLine } from './text.js';

const tokenHint = 'check the e-mail address and the API token of this system; API tokens expire after a year at the latest';

/**
 * What a refusal of Jira means where its status alone does not tell, with Jira's own sentences. Undefined: the kit's defaults decide.
 * Jira speaks three shapes of error: `{errorMessages, errors}`, the gateway's `{code, message}`, and problem+json for unknown paths.
 */
export function refusal(answer: HttpAnswer): Failure | undefined {
  const { status, body } = answer;
  if (status < 400 || status >= 500 || status === 408 || status === 425 || status === 429) return undefined;
  const said = sentencesOf(body);
  const details = { status, committed: 'no' } as const;
  if (status === 401) {
    return /scope does not match/i.test(said)
      ? new Failure('auth', 'the token lacks a scope for this request', {
          ...details,
          hint: 'create the token with the scopes read:jira-work, write:jira-work and read:jira-user',
        })
      : new Failure('auth', `Jira refused the credentials${quoted(said)}`, { ...details, hint: tokenHint });
  }
  if (status === 403 && /captcha/i.test(answer.headers['x-seraph-loginreason'] ?? answer.headers['x-authentication-denied-reason'] ?? ''))
    return new Failure('auth', 'Jira asks this account for a captcha after failed logins', {
      ...details,
      hint: 'log in once in a browser with this account, then correct the token',
    });
  if (status === 404 && isUnknownPath(body))
    return new Failure('config', 'there is no Jira Cloud REST API at this address', {
      ...details,
      hint: 'check site: https://<name>.atlassian.net, or https://api.atlassian.com/ex/jira/<cloud id>',
    });
  if (status === 413)
    return new Failure('record', `Jira takes no file of this size${quoted(said)}`, {
      ...details,
      hint: 'raise the attachment size limit of Jira, or do without the file: nothing waits for it',
    });
  if (status === 409) return new Failure('conflict', `the issue is being changed by someone else${quoted(said)}`, details);
  if (status === 410)
    return new Failure('contract', `Jira has removed this API${quoted(said)}`, { ...details, hint: 'update golden-thread' });
  const hint = hintFor(said);
  return new Failure('record', `Jira refused it (${status})${quoted(said)}`, { ...details, ...(hint !== undefined && { hint }) });
}

/** Jira's own words as one line, shortened: they may quote ticket text. */
export function sentencesOf(body: Json | undefined): string {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return '';
  const object = body as { readonly [key: string]: Json };
  const messages = Array.isArray(object['errorMessages']) ? (object['errorMessages'] as readonly Json[]) : [];
  const errors = object['errors'];
  const perField = typeof errors === 'object' && errors !== null && !Array.isArray(errors) ? Object.entries(errors) : [];
  const said = [
    ...messages,
    ...perField.map(([field, text]) => (typeof text === 'string' ? `${field}: ${text}` : field)),
    object['message'] ?? null,
    object['errorMessage'] ?? null,
    object['detail'] ?? null,
  ].filter((text) => typeof text === 'string');
  return cut(oneLine(said.join('; ')), 600);
}

function quoted(said: string): string {
  return said === '' ? '' : `: ${said}`;
}

function hintFor(said: string): string | undefined {
  if (/not on the appropriate screen/i.test(said))
    return 'put the named fields on the create and edit screens of this issue type, or take them out of the mapping';
  if (/issue type/i.test(said)) return 'check issueType and project of this system';
  if (/does not exist or you do not have permission/i.test(said)) return 'the issue was deleted, or the account may no longer see it';
  return undefined;
}

function isUnknownPath(body: Json | undefined): boolean {
  return sentencesOf(body).startsWith('No endpoint ') || body === undefined || typeof body === 'string';
}
