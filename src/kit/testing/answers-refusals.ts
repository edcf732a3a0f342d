import type { Json, JsonObject, Sink } from 'golden-thread/kit';
import { isFailure } from '../failure.js';
import { demand, onFreshSystem, promise, type Promised } from './case.js';
import { from } from './disturbances.js';
import { countingRequests, wireOf } from './operations.js';
import { failureOf } from './tells-failures-apart.js';
import type { SinkDriver, Subject } from './subject.js';
import { keyOf } from './ticket-key.js';
import { resolve } from './writes-once.js';

/** Where a text is cut, something may stand that may not be: half of a character. */
const emoji = '👩‍👩‍👧';

/** Answers refusals: what a system will not take is told of that one ticket, in the system's words, and stops no other. */
export function answersRefusals(subject: Subject, driver: SinkDriver): readonly Promised[] {
  const { resource } = driver;
  const name = (text: string): string => `${resource}: ${text}`;
  const openSink = async (): Promise<Sink> => {
    const { sink } = await subject.open();
    demand(sink !== undefined, 'the connector has no sink');
    return sink;
  };
  const on = (run: (sink: Sink) => Promise<void>) => (): Promise<void> => onFreshSystem(subject, async () => run(await openSink()));
  const make = async (sink: Sink, of: string, fields: JsonObject = driver.fields(1)): Promise<string> =>
    (await sink.create(resource, keyOf(of), fields, { resend: false })).ticket.key;
  const change = (i: number): JsonObject => driver.change?.(i) ?? driver.fields(i + 1000);

  return [
    promise(
      name('a step whose answer is lost, at any of its requests, is done once when it is taken again (F25, F26, F27)'),
      on(async () => anyLostAnswer(subject, driver, openSink)),
      { wire: subject.wire !== undefined },
    ),
    promise(
      name('text of any length is written, and cut where it must be, with a word about it and between two characters (F29)'),
      on(async (sink) => {
        const known = await sink.resources.find((one) => one.name === resource)?.fields();
        for (const field of driver.texts ?? []) {
          const limit = known?.find((one) => one.name === field)?.maxLength;
          const most = limit ?? 32_767;
          for (const length of [most - 1, most, most + 1, 1_000_000]) {
            const under = `${field} with ${length} of ${most} characters`;
            const text = `${'x'.repeat(Math.max(0, Math.min(length, most) - 2))}${emoji.repeat(Math.ceil(length / emoji.length))}`
              .slice(0, length)
              .toWellFormed();
            const made = await sink
              .create(resource, keyOf(under), { ...driver.fields(1), [field]: text }, { resend: false })
              .catch((error: unknown) => error);
            if (made instanceof Error) {
              demand(isFailure(made) && made.kind === 'record', `${under}: ${made.message}`);
              continue;
            }
            const { data, differences } = made as Awaited<ReturnType<Sink['create']>>;
            demand(isWhole(data), `${under}: half of a character was written`);
            if (length <= (limit ?? Infinity)) continue;
            // In the text itself, for whoever reads the ticket, or as a difference.
            const isMarked = JSON.stringify(data[field] ?? '').includes('…');
            demand(isMarked || differences.some((one) => one.field === field), `${under}: it cannot be whole, and no difference is told`);
          }
        }
      }),
      { texts: driver.texts !== undefined },
    ),
    promise(
      name('what the system refuses is a failure of that record in the words of the system, and the next one flows (F30)'),
      on(async (sink) => {
        for (const { why, arrange, fields, says } of driver.refused ?? []) {
          const key = keyOf(why);
          await arrange?.();
          const before = await subject.requests();
          const failure = await failureOf(sink.create(resource, key, { ...driver.fields(1), ...fields }, { resend: false }));
          const made = (await subject.requests()) - before;
          demand(
            ['record', 'config'].includes(failure.kind) && says.test(`${failure.message} ${failure.details.hint ?? ''}`),
            `${why}: ${failure.kind}: ${failure.message}`,
          );
          demand(
            failure.details.committed === 'no' && (await driver.ticketsWith(key.value)) === 0,
            `${why}: refused, and not said to be not carried out`,
          );
          demand(made <= 8, `${why}: ${made} requests for one refusal`);
          await make(sink, `after ${why}`);
        }
      }),
      { refused: driver.refused !== undefined },
    ),
    promise(
      name('a status to which nothing leads is refused by name, and the ticket stays where it is (F31)'),
      on(async (sink) => {
        demand(sink.transition !== undefined, 'the sink has no transition()');
        const ticket = await make(sink, 'no way');
        const failure = await failureOf(sink.transition(resource, ticket, 'No Such Status', {}));
        demand(
          ['record', 'config'].includes(failure.kind) && failure.message.includes('No Such Status'),
          `${failure.kind}: ${failure.message}`,
        );
        demand(failure.details.committed !== 'maybe', 'nothing was sent, and the failure leaves it open');
      }),
      { move: driver.move !== undefined },
    ),
    promise(
      name('an update over what a person has changed meanwhile is a conflict, and the person wins (F36)'),
      on(async (sink) => {
        const ticket = await make(sink, 'edited meanwhile');
        const seen = (await sink.update(resource, ticket, change(1))).data;
        const by = Object.keys(change(1));
        await subject.advance(60_000);
        // As a person would: our own update stands for theirs.
        const theirs = await sink.update(resource, ticket, change(2));
        const failure = await failureOf(sink.update(resource, ticket, change(3), undefined, pick(seen, by)));
        demand(
          failure.kind === 'conflict' && failure.details.committed === 'no',
          `${failure.kind}, committed ${failure.details.committed ?? 'not told'}: ${failure.message}`,
        );
        const now = (await sink.read(resource, ticket))?.data ?? {};
        for (const field of by) demand(now[field] === undefined || same(now[field], theirs.data[field]), `${field} was overwritten`);
        await sink.update(resource, ticket, change(3), undefined, pick(theirs.data, by));
      }),
    ),
  ];
}

