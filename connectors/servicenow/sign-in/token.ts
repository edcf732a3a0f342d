import { Failure, type HttpClient, z } from 'golden-thread/kit';

/** Where the answer does not say; half of ServiceNow's default of 1799 s. */
const assumedLifeSeconds = 900;

const TokenAnswer = z.looseObject({
  access_token: z.string().min(1),
  // An odd life is no reason to throw a token away.
  expires_in: z.coerce.number().positive().optional().catch(undefined),
  refresh_token: z.string().min(1).optional(),
});

/** What /oauth_token.do gave. */
export interface Token {
  readonly accessToken: string;
  readonly lifeMs: number;
  readonly refreshToken: string | undefined;
}

/**
 * Asks /oauth_token.do for a token. A token that is never used harms nobody, so the request may be repeated when its answer was lost.
 * Fails with `auth` when the grant is refused: 400 and 401 with `{"error":…,"error_description":…}`, whose texts are not documented.
 */
export async function requestToken(
  http: HttpClient,
  form: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Token> {
  const pairs = Object.entries(form).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const answer = await http.request({
    method: 'POST',
    path: '/oauth_token.do',
    route: '/oauth_token.do',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(pairs).toString(),
    idempotent: true,
    readOnly: true,
    signal,
  });
  const token = TokenAnswer.safeParse(answer.body);
  if (!token.success)
    throw new Failure('auth', 'ServiceNow answered the request for a token without a token', {
      hint: 'check the OAuth application: this grant allowed, an application user set',
    });
  const { access_token: accessToken, expires_in: seconds, refresh_token: refreshToken } = token.data;
  return { accessToken, lifeMs: (seconds ?? assumedLifeSeconds) * 1000, refreshToken };
}

/** What a refused request for a token means. */
export function judgeToken(answer: { readonly status: number }): Failure | undefined {
  if (![400, 401, 403].includes(answer.status)) return undefined;
  return new Failure('auth', `ServiceNow refuses the OAuth client (${answer.status})`, {
    status: answer.status,
    committed: 'no',
    hint:
      'check clientId and clientSecret, and what the grant needs: for client credentials the property ' +
      'glide.oauth.inbound.client.credential.grant_type.enabled and an application user; for a password the user; for a JWT its key, audience and user',
  });
}
