import type { Sim } from '../sim.js';
import type { Person } from '../world/types.js';
import { readDate } from './dates.js';
import type { Operand } from './parse.js';

/** Against what a query is read: the site, the caller, the moment. */
export interface Scope {
  readonly sim: Sim;
  readonly caller: Person | undefined;
  readonly readDate: (operand: Operand) => number | undefined;
  /** A stamp as the index holds it. */
  readonly indexed: (stamp: number) => number;
}

export function scopeOf(sim: Sim, caller: Person | undefined): Scope {
  const dates = { now: sim.clock.now(), timeZone: caller?.timeZone ?? 'UTC' };
  const resolution = sim.switches.indexResolutionMs;
  return {
    sim,
    caller,
    readDate: (operand) => (isNumber(operand) && !sim.switches.epochDates ? undefined : readDate(operand, dates)),
    indexed: resolution === 1 ? (stamp) => stamp : (stamp) => Math.floor(stamp / resolution) * resolution,
  };
}

function isNumber(operand: Operand): boolean {
  return operand.kind === 'value' && !operand.quoted && /^-?\d{5,}$/.test(operand.text);
}
