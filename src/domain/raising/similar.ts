import type { ImprovementInput } from '../inputs/input.js';
import type { Improvement } from '../improvement.js';

/** By what improvements are alike: what they are about, not which case they answer. */
export function traitsOf(
  improvement: Pick<Improvement, 'title' | 'category' | 'serviceIds' | 'dependencies'>,
  triggers: readonly ImprovementInput[],
): readonly string[] {
  return [
    ...improvement.serviceIds.map((service) => `service:${service}|${improvement.category}`),
    ...improvement.dependencies.map((name) => `supplier:${name.toLowerCase()}`),
    ...new Set(
      triggers.flatMap(({ requirement }) => (requirement === undefined ? [] : [`requirement:${requirement.trim().toLowerCase()}`])),
    ),
    ...wordsOf(improvement.title).map((word) => `word:${word}`),
  ];
}

/** Words of a title that tell it from others: without numbers, short words, and what every title of this product says. At most ten. */
export function wordsOf(title: string): readonly string[] {
  const words = title.toLowerCase().match(/\p{L}[\p{L}\p{N}]{3,}/gu) ?? [];
  return [...new Set(words.filter((word) => !common.has(word)))].slice(0, 10);
}

const common = new Set([
  'recurring',
  'incident',
  'change',
  'breach',
  'missed',
  'target',
  'targets',
  'days',
  'most',
  'follow',
  'continues',
  'with',
  'from',
  'that',
  'this',
  'cannot',
  'after',
  'when',
  'problem',
  'finding',
  'audit',
]);

/** An improvement in the register and the traits that it shares with the new one. */
export interface Candidate {
  readonly improvement: Pick<Improvement, 'id' | 'status' | 'title'>;
  readonly shared: readonly string[];
}

/** At most so many are suggested. */
const most = 5;

/**
 * Which of these deserve a look before the new one is decided (10.1.1 b 3): same service and kind of input, same supplier or requirement together with
 * something else, or titles that say the same. Each with its reason. Never more than five, most alike first.
 */
export function suggestSimilar(
  title: string,
  candidates: readonly Candidate[],
): readonly { readonly id: string; readonly because: string }[] {
  const own = wordsOf(title).length;
  return candidates
    .map(({ improvement, shared }) => ({ improvement, ...judged(shared, own, improvement) }))
    .filter(({ score }) => score >= 3)
    .toSorted((a, b) => b.score - a.score || (a.improvement.id < b.improvement.id ? 1 : -1))
    .slice(0, most)
    .map(({ improvement, because }) => ({ id: improvement.id, because }));
}

function judged(
  shared: readonly string[],
  own: number,
  candidate: Candidate['improvement'],
): { readonly score: number; readonly because: string } {
  const of = (kind: string): readonly string[] =>
    shared.filter((trait) => trait.startsWith(`${kind}:`)).map((trait) => trait.slice(kind.length + 1));
  const [service, supplier, requirement, words] = [of('service')[0], of('supplier')[0], of('requirement')[0], of('word')];
  const all = Math.max(1, Math.min(own, wordsOf(candidate.title).length));
  const alike = words.length >= 2 && words.length / all >= 0.5;
  const reasons = [
    ...(service === undefined ? [] : [`same service and category (${service.replace('|', ', ')})`]),
    ...(supplier === undefined ? [] : [`same third party (${supplier})`]),
    ...(requirement === undefined ? [] : [`same requirement (${requirement})`]),
    ...(words.length === 0 ? [] : [`${alike ? 'titles alike' : 'title shares'} (${words.slice(0, 4).join(', ')})`]),
  ];
  const score =
    (service === undefined ? 0 : 3) +
    (supplier === undefined ? 0 : 1) +
    (requirement === undefined ? 0 : 3) +
    (alike ? 3 : 0) +
    Math.min(2, words.length);
  return { score, because: `${reasons.join('; ')}; ${candidate.status}` };
}
