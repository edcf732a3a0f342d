import { Failure } from 'golden-thread/kit';
import type { Answered } from '../client.js';

/** The account that the credentials belong to. */
export interface Account {
  readonly id: string;
  readonly name: string;
  /** The remote's clock when it answered. */
  readonly remoteNow: string | undefined;
  /** Jira's own answers name it in a header (`X-AACCOUNTID`), so that each of them proves by itself for whom it was made. */
  readonly named: boolean;
}

/** Who asks, and whether Jira answered this account and nobody else. */
export interface AccountProof {
  /** Asks Jira: never answered to an anonymous caller. Fails with `auth`. */
  myself(signal?: AbortSignal): Promise<Account>;
  /** Asks once per process; from then on what was found. */
  known(signal?: AbortSignal): Promise<Account>;
  /**
   * Holds an answer against the account. With credentials that ran out a search may be answered as for an anonymous caller: 200, and fewer issues.
   * An answer that names the account is proof without another request. Where Jira (or a proxy before it) leaves that header out, the account is
   * asked for after each answer. Fails with `auth`, or with `transient` for an answer that was made for somebody else though the credentials are good.
   */
  proven(answer: Pick<Answered<unknown>, 'account'>, signal?: AbortSignal): Promise<void>;
}

/** The proof for one configured Jira; `ask` sends the request for the account itself. */
export function accountProof(ask: (signal?: AbortSignal) => Promise<Account>): AccountProof {
  let account: Account | undefined;
  const myself = async (signal?: AbortSignal): Promise<Account> => {
    account = await ask(signal);
    return account;
  };
  return Object.freeze({
    myself,
    known: async (signal?: AbortSignal) => account ?? myself(signal),
    async proven(answer: Pick<Answered<unknown>, 'account'>, signal?: AbortSignal) {
      if (account?.named === true && answer.account === account.id) return;
      const now = await myself(signal);
      if (now.named && answer.account !== now.id)
        throw new Failure('transient', 'Jira answered as for another account than that of the credentials, so the answer is not used', {
          hint: 'if this goes on, see what stands between golden-thread and Jira: it must not share answers between callers',
        });
    },
  });
}
