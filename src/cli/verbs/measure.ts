import { type MeasuredSpan, shown } from '../../domain/index.js';
import { explainMeasurements, explanationLines } from '../../report/index.js';
import { improvement as improvementWithId } from '../../store/index.js';
import { type Standing, standingOf } from '../../sync/index.js';
import { exitCodes } from '../exit-codes.js';
import type { AddVerb } from '../verb.js';
import { type CommonOptions, openForReading, readMappings } from '../open-world.js';
import { safe } from '../terminal.js';
import { noSuch } from './register.js';

/** `measure`: where the measurement of one improvement stands; with `--explain`, every measurement done again; exit code 2 when one differs from its record. */
export const addMeasure: AddVerb = (program, terminal, run) => {
  program
    .command('measure <id>')
    .description('say where the measurement of one improvement stands; writes nothing')
    .option('--explain', 'do every measurement again from the kept record versions, with all numbers')
    .option('--json', 'print it as JSON')
    .action((id: string, options: { explain?: boolean; json?: boolean }) =>
      run(async () => {
        const { config, db, close } = openForReading(program.opts<CommonOptions>());
        try {
          if (options.explain === true) {
            const explanation = await explainMeasurements(db, id);
            if (explanation === undefined) throw await noSuch(id, db);
            if (options.json === true) terminal.out(JSON.stringify(explanation.measurements, null, 2));
            else for (const line of explanationLines(explanation)) terminal.out(safe(line));
            return explanation.measurements.every((each) => !('recorded' in each) || each.same) ? exitCodes.ok : exitCodes.attention;
          }
          const improvement = await improvementWithId(db, id);
          if (improvement === undefined) throw await noSuch(id, db);
          const standing = await standingOf(
            db,
            { config, mappings: readMappings(config.mappingsDir) },
            improvement,
            new Date().toISOString(),
          );
          if (options.json === true) terminal.out(JSON.stringify(standing, null, 2));
          else for (const line of standingLines(standing, improvement.plan.metric)) terminal.out(safe(line));
          return exitCodes.ok;
        } finally {
          close();
        }
      }),
    );
};

/** Where it stands, as lines for a terminal. */
export function standingLines({ id, status, sentence, plan, soFar, troubles }: Standing, metric: string): readonly string[] {
  const said = (span: MeasuredSpan): string =>
    metric === 'weekly-rate' || metric === 'criterion' ? `${span.rate.toFixed(1)} a week` : shown(metric as 'share', span.value);
  const line = (name: string, span: MeasuredSpan): string =>
    span.weekly.length === 0
      ? `  ${name}: not begun`
      : `  ${name} ${span.from.slice(0, 10)} to ${span.to.slice(0, 10)}, ${span.weekly.length} weeks: ${said(span)} (${span.weekly.join(' ')})`;
  return [
    `${id} is ${status}. ${sentence}`,
    `  measured: ${plan.metric}; target: ${plan.target}`,
    ...(soFar === undefined ? [] : [line('baseline', soFar.baseline), line('window so far', soFar.window)]),
    ...troubles.map((trouble) => `  trouble: ${trouble}`),
  ];
}
