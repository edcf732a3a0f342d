import type { AddressInfo } from 'node:net';
import { type InstanceOptions, createInstance } from './instance.js';
import type { Account } from './accounts.js';
import { addAccount, seed } from './seed.js';
import { createSimulatorServer, type TlsOptions } from './server.js';

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
  /** Speaks TLS and asks for client certificates. The address is then `https://localhost:PORT`. */
  readonly tls?: TlsOptions;
  /** Accounts besides the default ones. */
  readonly accounts?: readonly Account[];
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
  for (const account of options.accounts ?? []) addAccount(instance, account);
  const server = createSimulatorServer(instance, options.tls);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: options.tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    close: async () => {
      instance.clock.stop();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
