import { type CheckResult, type Failure, asFailure } from 'golden-thread/kit';
import { type CheckParts, failed, sentence } from './check-parts.js';
import { tooMuch } from './check-rights.js';
import { checkSink } from './check-sink.js';
import { checkAvailable, checkStream } from './check-stream.js';
import { seenRoles } from './roles.js';
import { type Account, expiryOf, nameOfAccount } from './sign-in/account.js';
import { configuredTables } from './streams.js';
import type { RawPage, TableApi } from './table.js';
import { tables } from './tables.js';

const skewWarningMs = 60_000;
const certificateWarningMs = 30 * 86_400_000;

/**
 * Connection, clock, both accounts, each stream, the sink; a line each. Reads only. What a failure makes pointless is left out: an
 * unreachable instance is one line, and so are refused credentials.
 */
export async function check(parts: CheckParts, signal?: AbortSignal): Promise<readonly CheckResult[]> {
  const { config } = parts;
  const configured = configuredTables(config);
  const probed = configured.find(({ plugin }) => plugin === undefined) ?? tables.change_request;
  const answer = await probe(parts.reading, probed.name, signal);
  const failure = 'failure' in answer ? answer.failure : undefined;
  if (failure !== undefined && !hasAnswered(failure)) return [failed('connection', sentence(failure), failure)];

  const connection: CheckResult = { what: 'connection', outcome: 'ok', found: `${config.instance} answers.` };
  const reading = credentials('reading account', config.read, failure, parts.clock());
  if (reading.outcome === 'failed') return [connection, reading];

  const results: CheckResult[] = [connection, ...('page' in answer ? [clockSkew(answer.page, parts.clock())] : []), reading];
  for (const table of configured) results.push(...(await checkStream(table, parts, signal)));
  for (const table of Object.values(tables))
    if (table.plugin !== undefined && !configured.some(({ name }) => name === table.name))
      results.push(await checkAvailable(table, parts, signal));

  const readable = configured.map(({ name }) => name);
  const written = parts.written;
  const names = { read: readable, written: written.map(({ name }) => name) };
  const roles = await seenRoles(parts.reading, signal);
  if (config.write === undefined)
    return [...results, ...tooMuch('writing', roles, names), ...(await checkSink(parts, written, roles, signal))];
  results.push(...tooMuch('reading', roles, names));
  const first = await probe(parts.writing, tables.change_request.name, signal);
  const writing = credentials('writing account', config.write, 'failure' in first ? first.failure : undefined, parts.clock());
  results.push(writing);
  if (writing.outcome === 'failed') return results;
  const own = await seenRoles(parts.writing, signal);
  return [...results, ...tooMuch('writing', own, names), ...(await checkSink(parts, written, own, signal))];
}

async function probe(
  api: TableApi,
  table: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly page: RawPage } | { readonly failure: Failure }> {
  try {
    return { page: await api.list(table, { query: 'ORDERBYsys_id', fields: ['sys_id'], limit: 1, signal }) };
  } catch (error) {
    return { failure: asFailure(error) };
  }
}

/** An answer that is no data (a sign-on page, 5xx) tells nothing about credentials. */
function hasAnswered(failure: Failure): boolean {
  return failure.kind === 'auth' || (failure.kind === 'config' && failure.details.status !== undefined);
}

function clockSkew(page: RawPage, now: number): CheckResult {
  const what = 'clock skew';
  if (page.remoteNow === undefined)
    return {
      what,
      outcome: 'failed',
      found: 'The instance does not tell its clock.',
      hint: 'a proxy removes the Date header; let it pass',
    };
  const seconds = Math.round((Date.parse(page.remoteNow) - now) / 1000);
  if (Math.abs(seconds) * 1000 < skewWarningMs) return { what, outcome: 'ok', found: `The clocks differ by ${Math.abs(seconds)} s.` };
  return {
    what,
    outcome: 'warning',
    found: `The instance's clock is ${span(Math.abs(seconds))} ${seconds > 0 ? 'ahead of' : 'behind'} this machine's.`,
    hint: 'reading goes by the instance’s clock and loses nothing; correct this machine’s clock, for schedules and due dates go by it',
  };
}

function span(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} minutes` : `${Math.round(seconds / 3_600)} hours`;
}

/** A client certificate that is about to expire. */
function expiring(what: string, account: Account, now: number): CheckResult | undefined {
  const expiry = expiryOf(account);
  if (expiry === undefined || expiry - now > certificateWarningMs) return undefined;
  return {
    what,
    outcome: 'warning',
    found: `ServiceNow accepts ${nameOfAccount(account)}, which expires on ${new Date(expiry).toISOString().slice(0, 10)}.`,
    hint: 'have it renewed, and have the new one mapped to the user on the instance before',
  };
}

function credentials(what: string, account: Account, failure: Failure | undefined, now: number): CheckResult {
  const name = nameOfAccount(account);
  if (failure?.kind === 'auth')
    return {
      what,
      outcome: 'failed',
      found: `ServiceNow refuses the credentials of ${name}.`,
      hint:
        failure.details.hint ?? 'check user name and password, that the account is active and not locked, and that it may use the REST API',
    };
  if (failure !== undefined && !hasAnswered(failure)) return failed(what, sentence(failure), failure);
  const expiry = expiring(what, account, now);
  return expiry ?? { what, outcome: 'ok', found: `ServiceNow accepts the credentials of ${name}.` };
}
