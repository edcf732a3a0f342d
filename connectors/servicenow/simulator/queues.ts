import { setTimeout as delay } from 'node:timers/promises';
import { type HttpReply, text } from './replies.js';
import type { Switches } from './switches.js';

/** How long a request waited, in real milliseconds. */
export interface Waited {
  readonly semaphoreMs: number;
  readonly sessionMs: number;
}

export interface Queues {
  /** Waits for the session, then for a semaphore, then for the latency; or is refused at once because too many wait already. */
  wait(switches: Switches, cookie: string | undefined): Promise<Waited | { readonly refused: HttpReply }>;
}

/** The two places where an instance lets requests wait: the session that a cookie names, and the semaphores of its node. */
export function createQueues(): Queues {
  const sessions = new Map<string, Line>();
  const node = createLine();
  return {
    async wait({ semaphores, sessionQueue, latencyMs }, cookie) {
      const name = /JSESSIONID=(\w+)/.exec(cookie ?? '')?.[1];
      const session = name === undefined ? undefined : (sessions.get(name) ?? createLine());
      if (name !== undefined && session) sessions.set(name, session);
      const sessionMs = session ? await session.enter(1, sessionQueue) : 0;
      if (sessionMs === undefined) return { refused: text(202, '') };
      const semaphoreMs = semaphores ? await node.enter(semaphores.size, semaphores.queue) : 0;
      if (semaphoreMs === undefined) {
        session?.leave();
        return { refused: text(429, '', { 'Content-Type': 'text/html' }) };
      }
      await delay(latencyMs);
      if (semaphores) node.leave();
      session?.leave();
      return { semaphoreMs, sessionMs };
    },
  };
}

interface Line {
  /** Milliseconds waited; undefined when the line is full. */
  enter(size: number, queue: number): Promise<number | undefined>;
  leave(): void;
}

function createLine(): Line {
  let busy = 0;
  const waiting: (() => void)[] = [];
  return {
    async enter(size, queue) {
      if (busy >= size) {
        if (waiting.length >= queue) return undefined;
        const from = performance.now();
        await new Promise<void>((resolve) => waiting.push(resolve));
        return Math.round(performance.now() - from);
      }
      busy++;
      return 0;
    },
    leave() {
      const next = waiting.shift();
      if (next) next();
      else busy--;
    },
  };
}
