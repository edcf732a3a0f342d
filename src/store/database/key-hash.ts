/**
 * A number of 52 bits by which a text is looked up; the text itself is then compared, so equal numbers do no harm.
 * Remote keys are random text: an index over the text dirties seven times as many pages per commit as one over this number.
 * Not for anything that must not be forged.
 */
export function keyHash(text: string): number {
  let high = 0x9e3779b9;
  let low = 0x85ebca6b;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    high = Math.imul(high ^ unit, 0x01000193);
    low = Math.imul(low ^ unit, 0x5bd1e995);
    low ^= low >>> 15;
  }
  high = Math.imul(high ^ (high >>> 13) ^ low, 0xc2b2ae35);
  high ^= high >>> 16;
  return (high >>> 12) * 0x1_0000_0000 + (low >>> 0);
}
