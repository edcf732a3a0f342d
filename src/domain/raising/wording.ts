import type { Directory } from '../organisation/directory.js';
import { openTitle, type ImprovementInput } from '../inputs/input.js';
import { type RaiseRule, recurrenceOf } from './raise-rule.js';
import { oneLine } from './one-line.js';
import { severityRank } from './selection.js';

/** What rules about more than one case raise: `Checkout: 4 missed targets (sla-breach) in 2026-03, target at most 2` */
export function titleOfScope({ name, title }: { readonly name: string; readonly title: string }): string {
  return oneLine(`${sentenceCase(name)}: ${title}`);
}

/** `Recurring incident: E-mail cannot be sent (7 in 30 days)` */
export function titleOf(triggers: readonly ImprovementInput[], rule: RaiseRule): string {
  const newest = triggers.at(-1);
  const what = newest === undefined ? rule.description : oneLine(openTitle(newest), 140);
  const category = newest?.category ?? rule.categories[0] ?? 'input';
  const recurrence = recurrenceOf(rule);
  if (recurrence === undefined) return oneLine(`${sentenceCase(category)}: ${what}`);
  return oneLine(`Recurring ${category}: ${what} (${triggers.length} in ${recurrence.days} days)`);
}

/** Which rule raised it and why, and the records behind it, for people. At most ten records are named. */
export function descriptionOf(triggers: readonly ImprovementInput[], rule: RaiseRule, because?: string, amount = triggers.length): string {
  const shown = triggers
    .slice(-10)
    .map(
      (each) =>
        `- ${each.number}, ${each.occurredAt.slice(0, 10)}, ${each.severity}: ${each.restricted === true ? 'restricted' : oneLine(each.title)}`,
    );
  const more = amount > shown.length ? [`- and ${amount - shown.length} ${amount > triggers.length ? 'more' : 'earlier'}`] : [];
  const recurrence = recurrenceOf(rule);
  const fired =
    recurrence === undefined
      ? `Raised by rule ${rule.id}: ${rule.description}`
      : `Raised by rule ${rule.id} (${triggers.length} records of one case within ${recurrence.days} days): ${rule.description}`;
  return [fired, ...(because === undefined ? [] : [oneLine(because, 400)]), '', 'Triggered by:', ...shown, ...more].join('\n');
}

/** What the approver weighs, as questions for the rationale; nothing where the policy has no criteria. */
export function criteriaText(criteria: readonly { readonly statement: string; readonly question: string }[]): string {
  if (criteria.length === 0) return '';
  return [
    '',
    '',
    'To be weighed before it is approved:',
    ...criteria.map(({ statement, question }) => `- ${question} (${statement})`),
  ].join('\n');
}

/** Improvements that look alike, for people to judge: nothing is merged by itself. */
export function similarText(similar: readonly { readonly id: string; readonly because: string }[]): string {
  if (similar.length === 0) return '';
  return ['', '', 'Similar improvements (not merged; please look):', ...similar.map(({ id, because }) => `- ${id}: ${because}`)].join('\n');
}

/** What happens if nothing is done, from what is known: service, customer, compliance. */
export function riskStatementOf(triggers: readonly ImprovementInput[], directory: Directory): string {
  const ids = [...new Set(triggers.flatMap((each) => each.serviceIds))];
  const names = ids.map((id) => directory.services.find((service) => service.id === id)?.name ?? id);
  const worst = triggers.toSorted((a, b) => severityRank(b.severity) - severityRank(a.severity))[0];
  const requirements = [...new Set(triggers.flatMap((each) => (each.restricted === true ? [] : (each.requirement ?? []))))];
  const again = triggers.length > 1 ? `has happened ${triggers.length} times and is likely to happen again` : 'may happen again';
  const service = names.length === 0 ? 'Services not yet identified' : names.join(', ');
  return [
    `Service: ${service}. If nothing is done, what these records describe ${again}.`,
    `Customer: up to ${worst?.severity ?? 'unknown'} severity so far.`,
    requirements.length === 0
      ? 'Compliance: no requirement is known to be missed.'
      : `Compliance: not met so far: ${oneLine(requirements.join(', '))}.`,
  ].join(' ');
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
