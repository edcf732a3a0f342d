import type { HttpAnswer, Limited } from 'golden-thread/kit';

/**
 * How long a Data Center that limits requests is to be left alone, where it does not say so itself: until its bucket is filled again, which it
 * does with `X-RateLimit-FillRate` every `X-RateLimit-Interval-Seconds`. The bucket is the account's, so everything waits.
 */
export function dataCenterLimit({ status, headers }: Pick<HttpAnswer, 'status' | 'headers'>): Limited | undefined {
  if (status !== 429 || Number(headers['retry-after'] ?? 0) > 0) return undefined;
  const seconds = Number(headers['x-ratelimit-interval-seconds'] ?? 0);
  return seconds > 0 && Number.isFinite(seconds) ? { ms: seconds * 1000 } : undefined;
}
