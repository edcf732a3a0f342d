/** The candidate that `wrong` was probably meant to be: at most a third of it mistyped, or the same but for case, `_`, `-` and blanks. */
export function closest(wrong: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wrong.length / 3)) + 0.5;
  const bare = bareOf(wrong);
  for (const candidate of candidates) {
    if (bareOf(candidate) === bare) return candidate;
    const distance = editDistance(wrong.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function bareOf(name: string): string {
  return name.toLowerCase().replace(/[_\-\s]/g, '');
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editDistance(left: string, right: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      const cost = same ? 0 : 1;
      let least = Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (previous[column - 1] ?? 0) + cost);
      const swapped = row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (swapped) least = Math.min(least, (before[column - 2] ?? 0) + 1);
      current.push(least);
    }
    [before, previous] = [previous, current];
  }
  return previous[right.length] ?? 0;
}

/** `did you mean "x"?`, or the whole list where nothing is near. */
export function suggest(wrong: string, candidates: readonly string[]): string {
  const near = closest(wrong, candidates);
  return near === undefined ? `allowed are ${candidates.join(', ')}` : `did you mean ${near}?`;
}
