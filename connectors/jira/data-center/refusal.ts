import { Failure, type HttpAnswer, withDetails } from 'golden-thread/kit';
import { refusal, sentencesOf } from '../refusal.js';

const signIn =
  'check the personal access token (or username and password) of this system; tokens expire, and administrators can revoke them';

/** What a refusal of Data Center means: as on Cloud, with the reasons that only an own server has. */
export function dataCenterRefusal(answer: HttpAnswer): Failure | undefined {
  const { status, headers } = answer;
  const reason = `${headers['x-seraph-loginreason'] ?? ''} ${headers['x-authentication-denied-reason'] ?? ''}`;
  const details = { status, committed: 'no' } as const;
  if ((status === 401 || status === 403) && /captcha|AUTHENTICATION_DENIED/i.test(reason))
    return new Failure('auth', 'Jira refuses this account until somebody signs in with it in a browser (captcha after failed logins)', {
      ...details,
      hint: 'sign in once in a browser with this account, then correct the credentials; a personal access token is not affected',
    });
  // What an anonymous caller may not see looks like a wrong setting. Whether the credentials are good is asked by a request of its own.
  if (status >= 400 && status < 500 && status !== 401 && headers['x-ausername'] === 'anonymous')
    return new Failure('transient', 'Jira refused it as for a caller without credentials, though they were sent', {
      ...details,
      hint: 'if this goes on, see what stands between golden-thread and Jira: it must let the Authorization header through',
    });
  if (status === 401) return new Failure('auth', `Jira refused the credentials${said(answer)}`, { ...details, hint: signIn });
  if (status === 404 && isNoApi(answer))
    return new Failure('config', 'there is no Jira REST API at this address', {
      ...details,
      hint: 'check site: the address of Jira with its context path, if it has one (https://jira.acme.example/jira)',
    });
  const failure = refusal(answer);
  return failure !== undefined && failure.details.hint === undefined && /\bproject\b/i.test(failure.message)
    ? withDetails(failure, { hint: 'check the project in the settings of this system, and that the account may browse it' })
    : failure;
}

/** Unknown paths are answered by the servlet container or the REST framework, in a shape of their own. */
function isNoApi({ body }: HttpAnswer): boolean {
  return body === undefined || typeof body === 'string' || sentencesOf(body).startsWith('null for uri');
}

function said(answer: HttpAnswer): string {
  const text = sentencesOf(answer.body);
  return text === '' ? '' : `: ${text}`;
}
