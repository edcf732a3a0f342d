import type { Found, IdempotencyKey, JsonObject, Sink, Watermark } from 'golden-thread/kit';
import { demand, onFreshSystem, promise, type Promised } from './case.js';
import { missingKey } from './reads-everything.js';
import type { SinkDriver, Subject } from './subject.js';
import { failureOf } from './tells-failures-apart.js';
import { attachesOnce } from './attaches-once.js';
import { keyOf } from './ticket-key.js';

/** Writes once: no answer that is lost, no repetition makes a second ticket, comment or link. */
export function writesOnce(subject: Subject, driver: SinkDriver): readonly Promised[] {
  const { resource } = driver;
  const name = (text: string): string => `${resource}: ${text}`;
  const openSink = async (): Promise<Sink> => {
    const { sink } = await subject.open();
    demand(sink !== undefined, 'the connector has no sink');
    return sink;
  };
  const on = (run: (sink: Sink) => Promise<void>) => (): Promise<void> => onFreshSystem(subject, async () => run(await openSink()));
  const make = async (sink: Sink, of: string): Promise<string> =>
    (await sink.create(resource, keyOf(of), driver.fields(1), { resend: false })).ticket.key;
  const change = (i: number): JsonObject => driver.change?.(i) ?? driver.fields(i + 1000);

  return [
    promise(
      name('a created ticket is read back, and found by its key'),
      on(async (sink) => {
        const key = keyOf('created');
        const watermark = await sink.before?.(resource);
        const receipt = await sink.create(resource, key, driver.fields(1), { resend: false });
        demand(
          receipt.ticket.key !== '' && receipt.ticket.number !== '' && URL.canParse(receipt.ticket.url),
          'the receipt names no ticket',
        );
        const found = await resolve(subject, sink, resource, key, watermark);
        demand(found.is === 'found' && found.ticket.key === receipt.ticket.key, `find says ${found.is}`);
        const record = await sink.read(resource, receipt.ticket.key);
        demand(record?.ref.key === receipt.ticket.key, 'the ticket cannot be read');
        demand((await driver.ticketsWith(key.value)) === 1, 'there is not exactly one ticket with the key');
      }),
    ),
    promise(
      name('two keys make two tickets'),
      on(async (sink) => {
        const [one, other] = [await make(sink, 'one'), await make(sink, 'other')];
        demand(one !== other, 'two keys, one ticket');
      }),
    ),
    promise(
      name('a create whose answer was lost is found, never doubled'),
      on(async (sink) => {
        const key = keyOf('answer lost');
        const watermark = await sink.before?.(resource);
        await subject.fault('answer-lost-after-commit');
        const failure = await failureOf(sink.create(resource, key, driver.fields(1), { resend: false }));
        await subject.clearFaults();
        demand(
          failure.details.committed === 'maybe',
          `the answer was lost, and the failure says "${failure.details.committed ?? 'nothing'}"`,
        );
        demand((await driver.ticketsWith(key.value)) === 1, 'the lost create was repeated, or was never carried out');
        const found = await resolve(subject, await openSink(), resource, key, watermark);
        demand(found.is === 'found', `the ticket is there, and find says ${found.is}`);
        demand((await driver.ticketsWith(key.value)) === 1, 'looking for a ticket made another one');
      }),
    ),
    promise(
      name('a create that never arrived is absent, and sent again makes one'),
      on(async (sink) => {
        const key = keyOf('never arrived');
        const watermark = await sink.before?.(resource);
        await subject.fault('unreachable');
        const cutOff = await openSink();
        const failure = await failureOf(cutOff.create(resource, key, driver.fields(1), { resend: false }));
        await subject.clearFaults();
        demand(failure.details.committed === 'no', 'nothing was delivered, and the failure does not say so');
        const restarted = await openSink();
        const found = await resolve(subject, restarted, resource, key, watermark);
        demand(found.is === 'absent', `nothing was created, and find says ${found.is}`);
        await restarted.create(resource, key, driver.fields(1), { resend: true });
        demand((await driver.ticketsWith(key.value)) === 1, 'there is not exactly one ticket with the key');
      }),
    ),
    promise(
      name('a key that nothing carries is absent or unknown'),
      on(async (sink) => {
        await make(sink, 'some other');
        const found = await sink.find(resource, keyOf('nothing carries this'), {});
        demand(found.is === 'absent' || found.is === 'unknown', `find says ${found.is}`);
      }),
    ),
    promise(
      name('an update can be repeated'),
      on(async (sink) => {
        const ticket = await make(sink, 'updated');
        const first = await sink.update(resource, ticket, change(1));
        const second = await sink.update(resource, ticket, change(1));
        demand(
          JSON.stringify(second.differences) === JSON.stringify(first.differences),
          'the same update twice left something else behind',
        );
        demand((await driver.ticketsWith(keyOf('updated').value)) === 1, 'the update lost the key, or made a ticket');
      }),
    ),
    promise(
      name('a link is made once per globalId'),
      on(async (sink) => {
        demand(sink.link !== undefined, without('link'));
        const ticket = await make(sink, 'linked');
        const before = (await driver.links?.(ticket)) ?? 0;
        const link = { globalId: 'golden-thread:conformance', url: 'https://example.com/x', title: 'One', relationship: 'is triggered by' };
        for (const title of ['One', 'One', 'Two']) await sink.link(resource, ticket, { ...link, title });
        const made = ((await driver.links?.(ticket)) ?? 0) - before;
        demand(made === 1, `one link, written three times, is there ${made} times`);
      }),
      { links: driver.links !== undefined },
    ),
    promise(
      name('a comment is written once per marker, a lost answer included'),
      on(async (sink) => {
        demand(sink.comment !== undefined, without('comment'));
        const ticket = await make(sink, 'commented');
        const before = (await driver.comments?.(ticket)) ?? 0;
        await subject.fault('answer-lost-after-commit');
        await sink.comment(resource, ticket, 'marker-1', 'It was approved.').catch(() => {});
        await subject.clearFaults();
        for (let i = 0; i < 2; i += 1) await sink.comment(resource, ticket, 'marker-1', 'It was approved.');
        const made = ((await driver.comments?.(ticket)) ?? 0) - before;
        demand(made === 1, `one comment, written three times, is there ${made} times`);
      }),
      { comments: driver.comments !== undefined },
    ),
    ...attachesOnce(subject, driver, openSink),
    promise(
      name('a move to where the ticket already is succeeds'),
      on(async (sink) => {
        demand(sink.transition !== undefined && driver.move !== undefined, without('transition'));
        const ticket = await make(sink, 'moved');
        for (let i = 0; i < 2; i += 1) await sink.transition(resource, ticket, driver.move.to, driver.move.fields);
      }),
      { move: driver.move !== undefined },
    ),
    promise(
      name('a ticket that does not exist reads as nothing'),
      on(async (sink) => {
        const ticket = await make(sink, 'exists');
        demand((await sink.read(resource, missingKey(ticket))) === undefined, 'something was read under a key that nothing has');
      }),
    ),
    promise(
      name('the history is complete, oldest first'),
      on(async (sink) => {
        demand(sink.history !== undefined, without('history'));
        const ticket = await make(sink, 'history');
        await subject.advance(60_000);
        await sink.update(resource, ticket, change(1));
        await subject.advance(60_000);
        await sink.update(resource, ticket, change(2));
        const entries = await sink.history(resource, ticket);
        demand(entries.length >= 2, `two changes, ${entries.length} entries`);
        const times = entries.map((entry) => entry.at);
        demand(times.join() === times.toSorted().join(), 'the entries are not in order');
        demand(
          entries.every((entry) => entry.actor.id !== ''),
          'an entry does not say who made the change',
        );
      }),
    ),
  ];
}

/** What a sink need not offer must be excused all the same: nothing passes because nothing was tried. */
function without(capability: string): string {
  return `the sink has no ${capability}(): if that is meant so, give it as the reason in skip`;
}

/** Looks for a ticket as core does: asks again, in the remote's time, as long as the answer is "not known yet". */
export async function resolve(
  subject: Subject,
  sink: Sink,
  resource: string,
  key: IdempotencyKey,
  watermark: Watermark | undefined,
): Promise<Found> {
  for (let tries = 0; ; tries += 1) {
    const found = await sink.find(resource, key, watermark === undefined ? {} : { watermark });
    if (found.is !== 'unknown' || tries >= 30) return found;
    await subject.advance(found.againAfterMs);
  }
}
