import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type JiraControl, jiraControl } from '../../connectors/jira/simulator/index.js';
import { type ServiceNowControl, serviceNowControl } from '../../connectors/servicenow/simulator/index.js';
import type { HostAnswer, HostAsk } from './simulator-host.js';

/** A simulated ServiceNow and a simulated Jira, empty but for their defaults. */
export interface Systems {
  readonly servicenow: ServiceNowControl & { readonly url: string };
  readonly jira: JiraControl & { readonly url: string };
}

/** A process that simulates both systems. */
export interface SimulatorHost {
  /** Ends the pair before and starts a fresh one. Without `now` their clocks run; else they stand there. */
  start(options: { readonly seed: number; readonly now?: string }): Promise<Systems>;
  stop(): Promise<void>;
}

/** Starts the process. */
export function startSimulatorHost(): SimulatorHost {
  const child = fork(fileURLToPath(new URL('./simulator-host.js', import.meta.url)), [], {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  return {
    start: async (options) => {
      child.send({ start: options } satisfies HostAsk);
      const [{ servicenow, jira }] = (await once(child, 'message')) as [HostAnswer];
      return { servicenow: { ...serviceNowControl(servicenow), url: servicenow }, jira: { ...jiraControl(jira), url: jira } };
    },
    stop: async () => {
      if (child.connected) child.send({ stop: true } satisfies HostAsk);
      await ended;
    },
  };
}
