import { threadDocument, threadLines, threadMermaid, threadReport } from '../../report/index.js';
import { exitCodes } from '../exit-codes.js';
import type { AddVerb } from '../verb.js';
import { type CommonOptions, openForReading } from '../open-world.js';
import { contextOf, type OutputOptions, putOut, wantsDocument, withOutput } from '../report-output.js';
import { safe } from '../terminal.js';
import { noSuch } from './register.js';

/** `thread`: trigger, decision, change, completion, effectiveness of one improvement, its gaps first; exit code 2 when there are any. */
export const addThread: AddVerb = (program, terminal, run) => {
  withOutput(
    program
      .command('thread <id>')
      .description('walk the golden thread of one improvement; gaps are named first')
      .option('--json', 'print the thread as JSON, without anything around it')
      .option('--mermaid', 'print it as a Mermaid flowchart'),
  ).action((id: string, options: OutputOptions & { readonly json?: boolean; readonly mermaid?: boolean }) =>
    run(async () => {
      const { config, db, close } = openForReading(program.opts<CommonOptions>());
      try {
        const context = contextOf(config, db, options);
        const report = await threadReport(db, config, id, context.at, options.asOf);
        if (report === undefined) throw await noSuch(id, db);
        if (options.json === true) terminal.out(JSON.stringify(report.thread, null, 2));
        else if (options.mermaid !== true && wantsDocument(options)) {
          const document = await threadDocument(context, id);
          if (document !== undefined) await putOut(terminal, document, options);
        } else
          for (const line of options.mermaid === true ? threadMermaid(report) : threadLines(report, config))
            terminal.out(safe(line).replace(/^ (?=\S)/, ' '));
        return report.thread.gaps.length > 0 ? exitCodes.attention : exitCodes.ok;
      } finally {
        close();
      }
    }),
  );
};
