import { Command, CommanderError } from 'commander';
import { asFailure, describeFailure, type Failure, isFailure } from '../kit/index.js';
import { exitCodeOf, exitCodes, worstExitCode } from './exit-codes.js';
import { printProblems, processTerminal, safe, type Terminal } from './terminal.js';
import { addBacktest } from './verbs/backtest.js';
import { addBackup } from './verbs/backup.js';
import { addCensus } from './verbs/census.js';
import { addCheck } from './verbs/check.js';
import { addClauses } from './verbs/clauses.js';
import { addDemo } from './verbs/demo.js';
import { addImport } from './verbs/import.js';
import { addGaps } from './verbs/gaps.js';
import { addInputs } from './verbs/inputs.js';
import { addMappings } from './verbs/mappings.js';
import { addMeasure } from './verbs/measure.js';
import { addOutbox } from './verbs/outbox.js';
import { addPack } from './verbs/pack.js';
import { addPlan } from './verbs/plan.js';
import { addQuarantine } from './verbs/quarantine.js';
import { addRegister } from './verbs/register.js';
import { addRelease } from './verbs/release.js';
import { addReview } from './verbs/review.js';
import { addSample } from './verbs/sample.js';
import { addSimulate } from './verbs/simulate.js';
import { addStart } from './verbs/start.js';
import { addStatus } from './verbs/status.js';
import { addSuspects } from './verbs/suspects.js';
import { addSync } from './verbs/sync.js';
import { addThread } from './verbs/thread.js';
import { addJournal } from './verbs/journal.js';
import { addPurge } from './verbs/purge.js';
import { addVerify } from './verbs/verify.js';
import type { AddVerb, Run } from './verb.js';
import { version } from './version.js';

const verbs: readonly AddVerb[] = [
  addCensus,
  addCheck,
  addOutbox,
  addPlan,
  addRelease,
  addSync,
  addSimulate,
  addStart,
  addStatus,
  addRegister,
  addThread,
  addSuspects,
  addMeasure,
  addGaps,
  addClauses,
  addReview,
  addSample,
  addPack,
  addQuarantine,
  addImport,
  addBacktest,
  addInputs,
  addMappings,
  addJournal,
  addPurge,
  addVerify,
  addBackup,
  addDemo,
];

/** Runs one command line. Never throws: whatever goes wrong is a sentence on stderr and an exit code. */
export async function main(argv: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  let code: number = exitCodes.ok;
  const run: Run = async (work) => {
    code = await work();
  };
  const program = new Command('golden-thread')
    .description(
      'Keeps the golden thread of continual improvement: trigger, decision, change, completion, effectiveness (ISO/IEC 20000-1, clause 10.2).',
    )
    .version(version())
    .option(
      '-c, --config <dir>',
      'folder with golden-thread.yaml, policy.yaml and directory.yaml',
      process.env['GOLDEN_THREAD_CONFIG'] ?? 'config',
    )
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.out(text.trimEnd()), writeErr: (text) => terminal.err(text.trimEnd()) })
    .addHelpText(
      'after',
      '\nExit codes: 0 ok, 1 failure, 2 something to look at, 64 usage, 69 system unavailable, 75 locked, 77 permission, 78 configuration.',
    );
  for (const add of verbs) add(program, terminal, run);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    return report(error, terminal);
  }
}

function report(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (error instanceof AggregateError) {
    const problems = error.errors.map((each) => asFailure(each)) as readonly Failure[];
    printProblems(terminal, problems);
    return worstExitCode(problems);
  }
  if (isFailure(error)) {
    terminal.err(describeFailure(error).split('\n').map(safe).join('\n'));
    return exitCodeOf(error);
  }
  terminal.err(error instanceof Error ? (error.stack ?? error.message) : String(error));
  terminal.err('This is a defect of golden-thread; nothing was half done. Please report it with the lines above.');
  return exitCodes.failure;
}
