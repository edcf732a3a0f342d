import { createTask } from 'node-cron';

/** The longest time between two runs of a cron expression within the next hours, in ms. An hour for one that cannot be told. */
export function intervalOf(expression: string | undefined): number {
  const hourMs = 3_600_000;
  if (expression === undefined) return hourMs;
  const task = createTask(expression, () => undefined, { timezone: 'Etc/UTC' });
  try {
    const runs = task.getNextRuns(4).map((run) => run.getTime());
    const gaps = runs.slice(1).map((run, index) => run - (runs[index] ?? run));
    return gaps.length === 0 ? hourMs : Math.max(...gaps);
  } finally {
    void task.destroy();
  }
}
