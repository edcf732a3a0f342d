/** Rules that the invented organisation has besides the shipped ones, or in their place. */
export const rules: readonly ({ readonly id: string } & Readonly<Record<string, unknown>>)[] = [
  {
    id: 'recurring-incident',
    description: 'The same kind of incident on the same service, twelve times in four weeks.',
    recurrence: { count: 12, days: 28 },
  },
  {
    id: 'red-supplier-measure',
    description: 'A measure of a supplier that was red in two of four quarters.',
    categories: ['supplier-performance'],
    severityAtLeast: 'high',
    recurrence: { count: 2, days: 365 },
    kind: 'supplier',
  },
  {
    id: 'low-satisfaction',
    description: 'A theme of the survey that customers scored below three, twice within a year.',
    categories: ['customer-feedback'],
    severityAtLeast: 'moderate',
    recurrence: { count: 2, days: 365 },
  },
  {
    id: 'critical-risk',
    description: 'A risk that the register rates as critical.',
    categories: ['risk'],
    severityAtLeast: 'critical',
  },
  {
    id: 'security-incident',
    description: 'A security incident of high or higher severity.',
    categories: ['security-incident'],
    severityAtLeast: 'high',
  },
];

/** Single settings of policy.yaml. */
export const settings: readonly (readonly [path: readonly string[], value: unknown])[] = [];
