/**
 * The few special functions that the effectiveness test needs, in double precision: ln Γ by Stirling's series (DLMF 5.11.1), the incomplete beta
 * function by its continued fraction (DLMF 8.17.22) evaluated by the modified Lentz algorithm (Thompson & Barnett 1986), quantiles by bisection,
 * because they are asked for a handful of times per verdict and must never diverge.
 */

const tiny = 1e-300;

/** Natural logarithm of Γ(x), for x > 0. Relative error below 1e-12. */
export function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 10; z += 1) shift += Math.log(z);
  const square = 1 / (z * z);
  const series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188)))) / z;
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

/** Regularised incomplete beta function I_x(a, b), for a, b > 0: the probability that a Beta(a, b) variable is at most x. */
export function betaBelow(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2) ? (front * continuedFraction(x, a, b)) / a : 1 - (front * continuedFraction(1 - x, b, a)) / b;
}

/** The x for which I_x(a, b) = p. */
export function betaQuantile(p: number, a: number, b: number): number {
  return bisect((x) => betaBelow(x, a, b) - p, 0, 1);
}

/** The t for which a Student variable with `df` degrees of freedom is at most t with probability p, 0.5 <= p < 1. */
export function studentQuantile(p: number, df: number): number {
  const x = betaQuantile(2 * (1 - p), df / 2, 0.5);
  return Math.sqrt((df * (1 - x)) / x);
}

/** The probability that a Student variable with `df` degrees of freedom is at most t. */
export function studentBelow(t: number, df: number): number {
  const tail = betaBelow(df / (df + t * t), df / 2, 0.5) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** The probability that a standard normal variable is at most x: its series near 0, its continued fraction in the tails (Abramowitz & Stegun 26.2.11, 26.2.14). */
export function normalBelow(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  const size = Math.abs(x);
  if (size < 4) {
    let term = x;
    let total = x;
    for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(total); k += 2) total += term *= (x * x) / k;
    return 0.5 + density * total;
  }
  let fraction = size;
  for (let k = 60; k >= 1; k -= 1) fraction = size + k / fraction;
  const tail = density / fraction;
  return x < 0 ? tail : 1 - tail;
}

function guarded(value: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

function continuedFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / guarded(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= 10_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guarded(1 + even * d);
    c = guarded(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guarded(1 + odd * d);
    c = guarded(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return result;
}

/** The zero of a function that rises from `low` to `high`. */
function bisect(rising: (x: number) => number, low: number, high: number): number {
  let [from, to] = [low, high];
  for (let round = 0; round < 100 && to - from > 1e-13 * to; round += 1) {
    const middle = (from + to) / 2;
    if (rising(middle) < 0) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}
