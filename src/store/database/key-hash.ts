/**
 * A number of 52 bits that stands for a text where the text itself is not at hand: among a million others, a text finds its number taken
 * once in four thousand million times. Not for anything that must not be forged.
 */
export function keyHash(text: string): number {
  const low = lowerOf(text);
  return (mixed(upperOf(text), low) >>> 12) * 0x1_0000_0000 + (low >>> 0);
}

/**
 * A number of 32 bits, signed, by which a text is looked up; the text itself is then compared, so equal numbers do no harm: among ten million texts,
 * one look-up in 400 meets a second one. Remote keys are random text: an index over the text dirties seven times as many pages per
 * commit as one over this number. A wider one makes the index a third larger.
 */
export function lookUpHash(text: string): number {
  return mixed(upperOf(text), lowerOf(text));
}

function upperOf(text: string): number {
  let high = 0x9e3779b9;
  for (let at = 0; at < text.length; at += 1) high = Math.imul(high ^ text.charCodeAt(at), 0x01000193);
  return high;
}

function lowerOf(text: string): number {
  let low = 0x85ebca6b;
  for (let at = 0; at < text.length; at += 1) {
    low = Math.imul(low ^ text.charCodeAt(at), 0x5bd1e995);
    low ^= low >>> 15;
  }
  return low;
}

function mixed(high: number, low: number): number {
  const all = Math.imul(high ^ (high >>> 13) ^ low, 0xc2b2ae35);
  return all ^ (all >>> 16);
}
