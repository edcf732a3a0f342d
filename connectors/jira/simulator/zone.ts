const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

/** Minutes that `timeZone` is ahead of UTC at an instant. */
export function offsetMinutes(timeZone: string, at: number): number {
  if (timeZone === 'UTC') return 0;
  const hour = Math.floor(at / 900_000); // offsets change on quarter hours at the finest
  const key = `${timeZone}@${hour}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  let format = formats.get(timeZone);
  if (format === undefined) {
    const parts = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
    format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...parts });
    formats.set(timeZone, format);
  }
  const value = Object.fromEntries(format.formatToParts(at).map((part) => [part.type, Number(part.value)]));
  const wall = Date.UTC(
    value['year'] ?? 0,
    (value['month'] ?? 1) - 1,
    value['day'] ?? 1,
    value['hour'] ?? 0,
    value['minute'] ?? 0,
    value['second'] ?? 0,
  );
  const minutes = Math.round((wall - Math.floor(at / 1000) * 1000) / 60_000);
  if (offsets.size > 50_000) offsets.clear();
  offsets.set(key, minutes);
  return minutes;
}

/** The instant at which clocks in `timeZone` show this wall time, given as if it were UTC. */
export function fromWallTime(timeZone: string, wall: number): number {
  const guess = wall - offsetMinutes(timeZone, wall) * 60_000;
  return wall - offsetMinutes(timeZone, guess) * 60_000;
}

/** `2026-11-21T10:00:00.000+0000` in the caller's zone: no colon in the offset, as Jira writes it. */
export function formatStamp(timeZone: string, at: number): string {
  const minutes = offsetMinutes(timeZone, at);
  const wall = new Date(at + minutes * 60_000).toISOString().slice(0, -1);
  const absolute = Math.abs(minutes);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${wall}${minutes < 0 ? '-' : '+'}${two(Math.floor(absolute / 60))}${two(absolute % 60)}`;
}
