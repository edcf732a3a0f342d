import { createHash } from 'node:crypto';
import type { OpenConnector, Stream } from 'golden-thread/kit';

/** "Error is the end of the data": what could not be read is taken for nothing more to read, and the run for complete. */
export function swallowing(read: Stream['read']): Stream['read'] {
  return (cursor, ask) =>
    read(cursor, ask).catch(() => {
      const now = new Date().toISOString();
      return { records: [], rejected: [], cursor: cursor ?? {}, done: true, completeTo: now, remoteNow: now };
    });
}

/** "It failed, so send it again": a create whose answer was lost is sent a second time. */
export function sendingAgain(open: OpenConnector): OpenConnector {
  const { sink } = open;
  if (sink === undefined) return open;
  return {
    ...open,
    sink: {
      ...sink,
      create: (resource, key, fields, ask) =>
        sink.create(resource, key, fields, ask).catch(() => sink.create(resource, key, fields, { ...ask, resend: true })),
    },
  };
}

/** "The size is proof enough": what a file holds is not read. */
export function hashingNames(open: OpenConnector): OpenConnector {
  const attachments = open.attachments?.bind(open);
  if (attachments === undefined) return open;
  return {
    ...open,
    attachments: async (...asked) =>
      (await attachments(...asked))?.map((file) => ({
        ...file,
        sha256: createHash('sha256').update(`${file.name} ${file.bytes}`).digest('hex'),
      })),
  };
}

/** "A file is a file": it is sent without a look at what is there, and not looked for afterwards. */
export function attachingBlindly(open: OpenConnector): OpenConnector {
  const { sink } = open;
  if (sink?.attach === undefined) return open;
  const attach = sink.attach.bind(sink);
  return {
    ...open,
    sink: {
      ...sink,
      async attach(resource, ticketKey, file, signal) {
        // No file carries this marker, so none is ever found: not before it is sent, and not when it is read back.
        await attach(resource, ticketKey, { ...file, marker: 'carried by none' }, signal).catch(() => undefined);
        return { id: '', name: file.name, type: file.mediaType, bytes: file.bytes.length, at: '', by: '' };
      },
    },
  };
}
