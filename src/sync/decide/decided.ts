/** What the rules made of what came in. */
export interface Decided {
  /** The installation is held: nothing was decided. */
  readonly held: boolean;
  readonly inputs: number;
  readonly raised: readonly string[];
  readonly joined: number;
  readonly suppressed: number;
}

/** Nothing happened. */
export const nothing: Decided = { held: false, inputs: 0, raised: [], joined: 0, suppressed: 0 };

/** Both together. */
export function add(a: Decided, b: Decided): Decided {
  return {
    held: a.held || b.held,
    inputs: a.inputs + b.inputs,
    raised: [...a.raised, ...b.raised],
    joined: a.joined + b.joined,
    suppressed: a.suppressed + b.suppressed,
  };
}
