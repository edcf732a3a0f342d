/** How many retries a system may cost: one for every ten requests, and a small reserve. */
export interface RetryBudget {
  /** To be told of every first attempt. */
  earn(): void;
  /** Takes one retry out of the budget; false when there is none left. */
  spend(): boolean;
}

const perRequest = 0.1;

/**
 * A token bucket. Without one, every layer's retries multiply exactly when the remote is down: a system that fails all the time
 * gets at most `reserve` requests more than it would have got without any retry, plus a tenth.
 */
export function createRetryBudget(reserve = 10): RetryBudget {
  let tokens = reserve;
  return {
    earn() {
      tokens = Math.min(reserve, tokens + perRequest);
    },
    spend() {
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
