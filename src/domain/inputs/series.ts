import type { Policy } from '../organisation/policy.js';
import { hasFacts, severityRank } from '../raising/selection.js';
import { isScopeRule, type RaiseRule, type ScopeRule } from '../raising/raise-rule.js';
import type { ImprovementInput, Severity } from './input.js';
import type { ScopeKind } from './scope.js';

/** Records that are counted together, by what they are counted apart: the same for all rules that ask the same. */
export interface Series {
  /** Says the whole of it; the store names it so. */
  readonly name: string;
  readonly by: ScopeKind;
  readonly categories: readonly string[];
  readonly severityAtLeast?: Severity;
  readonly facts?: NonNullable<RaiseRule['facts']>;
}

/** What the rule counts. */
export function partOf(rule: ScopeRule): Series {
  return series(byOf(rule), rule.categories, rule.severityAtLeast, rule.facts);
}

/** What it compares that with, for rules about shares. */
export function wholeOf(rule: ScopeRule): Series | undefined {
  if (rule.looksAt === 'changes') return series(rule.by, rule.categories);
  return rule.looksAt === 'service-levels' && rule.of !== undefined ? series(rule.by, rule.of) : undefined;
}

/** What a rule counts apart. */
export function byOf(rule: ScopeRule): ScopeKind {
  if (rule.looksAt === 'supplier') return 'supplier';
  return rule.looksAt === 'findings' ? 'requirement' : rule.by;
}

/** The register's own series of one category. */
export function categorySeries(category: string): Series {
  return series('all', [category]);
}

/** Every series that the policy asks for, each once: those of its rules, and one for each category of the inputs register. */
export function seriesOf(policy: Policy): readonly Series[] {
  const ofRules = policy.rules.filter(isScopeRule).flatMap((rule) => [partOf(rule), wholeOf(rule) ?? []].flat());
  const all = [...policy.categories.map(({ id }) => categorySeries(id)), ...ofRules];
  return [...new Map(all.map((one) => [one.name, one])).values()];
}

/** Whether the series counts this record. What has ended is counted by none. */
export function isInSeries(one: Series, input: ImprovementInput): boolean {
  return (
    input.endedAt === undefined &&
    one.categories.includes(input.category) &&
    (one.severityAtLeast === undefined || severityRank(input.severity) >= severityRank(one.severityAtLeast)) &&
    hasFacts(input, one.facts)
  );
}

function series(by: ScopeKind, categories: readonly string[], severityAtLeast?: Severity, facts?: RaiseRule['facts']): Series {
  const sorted = categories.toSorted();
  const named = Object.entries(facts ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    name: `series:${JSON.stringify([by, sorted, severityAtLeast ?? null, named])}`,
    by,
    categories: sorted,
    ...(severityAtLeast !== undefined && { severityAtLeast }),
    ...(facts !== undefined && { facts }),
  };
}
