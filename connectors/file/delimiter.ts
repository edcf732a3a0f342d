const candidates = [',', ';', '\t', '|'] as const;

/**
 * Which character separates the cells, told from the first rows: the one that stands equally often in each of them, outside quotes; of several the one
 * that stands there most often. Spreadsheets of some countries announce it in a first line `sep=;`.
 */
export function delimiterOf(rows: readonly string[]): string {
  const counted = candidates.map((candidate) => {
    const counts = rows.filter((row) => row.trim() !== '').map((row) => countOutsideQuotes(row, candidate));
    const [header = 0] = counts;
    return { candidate, header, isEven: header > 0 && counts.every((count) => count === header) };
  });
  const [best] = counted.toSorted((one, other) => Number(other.isEven) - Number(one.isEven) || other.header - one.header);
  return best === undefined || best.header === 0 ? ',' : best.candidate;
}

/** The delimiter that a line `sep=;` announces. */
export function announcedDelimiter(row: string): string | undefined {
  return /^sep=(.)$/i.exec(row)?.[1];
}

function countOutsideQuotes(row: string, delimiter: string): number {
  let count = 0;
  let isQuoted = false;
  for (const character of row) {
    if (character === '"') isQuoted = !isQuoted;
    else if (character === delimiter && !isQuoted) count += 1;
  }
  return count;
}