/** Loses the answer of the k-th request of a step, for every k, and takes the step again as core does. */
async function anyLostAnswer(subject: Subject, driver: SinkDriver, openSink: () => Promise<Sink>): Promise<void> {
  const { resource } = driver;
  const wire = wireOf(subject);
  for (let request = 0; ; request += 1) {
    const key = keyOf(`lost at ${request}`);
    const sink = await openSink();
    const watermark = await sink.before?.(resource);
    wire.disturb(from(request, { do: 'lose' }, 1));
    const { made, outcome } = await countingRequests(wire, () =>
      sink.create(resource, key, driver.fields(1), { resend: false }).catch((error: unknown) => error),
    );
    wire.heal();
    if (outcome instanceof Error) {
      demand(
        isFailure(outcome) && outcome.details.committed !== undefined,
        `answer ${request + 1} of a create was lost: ${outcome.message}`,
      );
      const again = await openSink();
      const found = await resolve(subject, again, resource, key, watermark);
      if (found.is !== 'found') await again.create(resource, key, driver.fields(1), { resend: true });
    }
    const tickets = await driver.ticketsWith(key.value);
    demand(tickets === 1, `answer ${request + 1} of a create was lost, and there are ${tickets} tickets`);
    if (request >= made) break;
  }
  const ticket = (await (await openSink()).create(resource, keyOf('steps'), driver.fields(1), { resend: false })).ticket.key;
  const link = { globalId: 'golden-thread:lost', url: 'https://example.com/x', title: 'One', relationship: 'is triggered by' };
  const steps: readonly (readonly [
    string,
    (sink: Sink, i: number) => Promise<unknown> | undefined,
    (() => Promise<number> | undefined)?,
  ])[] = [
    ['a comment', (sink, i) => sink.comment?.(resource, ticket, `marker ${i}`, `Said ${i}.`), () => driver.comments?.(ticket)],
    ['a link', (sink, i) => sink.link?.(resource, ticket, { ...link, globalId: `golden-thread:${i}` }), () => driver.links?.(ticket)],
    ['an update', (sink, i) => sink.update(resource, ticket, driver.change?.(i) ?? driver.fields(i + 1000))],
    ['a move', (sink) => (driver.move === undefined ? undefined : sink.transition?.(resource, ticket, driver.move.to, driver.move.fields))],
  ];
  for (const [what, step, counted] of steps) {
    for (let request = 0; ; request += 1) {
      await subject.advance(60_000);
      const before = (await counted?.()) ?? 0;
      wire.disturb(from(request, { do: 'lose' }, 1));
      const { made } = await countingRequests(wire, async () => step(await openSink(), request)?.catch(() => undefined));
      wire.heal();
      await step(await openSink(), request);
      const more = ((await counted?.()) ?? 1) - (counted === undefined ? 0 : before);
      demand(more === 1 || counted?.() === undefined, `answer ${request + 1} of ${what} was lost, and it is there ${more} times`);
      if (request >= made) break;
    }
  }
}

function pick(data: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.map((name) => [name, data[name] ?? null]));
}

function same(one: Json | undefined, other: Json | undefined): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

function isWhole(value: Json): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\ufffd');
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(isWhole);
}
