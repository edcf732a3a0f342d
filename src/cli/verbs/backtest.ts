import { Failure } from '../../kit/index.js';
import { type Backtest, backtest } from '../../sync/index.js';
import { suggestion } from '../../yaml/index.js';
import { counted, day } from '../argument.js';
import { exitCodes } from '../exit-codes.js';
import { type CommonOptions, openForReading, readMappings } from '../open-world.js';
import { safe, table } from '../terminal.js';
import type { AddVerb } from '../verb.js';

interface Options {
  readonly from: string;
  readonly to: string;
  readonly rules?: string;
  readonly closedAfter?: number;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** So many lines are read by a person who tunes thresholds. */
const shown = 40;

/** `backtest`: what the rules would have raised from the history that is stored. */
export const addBacktest: AddVerb = (program, terminal, run) => {
  program
    .command('backtest')
    .description('run the rules over the stored history and show what they would have raised; writes nothing')
    .requiredOption('--from <date>', 'first day, YYYY-MM-DD; what occurred before is baseline', day)
    .requiredOption('--to <date>', 'last day, YYYY-MM-DD', day)
    .option('--rules <ids>', 'only these rules of policy.yaml, separated by commas')
    .option(
      '--closed-after <days>',
      'suppose that each improvement is closed so many days after it was raised; default: all stay open',
      counted,
    )
    .option('--all', `list every improvement, not the first ${shown}`)
    .option('--json', 'print everything as JSON')
    .action((options: Options) =>
      run(async () => {
        const { config, db, close } = openForReading(program.opts<CommonOptions>());
        try {
          const rules = options.rules?.split(',').map((id) => id.trim());
          const known = config.policy.rules.map(({ id }) => id);
          for (const id of rules ?? [])
            if (!known.includes(id))
              throw new Failure('config', `there is no rule "${id}"${suggestion(id, known)}`, {
                hint: `rules of policy.yaml: ${known.join(', ')}`,
              });
          if (options.from > options.to)
            throw new Failure('config', `${options.from} is later than ${options.to}`, { hint: 'give the first day as --from' });
          const found = await backtest(
            { config, mappings: readMappings(config.mappingsDir), db },
            {
              from: options.from,
              to: options.to,
              ...(rules !== undefined && { rules }),
              ...(options.closedAfter !== undefined && { closedAfterDays: options.closedAfter }),
            },
          );
          if (options.json === true) terminal.out(JSON.stringify(found, null, 2));
          else for (const line of linesOf(found, options.all === true)) terminal.out(safe(line));
          return exitCodes.ok;
        } finally {
          close();
        }
      }),
    );
};

function linesOf(found: Backtest, all: boolean): readonly string[] {
  const inputs = found.inputs.map(({ category, count }) => `${count} ${category}`).join(', ');
  const listed = all ? found.raised : found.raised.slice(0, shown);
  return [
    `${found.from} to ${found.to}: ${inputs === '' ? 'no inputs' : `inputs ${inputs}`}.`,
    `${found.raised.length} improvements would have been raised; ${found.joined} further records would have joined them, ${found.suppressed} been suppressed.`,
    '',
    ...table(
      ['raised', 'rule', 'priority', 'improvement', 'records', 'on', 'joined', 'to'],
      listed.map((one) => [
        one.at.slice(0, 10),
        one.rule,
        one.priority,
        one.title.slice(0, 80),
        String(one.triggers.length),
        one.days.length > 1 ? `${one.days[0]} … ${one.days.at(-1)}` : (one.days[0] ?? ''),
        String(one.joined),
        one.lastJoined ?? '',
      ]),
    ),
    ...(listed.length < found.raised.length ? [`… and ${found.raised.length - listed.length} more (--all)`] : []),
    '',
    ...table(
      ['rule', 'raised'],
      found.rules.map(({ rule, raised }) => [rule, String(raised)]),
    ),
    '',
    ...table(
      ['week of', 'raised', 'held by the cap'],
      found.weeks.map(({ week, raised, held }) => [week, String(raised), String(held)]),
    ),
    '',
    ...(found.neverFired.length === 0 ? [] : [`Nothing would have been raised from: ${found.neverFired.join(', ')}.`]),
  ];
}
