import { startJiraSimulator } from '../../connectors/jira/simulator/index.js';
import { startServiceNowSimulator } from '../../connectors/servicenow/simulator/index.js';

/** What the parent asks of this process. */
export type HostAsk = { readonly start: { readonly seed: number; readonly now?: string } } | { readonly stop: true };

/** Where a fresh pair of simulators listens. */
export interface HostAnswer {
  readonly servicenow: string;
  readonly jira: string;
}

// A program: simulated systems in a process that is not the engine's. One pair at a time; the next one starts empty.
let end = async (): Promise<unknown> => undefined;

process.on('message', (ask: HostAsk) => {
  void (async () => {
    await end();
    if (!('start' in ask)) return process.disconnect();
    const [servicenow, jira] = await Promise.all([startServiceNowSimulator(ask.start), startJiraSimulator(ask.start)]);
    end = () => Promise.all([servicenow.close(), jira.close()]);
    process.send?.({ servicenow: servicenow.url, jira: jira.url } satisfies HostAnswer);
  })();
});
process.on('disconnect', () => process.exit(0));
