import { fromText, toText } from '../time.js';
import type { Ordered } from '../ordered.js';
import type { Condition, Malformed } from './syntax.js';

/** A stretch of an index, `from` inclusive, `to` exclusive, and the groups of conditions that it does not settle. */
export interface Range {
  readonly from: number;
  readonly to: number;
  readonly rest: readonly (readonly (Condition | Malformed)[])[];
}

type Group = readonly (Condition | Malformed)[];
type Clause = readonly Group[];

/**
 * The stretch of the index by (sys_updated_on, sys_id) that one clause can match. It settles bounds on sys_updated_on, and the two
 * ways to say "behind (T, S)": `=T^sys_id>S`, and `>=T^sys_updated_on>T^ORsys_id>S`. A reader's keyset page is then found
 * without looking at the rows before it.
 */
export function rangeByUpdate(clause: Clause, index: Ordered): Range {
  let from = 0;
  let to = index.items().length;
  const rest: Group[] = [];
  const lower = (stamp: string, id: string, after: boolean): void => {
    from = Math.max(from, index.find({ stamp, id }, after));
  };
  const pinned = new Set(clause.map(stampOf('=')).filter((stamp) => stamp !== undefined));
  const floors = new Set(clause.map(stampOf('>=')).filter((stamp) => stamp !== undefined));
  for (const group of clause) {
    const [at, since, behind, until, before] = (['=', '>=', '>', '<=', '<'] as const).map((operator) => stampOf(operator)(group));
    const afterId = idBehind(group);
    const keyset = keysetOf(group);
    if (at !== undefined) {
      lower(at, '', false);
      to = Math.min(to, index.find({ stamp: at, id: last }, true));
    } else if (since !== undefined) lower(since, '', false);
    else if (behind !== undefined) lower(behind, last, true);
    else if (until !== undefined) to = Math.min(to, index.find({ stamp: until, id: last }, true));
    else if (before !== undefined) to = Math.min(to, index.find({ stamp: before, id: '' }, false));
    else if (afterId !== undefined && pinned.size === 1) for (const stamp of pinned) lower(stamp, afterId, true);
    else if (keyset && floors.has(keyset.stamp)) lower(keyset.stamp, keyset.id, true);
    else rest.push(group);
  }
  return { from, to: Math.max(from, to), rest };
}

/** The same for the index by sys_id alone: it settles `sys_id>S`. */
export function rangeById(clause: Clause, index: Ordered): Range {
  const behind = clause.map(idBehind).filter((id) => id !== undefined);
  const from = Math.max(0, ...behind.map((id) => index.find({ stamp: '', id }, true)));
  return { from, to: index.items().length, rest: clause.filter((group) => idBehind(group) === undefined) };
}

/** Behind every sys_id. */
const last = '\uffff';

const only = (group: Group): Condition | undefined => {
  const [condition] = group;
  return group.length === 1 && condition !== undefined && 'field' in condition ? condition : undefined;
};

const stampText = (value: string): string | undefined => {
  const ms = fromText(value);
  return ms === undefined ? undefined : toText(ms);
};

const stampOf =
  (operator: string) =>
  (group: Group): string | undefined => {
    const condition = only(group);
    return condition?.field === 'sys_updated_on' && condition.operator === operator ? stampText(condition.value) : undefined;
  };

const idBehind = (group: Group): string | undefined => {
  const condition = only(group);
  return condition?.field === 'sys_id' && condition.operator === '>' && !condition.value.startsWith('javascript:')
    ? condition.value
    : undefined;
};

function keysetOf(group: Group): { stamp: string; id: string } | undefined {
  if (group.length !== 2) return undefined;
  const [stamp] = group.map((condition) => stampOf('>')([condition])).filter((one) => one !== undefined);
  const [id] = group.map((condition) => idBehind([condition])).filter((one) => one !== undefined);
  return stamp === undefined || id === undefined ? undefined : { stamp, id };
}
