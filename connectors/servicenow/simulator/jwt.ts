import { verify } from 'node:crypto';

/** What an assertion must say. */
export interface ExpectedAssertion {
  readonly issuer: string;
  readonly audience: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** `jti` of assertions that were taken: each is good once. */
  readonly usedIds: Set<string>;
}

/** The `sub` of an assertion whose signature (RS256 or ES256) and claims are right; undefined otherwise. */
export function subjectOfAssertion(assertion: string, publicKey: string, expected: ExpectedAssertion): string | undefined {
  const [header = '', payload = '', signature = ''] = assertion.split('.');
  const { alg } = parse(header);
  if (alg !== 'RS256' && alg !== 'ES256') return undefined;
  const signed = Buffer.from(`${header}.${payload}`);
  const key = { key: publicKey, dsaEncoding: 'ieee-p1363' as const };
  if (!verify('sha256', signed, key, Buffer.from(signature, 'base64url'))) return undefined;
  const { iss, sub, aud, exp, iat, jti } = parse(payload);
  const seconds = expected.now / 1000;
  const inTime = typeof exp === 'number' && typeof iat === 'number' && exp > seconds && iat <= seconds + 60;
  if (iss !== expected.issuer || aud !== expected.audience || !inTime || typeof sub !== 'string') return undefined;
  if (typeof jti !== 'string' || expected.usedIds.has(jti)) return undefined;
  expected.usedIds.add(jti);
  return sub;
}

function parse(part: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
