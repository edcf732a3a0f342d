import type { FailureDetails, FailureKind } from '../failure.js';

/** What a status means when the connector does not know better. */
export interface StatusVerdict {
  readonly kind: FailureKind;
  readonly committed: NonNullable<FailureDetails['committed']>;
  readonly hint?: string;
}

/**
 * - 401: the credentials are refused (after one renewal).
 * - 403, 404, 400, 405, 410, 422 and their like: of a read, the configuration asks for something that is not there or not allowed (`config`);
 *   of a write, this one write is unacceptable (`record`). A 403 is `auth` only where the connector knows that the request is one that
 *   the account may normally make; that it says through `classify`.
 * - 429 was refused before it was carried out; any other 5xx may have been carried out.
 * - 3xx: redirects are never followed, they would carry credentials away.
 */
export function judgeStatus(status: number, readOnly: boolean): StatusVerdict {
  if (status === 401)
    return { kind: 'auth', committed: 'no', hint: 'check user, password or client of this system, and that the account is not locked' };
  if (status === 409 || status === 412 || status === 423) return { kind: 'conflict', committed: 'no' };
  if (status === 429 || status === 425) return { kind: 'transient', committed: 'no' };
  if (status === 408) return { kind: 'transient', committed: 'maybe' };
  if (status === 501 || status === 505)
    return { kind: 'contract', committed: 'no', hint: 'the remote does not offer this; check its version' };
  if (status >= 500) return { kind: 'transient', committed: 'maybe' };
  if (status < 400)
    return {
      kind: 'contract',
      committed: 'maybe',
      hint: 'set baseUrl to the final address; redirects are not followed because they would carry credentials away',
    };
  const kind = readOnly ? 'config' : 'record';
  if (status === 403) return { kind, committed: 'no', hint: 'give the account the permission, or take this out of the configuration' };
  if (status === 404 || status === 410)
    return {
      kind,
      committed: 'no',
      hint: readOnly
        ? 'check the name of the table or project, and that the account may see it'
        : 'the record is gone, or the account may not see it',
    };
  return { kind, committed: 'no' };
}
