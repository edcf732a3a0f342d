import { createHash } from 'node:crypto';
import type { FileToAttach, Sink } from 'golden-thread/kit';
import { demand, onFreshSystem, promise, type Promised } from './case.js';
import { from } from './disturbances.js';
import { countingRequests } from './operations.js';
import type { SinkDriver, Subject } from './subject.js';
import { keyOf } from './ticket-key.js';

/** Attaches once: one file per marker, whole, whichever answer is lost. For sinks that offer `attach`, whose driver then shows the files. */
export function attachesOnce(subject: Subject, driver: SinkDriver, openSink: () => Promise<Sink>): readonly Promised[] {
  const { resource } = driver;
  const files = driver.files?.bind(driver);
  if (files === undefined) return [offersNone(subject, driver, openSink)];
  const ticketIn = async (sink: Sink): Promise<string> =>
    (await sink.create(resource, keyOf('with files'), driver.fields(1), { resend: false })).ticket.key;
  const attach = async (sink: Sink, ticket: string, file: FileToAttach) => {
    demand(sink.attach !== undefined, 'the driver shows files, and the sink has no attach()');
    return sink.attach(resource, ticket, file);
  };
  return [
    promise(`${resource}: a file is attached once and whole, and a second one beside it`, () =>
      onFreshSystem(subject, async () => {
        const sink = await openSink();
        const ticket = await ticketIn(sink);
        const [one, other] = [fileOf('one'), fileOf('other')];
        for (const file of [one, one, other, one]) {
          const told = await attach(sink, ticket, file);
          demand(told.name === file.name && told.bytes === file.bytes.length, `told as ${told.name} with ${told.bytes} bytes`);
          demand(told.sha256 === undefined || told.sha256 === sha256(file.bytes), 'what it tells of the content is another content');
        }
        const there = await files(ticket);
        for (const file of [one, other]) {
          const same = there.filter(({ name }) => name === file.name);
          demand(same.length === 1, `${file.name}, attached several times, is there ${same.length} times`);
          demand(Buffer.from(file.bytes).equals(same[0]?.bytes ?? new Uint8Array()), `${file.name} did not arrive byte by byte`);
        }
      }),
    ),
    promise(`${resource}: where the connector reads files, each has the digest of what it holds`, () =>
      onFreshSystem(subject, async () => {
        const connector = await subject.open();
        const { sink } = connector;
        demand(sink !== undefined, 'the connector has no sink');
        if (connector.attachments === undefined) return;
        const ticket = await ticketIn(sink);
        const sent = [fileOf('one'), fileOf('other')];
        for (const file of sent) await attach(sink, ticket, file);
        const told = await connector.attachments(sink.resources.find(({ name }) => name === resource)?.stream ?? '', ticket);
        demand(told?.length === sent.length, `of ${sent.length} files at the ticket it tells ${told?.length ?? 'nothing'}`);
        for (const { name, bytes } of sent) {
          const one = told.find((each) => each.name === name);
          demand(one?.bytes === bytes.length, `${name} is told with ${one?.bytes ?? 'no'} bytes`);
          demand(one.sha256 === sha256(bytes), `${name} is told with ${one.sha256 ?? one.problem ?? 'nothing'}, and holds another content`);
        }
      }),
    ),
    promise(
      `${resource}: a file is attached once, whichever answer is lost, and whoever asks again`,
      () =>
        onFreshSystem(subject, async () => {
          const ticket = await ticketIn(await openSink());
          const { wire } = subject;
          demand(wire !== undefined, 'no wire');
          for (let request = 0; ; request += 1) {
            const file = fileOf(`lost at ${request}`);
            wire.disturb(from(request, { do: 'lose' }, 1));
            const { made } = await countingRequests(wire, async () => attach(await openSink(), ticket, file).catch(() => undefined));
            wire.heal();
            // Another process, as after a crash: it remembers nothing.
            await attach(await openSink(), ticket, file);
            const there = (await files(ticket)).filter(({ name }) => name === file.name).length;
            demand(there === 1, `answer ${request + 1} was lost, and the file is there ${there} times`);
            if (request >= made) break;
          }
        }),
      { wire: subject.wire !== undefined },
    ),
  ];
}

/** A sink that attaches must be tried: a driver that cannot look would let it off. */
function offersNone(subject: Subject, { resource }: SinkDriver, openSink: () => Promise<Sink>): Promised {
  return promise(`${resource}: a sink that attaches files is tried at it`, () =>
    onFreshSystem(subject, async () => {
      demand((await openSink()).attach === undefined, 'the sink has attach(), and the driver no files() to see what it does');
    }),
  );
}

/** A small picture with characters of several bytes. */
function fileOf(what: string): FileToAttach {
  const bytes = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><title>${what}: ✓ ü 日本</title></svg>\r\n\n`);
  const marker = sha256(bytes).slice(0, 16);
  return { name: `chart-${marker}.svg`, mediaType: 'image/svg+xml', bytes, marker };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
