import { type Directory, type Improvement, nameOf, statuses, type Status } from '../../domain/index.js';
import { Failure } from '../../kit/index.js';
import { threadLines, threadReport } from '../../report/index.js';
import { improvements } from '../../store/index.js';
import { status } from '../argument.js';
import { exitCodes } from '../exit-codes.js';
import type { AddVerb } from '../verb.js';
import { type CommonOptions, openForReading } from '../open-world.js';
import { safe, table } from '../terminal.js';

/** `register`: the one list of all improvements. */
export const addRegister: AddVerb = (program, terminal, run) => {
  const register = program
    .command('register')
    .description('list the improvement register')
    .option('--status <status...>', `only these: ${statuses.join(', ')}`, status)
    .option('--json', 'print it as JSON')
    .action((options: { status?: readonly Status[]; json?: boolean }) =>
      run(async () => {
        const wanted = options.status;
        const { config, db, close } = openForReading(program.opts<CommonOptions>());
        try {
          const found = await improvements(db, wanted === undefined ? {} : { status: wanted });
          if (options.json === true) terminal.out(JSON.stringify(found, null, 2));
          else for (const line of registerLines(found, config.directory)) terminal.out(line);
          return exitCodes.ok;
        } finally {
          close();
        }
      }),
    );
  register
    .command('show <id>')
    .description('show one improvement with everything that is known of it')
    .option('--json', 'print the whole entry as JSON')
    .action((id: string, options: { json?: boolean }) =>
      run(async () => {
        const { config, db, close } = openForReading(program.opts<CommonOptions>());
        try {
          const report = await threadReport(db, config, id, new Date().toISOString());
          if (report === undefined) throw noSuch(id);
          const { improvement } = report;
          if (options.json === true || register.opts<{ json?: boolean }>().json === true)
            terminal.out(JSON.stringify(improvement, null, 2));
          else {
            for (const line of threadLines(report, config)) terminal.out(safe(line));
            terminal.out('');
            terminal.out(`Risk: ${safe(improvement.riskStatement)}`);
            terminal.out(`Priority: ${safe(improvement.priority.rationale)}`);
            for (const { name, score, weight, because } of improvement.priority.factors)
              terminal.out(`  ${name}: ${score} x ${weight}, because ${safe(because)}`);
          }
          return exitCodes.ok;
        } finally {
          close();
        }
      }),
    );
};

/** For an id that is not in the register. */
export function noSuch(id: string): Failure {
  return new Failure('record', `there is no improvement ${id} in the register`, { key: id, hint: 'golden-thread register lists them' });
}

/** The register as a table, one line an improvement. */
export function registerLines(register: readonly Improvement[], directory: Directory): readonly string[] {
  const rows = register.map((each) => [
    each.id,
    each.status,
    each.priority.band.toUpperCase(),
    nameOf(directory, each.owner),
    each.targetDate,
    each.ticket?.number ?? '-',
    each.measurements.at(-1)?.result ?? '-',
    each.title,
  ]);
  return table(['id', 'status', 'priority', 'owner', 'target', 'ticket', 'result', 'title'], rows);
}
