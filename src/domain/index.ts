/** The law of the product: pure, immutable, without clock, I/O or randomness. */
export * from './canonical.js';
export * from './inputs/case.js';
export * from './changes/change.js';
export * from './raising/daily-cap.js';
export * from './lifecycle/attempt.js';
export * from './lifecycle/decisions.js';
export * from './lifecycle/gates.js';
export * from './lifecycle/light-path.js';
export * from './lifecycle/path-policy.js';
export * from './organisation/directory.js';
export * from './effectiveness/effectiveness.js';
export { metricInputs, type Observation } from './effectiveness/observations.js';
export {
  clipped,
  type Interval,
  type MeasurementSpans,
  settledFrom,
  silenceIn,
  spansOf,
  type StreamCoverage,
  holesIn,
  weeklyCounts,
} from './effectiveness/spans.js';
export { isWatched, watchForRegression, watchLooks, watchSpans } from './effectiveness/watch.js';
export { directionOf, targetOf } from './effectiveness/target.js';
export { metricInWords, shown, targetInWords, timeShown } from './effectiveness/wording.js';
export * from './effectiveness/objective-value.js';
export * from './effectiveness/plan-template.js';
export * from './organisation/entitlement.js';
export * from './organisation/find-in-directory.js';
export * from './changes/verify-evidence.js';
export * from './removed-person.js';
export * from './thread/gap-codes.js';
export * from './thread/gaps.js';
export * from './thread/suspects.js';
export * from './thread/graph.js';
export * from './lifecycle/guards.js';
export * from './raising/idempotency.js';
export * from './import/import-entry.js';
export * from './import/register-entry.js';
export * from './improvement.js';
export * from './inputs/input-category.js';
export * from './inputs/input.js';
export * from './inputs/input-id.js';
export * from './inputs/input-state.js';
export * from './inputs/period.js';
export * from './inputs/scope.js';
export * from './inputs/series.js';
export * from './instant.js';
export * from './raising/intake.js';
export * from './raising/intake-scope.js';
export * from './lifecycle/lifecycle-events.js';
export * from './lifecycle/lifecycle.js';
export { itself } from './lifecycle/move.js';
export * from './lifecycle/ownership.js';
export * from './organisation/objective.js';
export * from './organisation/policy.js';
export * from './raising/one-line.js';
export * from './raising/priority.js';
export * from './raising/raise.js';
export * from './raising/raise-rule.js';
export * from './organisation/responsible.js';
export * from './organisation/roles.js';
export * from './raising/resolution.js';
export * from './raising/rise.js';
export * from './raising/rules.js';
export * from './raising/scope-judgements.js';
export * from './raising/selection.js';
export { compareRates, type RateComparison } from './effectiveness/statistics.js';
export * from './thread/thread-facts.js';
export * from './thread/thread.js';
export * from './lifecycle/plan-reading.js';
export * from './lifecycle/ticket-reading.js';
export * from './lifecycle/ways.js';
export * from './raising/similar.js';
export * from './raising/wording.js';
