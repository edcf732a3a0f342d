import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';

/** A door of its own before a server on loopback: it can be shut, so that every connection is refused, and lead to another server. */
export interface Gate {
  readonly url: string;
  leadTo(url: string): void;
  shut(): Promise<void>;
  open(): Promise<void>;
}

/** Opens a gate on a free port. */
export async function openGate(): Promise<Gate> {
  let target = 0;
  let server: Server | undefined;
  let port = 0;
  const sockets = new Set<Socket>();

  const pass = (from: Socket): void => {
    const to = connect(target, '127.0.0.1');
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  };

  const open = async (): Promise<void> => {
    if (server !== undefined) return;
    const fresh = createServer(pass);
    server = fresh;
    await new Promise<void>((resolve) => fresh.listen(port, '127.0.0.1', resolve));
    ({ port } = fresh.address() as AddressInfo);
  };

  await open();
  return {
    url: `http://127.0.0.1:${port}`,
    leadTo: (url) => {
      target = Number(new URL(url).port);
    },
    open,
    shut: async () => {
      const shutting = server;
      server = undefined;
      if (shutting === undefined) return;
      const closed = new Promise<void>((resolve) => shutting.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
