import type { Answer } from './answer.js';
import { isObject, textOf } from './json.js';
import type { Person } from './world/types.js';

/** An access token lives for an hour. */
const lifeMs = 3_600_000;
/** A refresh token that was used answers for so long again, with a successor of its own: documented as ten minutes. */
const reuseMs = 600_000;

/** The OAuth server of Atlassian (`/oauth/token`), beside the site for convenience. Its clients are fixed; they are no secrets. */
export interface OAuth {
  token(text: string, now: number): Answer;
  /** Whose access token this is, while it lives. */
  owner(token: string, now: number): string | undefined;
  /** Ends all access tokens at once, as after a change of the app's permissions. */
  revoke(): void;
}

/** `gt-service` is a service account (client credentials), `gt-app` an app that a person has allowed (refresh tokens); both work as the first person. */
export function createOAuth(people: () => readonly Person[]): OAuth {
  const access = new Map<string, { readonly email: string; readonly until: number }>();
  const refresh = new Map<string, number | undefined>([['refresh-token-0', undefined]]);
  let made = 0;
  const grant = (now: number): string => {
    made += 1;
    access.set(`access-token-${made}`, { email: people()[0]?.email ?? '', until: now + lifeMs });
    return `access-token-${made}`;
  };
  const refuse = (status: number, error: string, description: string): Answer => ({
    status,
    body: { error, error_description: description },
  });
  return {
    token(text, now) {
      const body = parse(text);
      const [id, secret, kind] = [textOf(body['client_id']), textOf(body['client_secret']), textOf(body['grant_type'])];
      if (secret === undefined || secret !== `${id ?? ''}-secret` || (id !== 'gt-service' && id !== 'gt-app'))
        return refuse(401, 'access_denied', 'Unauthorized');
      if (kind === 'client_credentials' && id === 'gt-service')
        return {
          status: 200,
          body: { access_token: grant(now), expires_in: lifeMs / 1000, token_type: 'Bearer', scope: 'read:jira-work write:jira-work' },
        };
      if (kind !== 'refresh_token' || id !== 'gt-app') return refuse(403, 'unauthorized_client', 'Grant type not allowed for the client.');
      const token = textOf(body['refresh_token']) ?? '';
      const usedAt = refresh.get(token);
      if (!refresh.has(token) || (usedAt !== undefined && now - usedAt > reuseMs))
        return refuse(403, 'invalid_grant', 'Unknown or invalid refresh token.');
      refresh.set(token, usedAt ?? now);
      const next = `refresh-token-${made + 1}`;
      refresh.set(next, undefined);
      return {
        status: 200,
        body: {
          access_token: grant(now),
          refresh_token: next,
          expires_in: lifeMs / 1000,
          token_type: 'Bearer',
          scope: 'offline_access read:jira-work',
        },
      };
    },
    owner: (token, now) => {
      const held = access.get(token);
      return held !== undefined && now < held.until ? held.email : undefined;
    },
    revoke: () => access.clear(),
  };
}

function parse(text: string): Record<string, never> {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? (parsed as Record<string, never>) : {};
  } catch {
    return {};
  }
}

/** The path below the site, where a request came through the gateway of scoped tokens and OAuth; undefined where it did not. */
export function behindGateway(path: string): string | undefined {
  return /^\/ex\/jira\/[0-9a-f-]+(\/.*)$/.exec(path)?.[1];
}
