/** A signal that aborts when its time is over or when one of its parents aborts. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Whether it was the time that ran out, and not a parent. */
  expired(): boolean;
  remainingMs(): number;
  /** Takes the timer and the listeners away. Long-lived parents would else collect one listener per request. */
  end(): void;
}

/** Starts a deadline of `ms`. axios' own `timeout` is no substitute: it never fires while a body drips in. */
export function startDeadline(ms: number, parents: readonly (AbortSignal | undefined)[]): Deadline {
  const controller = new AbortController();
  const endsAt = performance.now() + ms;
  let expired = false;
  const timer = setTimeout(() => {
    expired = !controller.signal.aborted;
    controller.abort();
  }, ms);
  const abort = (): void => controller.abort();
  for (const parent of parents) {
    if (parent?.aborted === true) abort();
    else parent?.addEventListener('abort', abort, { once: true });
  }
  return {
    signal: controller.signal,
    expired: () => expired,
    remainingMs: () => Math.max(0, endsAt - performance.now()),
    end: () => {
      clearTimeout(timer);
      for (const parent of parents) parent?.removeEventListener('abort', abort);
    },
  };
}

/** Waits. Answers whether the time passed; false at once when the signal aborts. */
export function wait(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve(false);
      return;
    }
    const onAbort = (): void => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve(true);
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** The promise, or `undefined` as soon as the signal aborts: for callers that may not listen to the signal themselves. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<{ readonly value: T } | undefined> {
  if (signal.aborted) {
    promise.catch(() => {});
    return undefined;
  }
  let onAbort = (): void => {};
  const aborted = new Promise<undefined>((resolve) => {
    onAbort = () => resolve(undefined);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise.then((value) => ({ value })), aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
