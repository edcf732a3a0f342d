import type { Config } from '../config/index.js';
import { type Improvement, nameOf, oneLine, refText, type Thread, type ThreadItem, threadOf } from '../domain/index.js';
import type { Instant } from '../kit/index.js';
import {
  type Absence,
  absencesAmong,
  type Db,
  improvement as improvementWithId,
  improvementAsOf,
  inputsById,
  inputsByIdAsOf,
  sha256,
} from '../store/index.js';

/** One improvement with its golden thread. */
export interface ThreadReport {
  readonly improvement: Improvement;
  readonly thread: Thread;
}

/** The thread of an improvement as it stands, or as it stood at `asOf`. Undefined when there is none with this id. */
export async function threadReport(db: Db, config: Config, id: string, at: Instant, asOf?: Instant): Promise<ThreadReport | undefined> {
  const improvement = asOf === undefined ? await improvementWithId(db, id) : (await improvementAsOf(db, id, asOf))?.improvement;
  if (improvement === undefined) return undefined;
  const ids = [...improvement.triggers, ...improvement.joined];
  const inputs = asOf === undefined ? await inputsById(db, ids) : await inputsByIdAsOf(db, ids, asOf);
  const { policy, directory, settings } = config;
  const thread = threadOf(improvement, inputs, {
    policy,
    directory,
    timeZone: settings.organisation.timeZone,
    at: asOf ?? at,
    hash: sha256,
  });
  const refs = thread.stages.flatMap(({ items }) => items.flatMap(({ ref }) => ref ?? []));
  const absent = new Map(
    (await absencesAmong(db, refs))
      .filter(({ noticedAt }) => asOf === undefined || noticedAt <= asOf)
      .map((absence) => [refText(absence.ref), absence]),
  );
  return { improvement, thread: absent.size === 0 ? thread : withAbsences(thread, absent) };
}

/** Says of records that have vanished at their source that what is shown is what was kept of them. */
function withAbsences(thread: Thread, absent: ReadonlyMap<string, Absence>): Thread {
  const said = (item: ThreadItem): ThreadItem => {
    const absence = item.ref === undefined ? undefined : absent.get(refText(item.ref));
    if (absence === undefined) return item;
    const gone = `no longer at its source (${words[absence.whereabouts]}, noticed ${absence.noticedAt.slice(0, 10)}); the kept version is shown`;
    return { ...item, because: item.because === undefined || item.because === '' ? gone : `${item.because}; ${gone}` };
  };
  return { ...thread, stages: thread.stages.map((stage) => ({ ...stage, items: stage.items.map(said) })) };
}

const words: Readonly<Record<Absence['whereabouts'], string>> = {
  here: 'missed by its stream',
  'out-of-scope': 'outside of what the stream reads',
  archived: 'archived',
  deleted: 'deleted',
  'not-visible': 'not visible to our account',
  unknown: 'deleted or not visible to our account',
};

/** At most this many items of a stage are shown, the first and the last of them. */
const most = 8;

function abridged<T>(items: readonly T[]): readonly (T | 'gap')[] {
  return items.length <= most ? items : [...items.slice(0, most / 2), 'gap', ...items.slice(-most / 2)];
}

const marks = { complete: '✓', gap: '✗', ahead: '·', ended: '-' } as const;

/** The thread as lines for a terminal, the gaps first: they are what an auditor asks about. Lines hold ticket text of strangers. */
export function threadLines({ improvement, thread }: ThreadReport, config: Config): readonly string[] {
  const person = (id: string): string => nameOf(config.directory, id);
  const lines = [
    `${thread.id}  ${thread.title}`,
    `${thread.status}, priority ${improvement.priority.band.toUpperCase()} (${improvement.priority.score}), owner ${person(improvement.owner)}, approver ${person(improvement.approver)}, target ${improvement.targetDate}`,
    ...(improvement.ticket === undefined ? [] : [`ticket ${improvement.ticket.number}  ${improvement.ticket.url}`]),
    '',
    thread.gaps.length === 0
      ? thread.complete
        ? 'No gaps: the thread is complete.'
        : 'No gaps so far.'
      : `${thread.gaps.length} ${thread.gaps.length === 1 ? 'gap' : 'gaps'}:`,
    ...thread.gaps.map((gap) => `  ✗ ${gap.code}: ${gap.sentence} (${person(gap.owner)}, since ${gap.since.slice(0, 10)})`),
  ];
  for (const stage of thread.stages) {
    lines.push('', `${marks[stage.state]} ${stage.stage}`);
    const shown = abridged(stage.items);
    for (const item of shown) {
      if (item === 'gap') {
        lines.push(`    … and ${stage.items.length - shown.length + 1} more between them (--json lists all)`);
        continue;
      }
      const who = item.by === undefined ? '' : ` by ${item.by}`;
      lines.push(`    ${item.at.slice(0, 10)}  ${item.title}${who}`);
      if (item.because !== undefined && item.because !== '') lines.push(`                ${oneLine(item.because, 160)}`);
    }
    if (stage.items.length === 0) lines.push(stage.state === 'gap' ? '    missing' : '    not due');
  }
  return lines;
}

/** The thread as a Mermaid flowchart. Labels are quoted and stripped of everything that Mermaid would read as markup. */
export function threadMermaid({ thread }: ThreadReport): readonly string[] {
  const lines = ['flowchart LR'];
  let previous: readonly string[] = [];
  for (const [at, stage] of thread.stages.entries()) {
    const shown = stage.items.slice(0, 6);
    const names = shown.length === 0 ? [`s${at}`] : shown.map((_, index) => `s${at}_${index}`);
    lines.push(`  subgraph ${stage.stage}`);
    if (shown.length === 0) lines.push(`    s${at}["${stage.state === 'gap' ? 'missing' : stage.state}"]:::${stage.state}`);
    for (const [index, item] of shown.entries())
      lines.push(`    s${at}_${index}["${label(`${item.at.slice(0, 10)} ${item.title}`)}"]:::${stage.state}`);
    if (stage.items.length > shown.length) lines.push(`    s${at}_more["and ${stage.items.length - shown.length} more"]:::${stage.state}`);
    lines.push('  end');
    for (const from of previous) for (const to of names.slice(0, 1)) lines.push(`  ${from} --> ${to}`);
    previous = names.slice(-1);
  }
  return [
    ...lines,
    '  classDef complete fill:#e6f4ea,stroke:#1e7e34,color:#111',
    '  classDef gap fill:#fdecea,stroke:#b3261e,color:#111,stroke-dasharray:4 3',
    '  classDef ahead fill:#f5f5f5,stroke:#777,color:#444',
    '  classDef ended fill:#f5f5f5,stroke:#777,color:#444',
  ];
}

function label(text: string): string {
  const flat = text
    .replace(/[^\p{L}\p{N} .,:;%+/()'-]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return flat.length > 70 ? `${flat.slice(0, 69)}…` : flat;
}
