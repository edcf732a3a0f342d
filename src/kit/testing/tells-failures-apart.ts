import type { Failure, FailureKind } from 'golden-thread/kit';
import { describeFailure, isFailure } from '../failure.js';
import { demand, onFreshSystem, promise, type Promised } from './case.js';
import { demandNoCredentials } from './credentials.js';
import { openStream, readPage, readRun } from './reading.js';
import type { FaultName, Subject } from './subject.js';
import { keyOf } from './ticket-key.js';

const expected: readonly (readonly [Exclude<FaultName, 'answer-lost-after-commit'>, FailureKind])[] = [
  ['unauthorized', 'auth'],
  ['server-error', 'transient'],
  ['html', 'transient'],
  ['truncated', 'transient'],
  ['rate-limited', 'transient'],
  ['rate-limited-without-header', 'transient'],
  ['unreachable', 'transient'],
];

/** More requests than this for one failing call is a storm, or locks an account. */
const storm = 12;

/** Tells failures apart: each trouble has the kind that says what happens next, and nobody's credential in it. */
export function tellsFailuresApart(subject: Subject): readonly Promised[] {
  const [driver] = subject.streams;
  const sink = subject.sinks?.[0];
  const reads = expected.map(([fault, kind]) =>
    promise(`reading under ${fault} fails as ${kind}, and goes on where it was once that is over`, () =>
      onFreshSystem(subject, async () => {
        await driver.create(3);
        await subject.advance(subject.settleMs + 120_000);
        const stream = await openStream(subject, driver);
        const first = await readPage(subject, stream, undefined, 1);
        await subject.fault(fault);
        const before = await subject.requests();
        const failure = await failureOf(readPage(subject, await openStream(subject, driver), first.cursor, 1));
        demandKind(subject, failure, kind);
        const sent = (await subject.requests()) - before;
        demand(sent <= storm, `${sent} requests for one read that cannot succeed`);
        if (fault === 'rate-limited') demandWait(failure);
        await subject.clearFaults();
        const rest = await readRun(subject, await openStream(subject, driver), first.cursor, 7);
        const keys = new Set([first, ...rest].flatMap((page) => page.records.map((record) => record.ref.key)));
        demand(keys.size === 3, `3 records, ${keys.size} of them arrived after the trouble`);
      }),
    ),
  );
  const writes = (sink === undefined ? [] : expected).map(([fault, kind]) =>
    promise(`writing under ${fault} fails as ${kind}, and "not carried out" is true`, () =>
      onFreshSystem(subject, async () => {
        demand(sink !== undefined, 'no sink');
        const key = keyOf(`write under ${fault}`);
        await subject.fault(fault);
        const open = await subject.open();
        demand(open.sink !== undefined, 'the connector has no sink');
        const failure = await failureOf(open.sink.create(sink.resource, key, sink.fields(1), { resend: false }));
        await subject.clearFaults();
        demandKind(subject, failure, kind);
        demand(failure.details.committed !== undefined, 'a failed write does not say whether it may have been carried out');
        if (failure.details.committed === 'no')
          demand((await sink.ticketsWith(key.value)) === 0, 'a write that was carried out is reported as not carried out');
      }),
    ),
  );
  return [
    ...reads,
    promise('wrong credentials are an auth failure, and are not hammered', () =>
      onFreshSystem(subject, async () => {
        const open = await subject.open({ credentials: 'wrong', wanted: { [driver.stream]: driver.wanted } });
        const stream = open.streams.find((one) => one.name === driver.stream);
        demand(stream !== undefined, `there is no stream ${driver.stream}`);
        demandKind(subject, await failureOf(readPage(subject, stream, undefined, 5)), 'auth');
        const sent = await subject.requests();
        demand(sent <= 3, `${sent} requests with credentials that were refused: the account gets locked`);
      }),
    ),
    ...writes,
  ];
}

/** The Failure with which something ends; anything else that is thrown is a defect. */
export async function failureOf(run: Promise<unknown>): Promise<Failure> {
  let outcome: unknown;
  try {
    await run;
  } catch (error) {
    outcome = error;
  }
  demand(outcome !== undefined, 'it succeeded where it had to fail');
  demand(isFailure(outcome), `threw something that is no Failure: ${outcome instanceof Error ? outcome.message : typeof outcome}`);
  return outcome;
}

function demandKind(subject: Subject, failure: Failure, kind: FailureKind): void {
  demand(failure.kind === kind, `failed as ${failure.kind}: ${failure.message}`);
  demandNoCredentials(subject, failure, describeFailure(failure), failure.stack ?? '');
}

function demandWait(failure: Failure): void {
  const { retryAfterMs } = failure.details;
  demand(
    retryAfterMs !== undefined && retryAfterMs > 3_000_000,
    `Retry-After was an hour, the failure says ${retryAfterMs ?? 'nothing'} ms`,
  );
}
