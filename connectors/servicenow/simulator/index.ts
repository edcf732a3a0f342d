import type { AddressInfo } from 'node:net';
import { type InstanceOptions, createInstance } from './instance.js';
import { seed } from './seed.js';
import { createSimulatorServer } from './server.js';

export { type ClockState, type ServiceNowControl, serviceNowControl } from './control.js';
export type { AccessRule } from './access.js';
export { type Account, type OAuthClient, defaultAccounts, defaultClients } from './accounts.js';
export type { ChangeGoal, ChangeStep } from './changes.js';
export type { Column, TableDeclaration } from './dictionary/column.js';
export type { Fault, FaultCount, FaultKind } from './faults.js';
export type { Committed, JournalEntry } from './journal.js';
export type { LoadAsk, Loaded } from './load.js';
export type { Row } from './store.js';
export type { RateLimitRule, Switches } from './switches.js';

export interface SimulatorOptions extends InstanceOptions {
  /** Loopback port; 0 or nothing = any that is free. */
  readonly port?: number;
}

/** A running simulator. */
export interface Simulator {
  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a simulated ServiceNow instance on loopback, in this process. Fails when the port is taken. */
export async function startServiceNowSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const instance = createInstance(options);
  seed(instance);
  const server = createSimulatorServer(instance);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      instance.clock.stop();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
