import type { ConnectorContext, JsonObject, OpenConnector } from 'golden-thread/kit';
import { testContext } from 'golden-thread/kit/testing';
import servicenow from '../../connectors/servicenow/index.js';
import {
  type ServiceNowControl,
  type Simulator,
  type SimulatorOptions,
  serviceNowControl,
  startServiceNowSimulator,
} from '../../connectors/servicenow/simulator/index.js';

export const reader = { username: 'gt.reader', password: 'reader-password' };
export const writer = { username: 'gt.writer', password: 'writer-password' };

/** A simulated instance and the connector on it. */
export interface Simulated {
  readonly url: string;
  readonly control: ServiceNowControl;
  /** Opens it as after a restart: what it has stored is still there. */
  open(options?: {
    readonly config?: JsonObject;
    readonly wanted?: Readonly<Record<string, readonly string[]>>;
    /** How often a request is repeated at most. Default 1. */
    readonly retries?: number;
  }): OpenConnector;
  /** Empties the durable place for what the connector stores. */
  forget(): void;
  close(): Promise<void>;
}

/** Starts an instance whose clock stands at noon of 21 November 2026 unless `options` say otherwise. */
export async function simulate(options: SimulatorOptions = {}): Promise<Simulated> {
  const simulator: Simulator = await startServiceNowSimulator({ now: '2026-11-21T12:00:00Z', ...options });
  const stored = new Map<string, string>();
  const credentials: ConnectorContext['credentials'] = {
    get: (name) => Promise.resolve(stored.get(name)),
    put: (name, value) => Promise.resolve(void stored.set(name, value)),
  };
  return {
    url: simulator.url,
    control: serviceNowControl(simulator.url),
    open: ({ config, wanted = {}, retries = 1 } = {}) => {
      const opened = testContext({ system: 'sn', wanted, secrets: ['reader-password', 'writer-password'], retries });
      const parsed = servicenow.config.parse({ instance: simulator.url, read: reader, write: writer, ...config });
      return servicenow.open(parsed, { ...opened.context, credentials });
    },
    forget: () => stored.clear(),
    close: () => simulator.close(),
  };
}
