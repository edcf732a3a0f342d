import { z } from 'zod';
import { switchableGates } from './gates.js';

const kind = z.enum(['service', 'sms', 'supplier', 'corrective-action']);

/** Which improvements a line of the policy means: of one of these kinds, all of whose services are among these. Empty means any. */
const which = { kinds: z.array(kind).default([]), services: z.array(z.string()).default([]) };

/** How an approved improvement gets its change. The first line that fits counts; where none does, the rule that raised it says. */
export type ChangeRule = z.infer<typeof ChangeRule>;
export const ChangeRule = z.strictObject({
  ...which,
  /** Make one; take only one that people link; ask the owner which; none: the light path. A linked one is adopted in every case but the last. */
  change: z.enum(['create', 'link', 'ask', 'none']),
});

/** Improvements that may be carried out without a change ticket, and who may authorise it (default: who may approve them). */
export type LightPathRule = z.infer<typeof LightPathRule>;
export const LightPathRule = z.strictObject({ ...which, authorisers: z.array(z.string()).default([]) });

/** Supplier improvements whose change is an amendment of the contract, and who may authorise it (default: who may approve them). */
export type ContractAmendment = z.infer<typeof ContractAmendment>;
export const ContractAmendment = z.strictObject({ authorisers: z.array(z.string()).default([]) });

/** A gate that is switched off on purpose. The journal, the thread and every report say so. */
export type GateOffRule = z.infer<typeof GateOffRule>;
export const GateOffRule = z.strictObject({
  gate: z.enum(switchableGates),
  because: z.string().min(1),
  /** Person id of the directory. */
  by: z.string().min(1),
  since: z.iso.date(),
});

/** The sections of the policy about changes, light paths and gates. */
export const pathSections = {
  changes: z.array(ChangeRule).default([]),
  lightPath: z.array(LightPathRule).default([]),
  contractAmendment: ContractAmendment.optional(),
  gatesOff: z.array(GateOffRule).default([]),
};

/** Whether a line of the policy means an improvement of this kind on these services. */
export function isMeant(
  line: { readonly kinds: readonly string[]; readonly services: readonly string[] },
  improvement: { readonly kind: string; readonly serviceIds: readonly string[] },
): boolean {
  const ofKind = line.kinds.length === 0 || line.kinds.includes(improvement.kind);
  const { serviceIds } = improvement;
  const onServices = line.services.length === 0 || (serviceIds.length > 0 && serviceIds.every((id) => line.services.includes(id)));
  return ofKind && onServices;
}
