import type { Hash } from '../../domain/index.js';

/** One of the population, with what it is stratified by, the most important first: quarter, service, kind of trigger. */
export interface Candidate {
  readonly id: string;
  readonly stratum: readonly string[];
}

/** A sample that anybody draws again from the same population with the same seed. */
export interface Sample {
  readonly seed: number;
  readonly population: number;
  /** SHA-256 of the ids of the population, sorted, one a line. */
  readonly populationHash: string;
  readonly size: number;
  /** Ids, in the order of the strata. */
  readonly chosen: readonly string[];
  readonly strata: readonly { readonly stratum: readonly string[]; readonly population: number; readonly chosen: number }[];
}

/** Common audit practice: under 5 all; 6 to 50: 5; 51 to 250: a tenth; above: 25. */
export function sampleSize(population: number): number {
  if (population <= 5) return population;
  if (population <= 50) return 5;
  return population <= 250 ? Math.ceil(population / 10) : 25;
}

/**
 * Draws systematically from the ordered population (implicit stratification): ordered by stratum, and within one by the SHA-256 of `seed:id`, every n-th is
 * taken, beginning at a place that the SHA-256 of `seed:start` gives. Each stratum gets its share, rounded up or down. No generator with a state: a
 * person with `sha256sum` can do it again. A size above the population takes all.
 */
export function drawSample(population: readonly Candidate[], seed: number, hash: Hash, size = sampleSize(population.length)): Sample {
  const ids = population.map(({ id }) => id).toSorted(compare);
  const ordered = population
    .map((candidate) => ({ ...candidate, key: hash(`${seed}:${candidate.id}`) }))
    .toSorted((a, b) => compareStrata(a.stratum, b.stratum) || compare(a.key, b.key) || compare(a.id, b.id));
  const wanted = Math.min(size, ordered.length);
  const step = wanted === 0 ? 0 : ordered.length / wanted;
  const start = (Number.parseInt(hash(`${seed}:start`).slice(0, 8), 16) / 2 ** 32) * step;
  const chosen = Array.from({ length: wanted }, (_, n) => ordered[Math.min(ordered.length - 1, Math.floor(start + n * step))]?.id ?? '');
  const strata = [...Map.groupBy(ordered, ({ stratum }) => JSON.stringify(stratum))].map(([, group]) => ({
    stratum: group[0]?.stratum ?? [],
    population: group.length,
    chosen: group.filter(({ id }) => chosen.includes(id)).length,
  }));
  return { seed, population: ids.length, populationHash: hash(ids.map((id) => `${id}\n`).join('')), size: wanted, chosen, strata };
}

function compareStrata(a: readonly string[], b: readonly string[]): number {
  for (const [at, part] of a.entries()) {
    const order = compare(part, b[at] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
