import { join } from 'node:path';
import { timeShown } from '../../domain/index.js';
import { threadLines, threadReport } from '../../report/index.js';
import { improvements } from '../../store/index.js';
import type { World } from '../../sync/index.js';
import { safe, type Terminal } from '../terminal.js';
import { registerLines } from '../verbs/register.js';
import type { DemoOutcome } from './run-demo.js';

/** The year of the invented organisation. */
const year = { from: '2025-10-06', to: '2026-09-30' };

/** The figures in four sentences. */
export function tell(terminal: Terminal, outcome: DemoOutcome): void {
  const { verdicts } = outcome;
  for (const line of [
    `${outcome.days} days in ${timeShown(outcome.seconds)}: ${outcome.records} records read, ${outcome.lost} lost, ${outcome.quarantined} in quarantine.`,
    `${outcome.improvements} improvements, ${outcome.tickets} tickets, ${outcome.changes} change requests, ${outcome.duplicateTickets} duplicates.`,
    `Verdicts: ${verdicts.effective} effective, ${verdicts.notEffective} not effective, ${verdicts.inconclusive} inconclusive; ${outcome.followOns} follow-ons; ${outcome.threadsComplete} complete threads, ${outcome.threadsWithGaps} with gaps.`,
    `Journal: ${outcome.journalEntries} entries, ${outcome.journalVerified ? 'every one as it was written' : 'BROKEN'}.`,
  ])
    terminal.err(line);
}

/** The register, then one golden thread for each kind of result, then what to run next: what an owner and an auditor would look at. */
export async function show({ err }: Terminal, world: World, { examples, folder, isOrganisation }: DemoOutcome): Promise<void> {
  const { config, store } = world;
  const blank = (): void => err('');
  blank();
  for (const line of registerLines(await improvements(store.read), config.directory)) err(line);
  for (const id of examples) {
    const report = await threadReport(store.read, config, id, world.clock());
    blank();
    if (report !== undefined) for (const line of threadLines(report, config)) err(safe(line));
  }
  blank();
  const shown = examples[0] ?? 'IMP-0001';
  err(`All of it is kept in ${folder}. To look around:`);
  err(`  . ${join(folder, 'env.sh')}`);
  for (const [command, shows] of next(shown, join(folder, 'evidence.zip'), isOrganisation))
    err(`  npm run -s golden-thread -- ${command.padEnd(44)} # ${shows}`);
}

/** What a reader would want to see next, and the command for it. */
function next(id: string, pack: string, isOrganisation: boolean): readonly (readonly [command: string, shows: string])[] {
  return [
    ['register', 'every improvement'],
    [`thread ${id}`, 'one golden thread, gaps first'],
    [`measure ${id} --explain`, 'its measurement, done again from the kept records'],
    ['gaps', 'every missing link, with owner and age'],
    ...(isOrganisation
      ? ([
          [`clauses --from ${year.from} --to ${year.to}`, 'who looked where, clause by clause and quarter by quarter'],
          ['inputs', 'the inputs register, and what is overdue'],
          [`review --from ${year.from} --to ${year.to}`, 'the pack for a management review'],
        ] as const)
      : []),
    ['sample --size 25', 'an audit sample that can be drawn again'],
    [`pack ${id} --out ${pack}`, 'evidence that is verified without the product'],
    ['verify', 'the journal, entry by entry'],
  ];
}
