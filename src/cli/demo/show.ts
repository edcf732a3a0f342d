import { threadLines, threadReport } from '../../report/index.js';
import { improvements } from '../../store/index.js';
import type { World } from '../../sync/index.js';
import { safe, type Terminal } from '../terminal.js';
import { registerLines } from '../verbs/register.js';
import type { DemoOutcome } from './run-demo.js';

/** The figures in four sentences. */
export function tell(terminal: Terminal, outcome: DemoOutcome): void {
  const { verdicts } = outcome;
  for (const line of [
    `${outcome.days} days in ${outcome.seconds} s: ${outcome.records} records read, ${outcome.lost} lost, ${outcome.quarantined} in quarantine.`,
    `${outcome.improvements} improvements, ${outcome.tickets} tickets, ${outcome.changes} change requests, ${outcome.duplicateTickets} duplicates.`,
    `Verdicts: ${verdicts.effective} effective, ${verdicts.notEffective} not effective, ${verdicts.inconclusive} inconclusive; ${outcome.followOns} follow-ons; ${outcome.threadsComplete} complete threads, ${outcome.threadsWithGaps} with gaps.`,
    `Journal: ${outcome.journalEntries} entries, ${outcome.journalVerified ? 'every one as it was written' : 'BROKEN'}.`,
  ])
    terminal.err(line);
}

/** The register, then one golden thread for each kind of result, then what to run next: what an owner and an auditor would look at. */
export async function show({ err }: Terminal, world: World, { examples, folder }: DemoOutcome): Promise<void> {
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
  err(`To look around: . ${folder}/env.sh; golden-thread -c ${folder}/config thread ${examples[0] ?? 'IMP-0001'}`);
}
