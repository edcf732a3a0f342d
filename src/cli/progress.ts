import { SingleBar, Presets } from 'cli-progress';
import type { Progress } from '../sync/index.js';
import { safe, type Terminal } from './terminal.js';

/** A bar for a person at a terminal, a plain line per tenth part (or per 5,000) otherwise. `end` takes the bar away. */
export function showProgress(terminal: Terminal): Progress & { end(): void } {
  return terminal.isInteractive ? bars() : lines(terminal);
}

function bars(): Progress & { end(): void } {
  let current: { readonly task: string; readonly bar: SingleBar } | undefined;
  const end = (): void => {
    current?.bar.stop();
    current = undefined;
  };
  return {
    report: (task, done, total) => {
      if (current?.task !== task) {
        end();
        const bar = new SingleBar(
          { format: `${safe(task)} {bar} {value}/{total}`, clearOnComplete: true, stream: process.stderr },
          Presets.shades_classic,
        );
        bar.start(Math.max(total ?? done, 1), 0);
        current = { task, bar };
      }
      if (total !== undefined) current.bar.setTotal(Math.max(total, done, 1));
      current.bar.update(done);
    },
    end,
  };
}

function lines(terminal: Terminal): Progress & { end(): void } {
  const told = new Map<string, number>();
  return {
    report: (task, done, total) => {
      const step = total === undefined || total <= 0 ? Math.floor(done / 5000) : Math.floor((done * 10) / total);
      if (done === 0 || told.get(task) === step) return;
      told.set(task, step);
      terminal.err(safe(`${task}: ${done}${total === undefined ? '' : ` of ${total}`}`));
    },
    end: () => undefined,
  };
}
