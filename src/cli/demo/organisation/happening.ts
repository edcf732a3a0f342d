import type { Stage } from '../stage.js';

/** Something that happens once, on a day after the release. */
export interface Happening {
  readonly day: number;
  readonly act: (stage: Stage) => Promise<void>;
}
