import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that does nothing else than answer: what it takes to answer is the machine's doing. Ends with its parent. */
const server = createServer((_request, response) => response.end('{"status":"ok"}'));
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit());
