import type { Config } from '../config/index.js';
import { type GapContext, localDate, nameOf } from '../domain/index.js';
import type { Instant, Json } from '../kit/index.js';
import { canonicalJson, type Db, journalHead, readJournal, sha256 } from '../store/index.js';
import type { About } from './document/document.js';
import type { Period } from './period.js';

/** What every report is made from. */
export interface ReportContext {
  readonly db: Db;
  readonly config: Config;
  /** Now. */
  readonly at: Instant;
  /** Show what was known at this instant. Default: what is known now. */
  readonly asOf?: Instant;
  /** Name and version of the product. */
  readonly product: string;
}

/** The instant whose state is shown. */
export function shownAt({ at, asOf }: Pick<ReportContext, 'at' | 'asOf'>): Instant {
  return asOf ?? at;
}

/** What gaps are judged by: today's policy and directory, at the instant that is shown. */
export function gapContextOf(context: ReportContext): GapContext {
  const { policy, directory, settings } = context.config;
  return { policy, directory, timeZone: settings.organisation.timeZone, at: shownAt(context), hash: sha256 };
}

/** What the report says of itself. `gaps`: how many there are among what it shows. */
export async function aboutOf(context: ReportContext, gaps: number, period?: Pick<Period, 'from' | 'to'>): Promise<About> {
  const { config, db, at, asOf, product } = context;
  const { policy, directory, settings } = config;
  const now = { policy: hashOf(policy), directory: hashOf(directory) };
  const notes = asOf === undefined ? [] : await rulesThen(context, asOf, now);
  return {
    organisation: settings.organisation.name,
    at,
    ...(asOf !== undefined && { asOf }),
    ...(period !== undefined && { period: { from: period.from, to: period.to } }),
    timeZone: settings.organisation.timeZone,
    gatesOff: gatesOffBy(config, localDate(shownAt(context), settings.organisation.timeZone)),
    gaps,
    policyHash: now.policy,
    directoryHash: now.directory,
    journal: await journalHead(db),
    product,
    ...(notes.length > 0 && { notes }),
  };
}

/** Says when other rules held at that time than those that gaps are judged by now. */
async function rulesThen(
  { db }: ReportContext,
  asOf: Instant,
  now: { readonly policy: string; readonly directory: string },
): Promise<readonly string[]> {
  const entries = await readJournal(db, { kind: 'rules-changed' });
  const then = entries.findLast((entry) => entry.at <= asOf)?.body as Partial<typeof now> | undefined;
  if (then === undefined) return [];
  return (['policy', 'directory'] as const)
    .filter((name) => then[name] !== undefined && then[name] !== now[name])
    .map((name) => `The ${name} in force then was another one (${then[name]?.slice(0, 16) ?? ''}…); gaps and names are judged by today's.`);
}

/** Gates that the policy has switched off by the day that is shown, in words. */
function gatesOffBy({ policy, directory }: Config, onDate: string): readonly string[] {
  return policy.gatesOff
    .filter(({ since }) => since <= onDate)
    .map(({ gate, because, by, since }) => `${gate} (since ${since} by ${nameOf(directory, by)}: ${because})`);
}

/** As the journal's `rules-changed` has it. */
function hashOf(rules: unknown): string {
  return sha256(canonicalJson(JSON.parse(JSON.stringify(rules)) as Json));
}
