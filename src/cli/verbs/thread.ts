import { threadLines, threadMermaid, threadReport } from '../../report/index.js';
import { instant } from '../argument.js';
import { exitCodes } from '../exit-codes.js';
import type { AddVerb } from '../verb.js';
import { type CommonOptions, openForReading } from '../open-world.js';
import { safe } from '../terminal.js';
import { noSuch } from './register.js';

/** `thread`: trigger, decision, change, completion, effectiveness of one improvement, its gaps first; exit code 2 when there are any. */
export const addThread: AddVerb = (program, terminal, run) => {
  program
    .command('thread <id>')
    .description('walk the golden thread of one improvement; gaps are named first')
    .option('--json', 'print it as JSON')
    .option('--mermaid', 'print it as a Mermaid flowchart')
    .option('--as-of <instant>', 'as it stood at this instant (UTC, ISO 8601)', instant)
    .action((id: string, options: { json?: boolean; mermaid?: boolean; asOf?: string }) =>
      run(async () => {
        const { config, db, close } = openForReading(program.opts<CommonOptions>());
        try {
          const report = await threadReport(db, config, id, new Date().toISOString(), options.asOf);
          if (report === undefined) throw noSuch(id);
          if (options.json === true) terminal.out(JSON.stringify(report.thread, null, 2));
          else
            for (const line of options.mermaid === true ? threadMermaid(report) : threadLines(report, config))
              terminal.out(safe(line).replace(/^ (?=\S)/, ' '));
          return report.thread.gaps.length > 0 ? exitCodes.attention : exitCodes.ok;
        } finally {
          close();
        }
      }),
    );
};
