/** A source of randomness that one seed determines: two simulators with one seed and one course of events give the same ids. */
export interface Random {
  /** 0 <= x < 1 */
  next(): number;
  /** `length` lower-case hexadecimal digits. */
  hex(length: number): string;
}

/** Mulberry32: small, fast, good enough for ids and for fault probabilities; not for secrets. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const word = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return {
    next: () => word() / 0x1_0000_0000,
    hex(length) {
      let digits = '';
      while (digits.length < length) digits += word().toString(16).padStart(8, '0');
      return digits.slice(0, length);
    },
  };
}
