const full = /^(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}:\d{2}))?$/;
const formatters = new Map<string, Intl.DateTimeFormat>();

/** `yyyy-MM-dd HH:mm:ss` in UTC, as the Table API stores and returns date-times: whole seconds, no zone suffix. */
export function toText(ms: number): string {
  // Thousands of rows in a row are stamped with the same instant.
  if (ms !== last.ms) last = { ms, text: new Date(ms).toISOString().slice(0, 19).replace('T', ' ') };
  return last.text;
}

let last = { ms: Number.NaN, text: '' };

/** Milliseconds of a UTC text as above; the time of day may be missing. Anything else, ISO 8601 with `T` and `Z` too, is not a date to the instance. */
export function fromText(text: string): number | undefined {
  const match = full.exec(text);
  if (match === null) return undefined;
  const ms = Date.parse(`${match[1]}T${match[2] ?? '00:00:00'}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** How far `zone` (IANA name) is ahead of UTC at an instant, in milliseconds. Unknown zones count as UTC. */
export function zoneOffset(zone: string, ms: number): number {
  if (zone === '' || zone === 'UTC' || zone === 'GMT') return 0;
  const parts = Object.fromEntries(
    formatterOf(zone)
      .formatToParts(new Date(ms))
      .map(({ type, value }) => [type, Number(value)]),
  );
  const local = Date.UTC(
    parts['year'] ?? 1970,
    (parts['month'] ?? 1) - 1,
    parts['day'] ?? 1,
    (parts['hour'] ?? 0) % 24,
    parts['minute'] ?? 0,
    parts['second'] ?? 0,
  );
  return local - Math.floor(ms / 1000) * 1000;
}

/** The wall clock of `zone` at an instant, as text. */
export function toZoneText(ms: number, zone: string): string {
  return toText(ms + zoneOffset(zone, ms));
}

/** The instant at which `zone` showed this wall clock; of the two instants of a repeated autumn hour, the first. */
export function fromZoneText(text: string, zone: string): number | undefined {
  const local = fromText(text);
  if (local === undefined) return undefined;
  const early = local - zoneOffset(zone, local - 86_400_000);
  const late = local - zoneOffset(zone, local + 86_400_000);
  return [early, late].find((ms) => ms + zoneOffset(zone, ms) === local) ?? late;
}

/** A wall clock in the user's own format: the letters of Java's SimpleDateFormat that ServiceNow offers. */
export function formatZoned(ms: number, zone: string, format: string): string {
  const text = toZoneText(ms, zone);
  const parts: Readonly<Record<string, string>> = {
    yyyy: text.slice(0, 4),
    MM: text.slice(5, 7),
    dd: text.slice(8, 10),
    HH: text.slice(11, 13),
    mm: text.slice(14, 16),
    ss: text.slice(17, 19),
  };
  return format.replaceAll(/yyyy|MM|dd|HH|mm|ss/g, (letters) => parts[letters] ?? letters);
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const made = makeFormatter(zone);
  formatters.set(zone, made);
  return made;
}

function makeFormatter(zone: string): Intl.DateTimeFormat {
  const options = {
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  } as const;
  try {
    return new Intl.DateTimeFormat('en-US', { ...options, timeZone: zone });
  } catch {
    return new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' });
  }
}
