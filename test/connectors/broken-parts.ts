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
