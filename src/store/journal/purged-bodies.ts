import type { Instant } from '../../kit/index.js';

/** The kinds of entries that tell of bodies which were removed or redacted. */
export const personPurged = 'person-purged';
export const retentionApplied = 'retention-applied';

/** What an entry of these kinds says about the bodies of others, in its own body. */
export interface BodiesPurged {
  /** First and last of each stretch of bodies that were removed. */
  readonly removed: readonly (readonly [number, number])[];
  /** An entry and the salted hash of what its body is now. */
  readonly redacted: readonly (readonly [number, string])[];
}

interface Entry {
  readonly seq: number;
  readonly at: Instant;
  readonly kind: string;
  readonly bodyHash: string;
  readonly body: string | null;
}

interface Odd {
  readonly seq: number;
  readonly at: Instant;
  /** The hash of what is there now; null when nothing is. */
  readonly now: string | null;
}

/** Keeps, while the journal is walked, which bodies are not the ones that were written, and which purges the journal tells of. */
export interface PurgedBodies {
  readonly odd: Map<number, Odd>;
  readonly purges: { readonly seq: number; readonly says: BodiesPurged }[];
  /** How many oddities a purge accounts for, and those that none does. A purge counts if its own body is sound, or a later sound one redacted it. */
  settle(): { readonly purged: number; readonly broken: readonly { readonly seq: number; readonly what: string; readonly at: Instant }[] };
}

/** Notes one entry's body. `now`: its salted hash as it is, or null. */
export function noteBody({ odd, purges }: PurgedBodies, entry: Entry, now: string | null): void {
  if (now !== entry.bodyHash) odd.set(entry.seq, { seq: entry.seq, at: entry.at, now });
  if ((entry.kind === personPurged || entry.kind === retentionApplied) && entry.body !== null) {
    const says = purgesIn(entry.body);
    if (says !== undefined) purges.push({ seq: entry.seq, says });
  }
}

function purgesIn(text: string): BodiesPurged | undefined {
  try {
    const { body } = JSON.parse(text) as { readonly body?: { readonly bodies?: BodiesPurged } };
    return Array.isArray(body?.bodies?.removed) && Array.isArray(body.bodies.redacted) ? body.bodies : undefined;
  } catch {
    return undefined;
  }
}

export function purgedBodies(): PurgedBodies {
  const odd = new Map<number, Odd>();
  const purges: { seq: number; says: BodiesPurged }[] = [];
  return {
    odd,
    purges,
    settle: () => {
      const sound: BodiesPurged[] = [];
      // The latest first: it alone can account for an earlier one whose own text was redacted.
      for (const { seq, says } of purges.toReversed()) {
        const own = odd.get(seq);
        if (own === undefined || accounts(sound, own)) sound.push(says);
      }
      const broken = [...odd.values()].filter((each) => !accounts(sound, each));
      return {
        purged: odd.size - broken.length,
        broken: broken.map(({ seq, at, now }) => ({
          seq,
          at,
          what: now === null ? 'has lost its body, and no purge accounts for it' : 'has another body than it was written with',
        })),
      };
    },
  };
}

/** Whether a purge says that this body is as it is now; of several, the latest one that names it. */
function accounts(latestFirst: readonly BodiesPurged[], { seq, now }: Odd): boolean {
  for (const { removed, redacted } of latestFirst) {
    if (removed.some(([from, to]) => from <= seq && seq <= to)) return now === null;
    const hash = redacted.find(([at]) => at === seq)?.[1];
    if (hash !== undefined) return hash === now;
  }
  return false;
}
