import type { Instant, Json } from 'golden-thread/kit';

const iso = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?:Z|[+-]\d\d:?\d\d))?)?$/;
const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?: (\d{1,2}:\d\d(?::\d\d)?))?$/;

/**
 * A date or time in a file as an instant: ISO 8601 (without a zone: UTC), `2026-11-21 09:30`, `21.11.2026 09:30`. Undefined for anything else:
 * `03/04/2026` is March to some and April to others.
 */
export function instantOf(value: Json): Instant | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  const german = dotted.exec(text);
  if (german !== null) {
    const [, day = '', month = '', year = '', time] = german;
    return parsed(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}T${(time ?? '00:00').padStart(5, '0')}Z`);
  }
  if (!iso.test(text)) return undefined;
  const joined = text.replace(' ', 'T').replace(' ', '');
  return parsed(joined.length === 10 || /(Z|[+-]\d\d:?\d\d)$/.test(joined.slice(10)) ? joined : `${joined}Z`);
}

function parsed(text: string): Instant | undefined {
  const at = Date.parse(text);
  if (Number.isNaN(at)) return undefined;
  const instant = new Date(at).toISOString();
  // JavaScript takes 31 February for 3 March.
  const day = Number(text.slice(8, 10));
  const isRolled = Math.abs(Number(instant.slice(8, 10)) - day) > 1 && new Date(`${text.slice(0, 10)}T00:00:00Z`).getUTCDate() !== day;
  return isRolled || instant.length !== 24 ? undefined : instant;
}
