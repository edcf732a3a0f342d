/**
 * How long the remote asks to wait, in milliseconds from now: delta-seconds or an HTTP date (RFC 9110, 10.2.3). Undefined for none, for garbage
 * and for zero or the past: Jira was seen to send 0, and obeying it literally is a hot loop.
 * A date is held against the remote's own clock where the answer tells it.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const value = headers['retry-after']?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(value)) return positive(Math.ceil(Number(value) * 1000));
  const until = Date.parse(value);
  if (Number.isNaN(until) || !/[a-z]/i.test(value)) return undefined;
  const remoteNow = Date.parse(headers['date'] ?? '');
  return positive(until - (Number.isNaN(remoteNow) ? now : remoteNow));
}

/** Exponential backoff with jitter: between half and the whole of `baseMs * 2^(retry - 1)`, at most 30 s. `random` is in [0, 1). */
export function backoffMs(retry: number, baseMs: number, random: () => number): number {
  return Math.min(30_000, baseMs * 2 ** (retry - 1)) * (0.5 + random() / 2);
}

function positive(ms: number): number | undefined {
  return ms > 0 ? ms : undefined;
}
