/**
 * Guards that a policy may switch off. All others make the thread what it is: without a trigger, an entitled person with a rationale and an
 * objective, a complete plan, a completed and evidenced change, a measurement or a verdict, nothing would be proven (see decision 0027).
 */
export const switchableGates = [
  'not-last-editor',
  'not-owner',
  'not-proposer',
  'category',
  'review-date',
  'closer',
  'notes',
  'owner-or-approver',
  'reason',
  'cause',
  'similar-elsewhere',
  'third-party',
] as const;
export type SwitchableGate = (typeof switchableGates)[number];

/** A gate that the policy has switched off: why, by whom, since which day. */
export interface GateOff {
  readonly gate: SwitchableGate;
  readonly because: string;
  readonly by: string;
  /** `YYYY-MM-DD`, in the organisation's time zone: what was tried before is judged with the gate on. */
  readonly since: string;
}

/** Whether a guard is switched off on that day (`YYYY-MM-DD`). */
export function isSwitchedOff(guard: string, gatesOff: readonly GateOff[], onDate: string): boolean {
  return gatesOff.some(({ gate, since }) => gate === guard && since <= onDate);
}

/** What differs between two lists of switched-off gates, for the journal. A gate whose reason, person or day changed was switched on and off again. */
export function gateSwitches(
  before: readonly GateOff[],
  now: readonly GateOff[],
): { readonly off: readonly GateOff[]; readonly on: readonly GateOff[] } {
  const same = (a: GateOff, b: GateOff): boolean => a.gate === b.gate && a.because === b.because && a.by === b.by && a.since === b.since;
  return {
    off: now.filter((one) => !before.some((other) => same(one, other))),
    on: before.filter((one) => !now.some((other) => same(one, other))),
  };
}

/** Separations that the policy's roles may lift: a gate that is off as well, and said to be. */
const separations = {
  separateOwnerAndApprover: 'not-owner',
  separateEditorAndApprover: 'not-last-editor',
  separateProposerAndApprover: 'not-proposer',
} as const;

/** Every gate that a policy leaves off, for the journal and for every report: those that it lists, and the separations that its roles lift. */
export function gatesOffIn(policy: {
  readonly gatesOff: readonly GateOff[];
  readonly roles: { readonly [Name in keyof typeof separations]: boolean };
}): readonly GateOff[] {
  const lifted = Object.entries(separations).flatMap(([name, gate]): readonly GateOff[] =>
    policy.roles[name as keyof typeof separations] ? [] : [{ gate, because: `roles.${name} is false`, by: 'policy.yaml', since: '' }],
  );
  return [...policy.gatesOff, ...lifted];
}
