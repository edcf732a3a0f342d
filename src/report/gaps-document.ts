import { dayMs, type Gap, type Improvement, millis } from '../domain/index.js';
import type { Instant } from '../kit/index.js';
import { registerInParts } from '../store/index.js';
import { aboutOf, type ReportContext, shownAt } from './context.js';
import { paragraph, type ReportDocument, type Table } from './document/document.js';
import { asJson } from './document/json.js';
import { gapsOfEach } from './gaps-of-register.js';
import { personName } from './wording.js';

/** A gap with the improvement that it is a gap of. */
export interface FoundGap extends Gap {
  readonly improvement: Pick<Improvement, 'id' | 'title' | 'status'>;
  /** Whole days since it came to be. */
  readonly ageDays: number;
}

/** Which gaps. */
export interface GapFilter {
  /** Person id. */
  readonly owner?: string;
  readonly code?: readonly string[];
}

/** All gaps of all improvements, the oldest first. */
export async function findGaps(context: ReportContext, filter: GapFilter = {}): Promise<readonly FoundGap[]> {
  const found: FoundGap[] = [];
  const at = shownAt(context);
  for await (const part of registerInParts(context.db, context.asOf === undefined ? {} : { asOf: context.asOf }))
    for (const [index, gaps] of (await gapsOfEach(context, part)).entries())
      for (const gap of gaps) {
        const improvement = part[index];
        if (improvement === undefined) continue;
        if (filter.owner !== undefined && gap.owner !== filter.owner) continue;
        if (filter.code !== undefined && !filter.code.includes(gap.code)) continue;
        const { id, title, status } = improvement;
        found.push({ ...gap, improvement: { id, title, status }, ageDays: ageInDays(gap.since, at) });
      }
  return found.toSorted((a, b) => b.ageDays - a.ageDays || (a.improvement.id < b.improvement.id ? -1 : 1));
}

/** Whole days between two instants; 0 for what lies ahead. */
export function ageInDays(since: Instant, at: Instant): number {
  return Math.max(0, Math.floor((millis(at) - millis(since)) / dayMs));
}

/** What is missing or unverified, where, whose it is and for how long. */
export async function gapsDocument(context: ReportContext, filter: GapFilter = {}): Promise<ReportDocument> {
  const gaps = await findGaps(context, filter);
  const main = gapTable(gaps, context);
  const by = (name: string, keyOf: (gap: FoundGap) => string): Table => ({
    kind: 'table',
    caption: `Gaps by ${name}`,
    columns: [
      { title: name, width: 3 },
      { title: 'gaps', align: 'number' },
      { title: 'oldest, days', align: 'number' },
    ],
    rows: [...Map.groupBy(gaps, keyOf)]
      .map(([key, group]) => [key, group.length, Math.max(...group.map(({ ageDays }) => ageDays))] as const)
      .toSorted((a, b) => b[1] - a[1]),
  });
  return {
    name: 'gaps',
    title: 'Gaps in the golden threads',
    about: await aboutOf(context, gaps.length),
    blocks:
      gaps.length === 0
        ? [paragraph('No gap: every link that is due is there and verified.')]
        : [main, by('code', ({ code }) => code), by('owner', ({ owner }) => personName(context.config.directory, owner))],
    main,
    data: { gaps: asJson(gaps) },
  };
}

/** Gaps as a table, one line each. */
export function gapTable(gaps: readonly FoundGap[], { config }: ReportContext): Table {
  return {
    kind: 'table',
    caption: 'Gaps, the oldest first',
    columns: [
      { title: 'ID', width: 1 },
      { title: 'Days', align: 'number', width: 0.7 },
      { title: 'Since', width: 1.2 },
      { title: 'Owner', width: 1.4 },
      { title: 'Stage', width: 1.2 },
      { title: 'Code', width: 2 },
      { title: 'What is missing', width: 4 },
    ],
    empty: 'none',
    rows: gaps.map((gap) => [
      gap.improvement.id,
      gap.ageDays,
      { date: gap.since.slice(0, 10) },
      personName(config.directory, gap.owner),
      gap.stage,
      { mark: 'bad', text: gap.code },
      gap.sentence,
    ]),
  };
}
