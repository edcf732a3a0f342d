const dayMs = 86_400_000;

/** Whether a spreadsheet shows a number of this format as a date: the built-in ones (ECMA-376, 18.8.30), or a code of its own with days, months or years. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
  const bare = code.replaceAll(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '').toLowerCase();
  return /[dy]/.test(bare) || (/m/.test(bare) && !/[hs]/.test(bare));
}

/**
 * A spreadsheet's day number as `2026-11-21`, or with a time of day as an instant. Spreadsheets know no zone: taken as UTC. Undefined below day 61:
 * the calendar of 1900 has a 29 February that never was, and what is smaller is a duration, not a date.
 */
export function dateOfSerial(serial: number, is1904: boolean): string | undefined {
  const days = is1904 ? serial + 1462 : serial;
  if (!(days >= 61 && days < 2_958_466)) return undefined;
  const date = new Date(Math.round((days - 25_569) * 86_400) * 1000);
  return date.getTime() % dayMs === 0 ? date.toISOString().slice(0, 10) : date.toISOString();
}
