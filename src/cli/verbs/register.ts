import { Option } from 'commander';
import { type Directory, type Improvement, nameOf, statuses, type Status } from '../../domain/index.js';
import { Failure } from '../../kit/index.js';
import {
  improvementChart,
  registerDocument,
  type RegisterFilter,
  runChartNumbers,
  type RunChartNumbers,
  threadDocument,
  threadLines,
  threadReport,
} from '../../report/index.js';
import { type Db, registerPage } from '../../store/index.js';
import { counted, status } from '../argument.js';
import { exitCodes } from '../exit-codes.js';
import type { AddVerb } from '../verb.js';
import { type CommonOptions, openForReading } from '../open-world.js';
import { contextOf, type OutputOptions, personGiven, putOut, serviceGiven, wantsDocument, withOutput } from '../report-output.js';
import { safe, table } from '../terminal.js';

const kinds = ['service', 'sms', 'supplier', 'corrective-action'] as const;

interface RegisterOptions extends OutputOptions {
  readonly status?: readonly Status[];
  readonly kind?: readonly Improvement['kind'][];
  readonly owner?: string;
  readonly service?: string;
  readonly overdue?: boolean;
  readonly limit?: number;
  readonly page?: number;
  readonly json?: boolean;
}

/** `register`: the one list of all improvements. */
export const addRegister: AddVerb = (program, terminal, run) => {
  const register = withOutput(
    program
      .command('register')
      .description('list the improvement register')
      .option('--status <status...>', `only these: ${statuses.join(', ')}`, status)
      .addOption(new Option('--kind <kind...>', 'only these').choices(kinds))
      .option('--owner <person>', 'only those of this person (id or name)')
      .option('--service <service>', 'only those on this service (id or name)')
      .option('--overdue', 'only open ones past their target date')
      .option('--limit <number>', 'so many a page; default: all on one', counted)
      .option('--page <number>', 'which page', counted)
      .option('--json', 'print the entries as JSON, without anything around them'),
  ).action((options: RegisterOptions) =>
    run(async () => {
      const { config, db, close } = openForReading(program.opts<CommonOptions>());
      try {
        const context = contextOf(config, db, options);
        const filter: RegisterFilter = {
          ...(options.status !== undefined && { status: options.status }),
          ...(options.kind !== undefined && { kind: options.kind }),
          ...(options.owner !== undefined && { owner: personGiven(config, options.owner) }),
          ...(options.service !== undefined && { service: serviceGiven(config, options.service) }),
          ...(options.overdue === true && { overdue: true }),
          ...(options.limit !== undefined && { limit: options.limit }),
          ...(options.page !== undefined && { page: options.page }),
        };
        const document = await registerDocument(context, filter);
        const { improvements: found } = document.data as unknown as { readonly improvements: readonly Improvement[] };
        if (options.json === true) terminal.out(JSON.stringify(found, null, 2));
        else if (wantsDocument(options)) await putOut(terminal, document, options);
        else for (const line of registerLines(found, config.directory)) terminal.out(line);
        return exitCodes.ok;
      } finally {
        close();
      }
    }),
  );
  withOutput(
    register
      .command('show <id>')
      .description('show one improvement with everything that is known of it')
      .option('--json', 'print the whole entry as JSON'),
  ).action((id: string, _own: unknown, command: { optsWithGlobals(): { json?: boolean } & OutputOptions }) =>
    run(async () => {
      // Both know --json, --format, --out and --as-of: what stands before `show` is meant for it as well.
      const options = command.optsWithGlobals();
      const { config, db, close } = openForReading(program.opts<CommonOptions>());
      try {
        const context = contextOf(config, db, options);
        const report = await threadReport(db, config, id, context.at, context.asOf);
        if (report === undefined) throw await noSuch(id, db);
        const { improvement } = report;
        if (options.json === true) terminal.out(JSON.stringify({ ...improvement, ...(await chartNumbers(db, improvement)) }, null, 2));
        else if (wantsDocument(options)) {
          const document = await threadDocument(context, id);
          if (document !== undefined) await putOut(terminal, document, options);
        } else {
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

/** The limits, the target and the signals of the run chart of the latest measurement; nothing where nothing was counted. */
async function chartNumbers(db: Db, improvement: Improvement): Promise<{ readonly runChart?: RunChartNumbers }> {
  const chart = await improvementChart(db, improvement);
  return chart === undefined ? {} : { runChart: runChartNumbers(chart) };
}

/** For an id that is not in the register. */
export async function noSuch(id: string, db: Parameters<typeof registerPage>[0]): Promise<Failure> {
  const { total } = await registerPage(db, { limit: 0 });
  return new Failure('record', `there is no improvement ${id} in the register`, {
    key: id,
    hint: total === 0 ? 'the register is empty' : 'golden-thread register lists them; with --as-of it may not have been raised yet',
  });
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
