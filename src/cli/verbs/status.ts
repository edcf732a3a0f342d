import { timeShown } from '../../domain/index.js';
import { statusReport, type StatusReport } from '../../report/index.js';
import { exitCodes } from '../exit-codes.js';
import { intervalOf } from '../interval.js';
import type { AddVerb } from '../verb.js';
import { type CommonOptions, openForReading } from '../open-world.js';
import { type JournalStanding, journalStanding } from '../../store/index.js';
import { table, type Terminal } from '../terminal.js';

/** `status`: how the streams, the outbox and the register stand; exit code 2 when something wants a person. */
export const addStatus: AddVerb = (program, terminal, run) => {
  program
    .command('status')
    .description('show streams, outbox, quarantine and register; runs beside the daemon')
    .option('--json', 'print it as JSON')
    .action((options: { json?: boolean }) =>
      run(async () => {
        const { config, db, close } = openForReading(program.opts<CommonOptions>());
        try {
          const report = await statusReport(db, new Date().toISOString(), (system) =>
            intervalOf(config.settings.systems[system]?.schedule),
          );
          if (options.json === true) terminal.out(JSON.stringify(report, null, 2));
          else {
            print(report, terminal);
            printJournal(await journalStanding(db), terminal);
          }
          return needsAttention(report) ? exitCodes.attention : exitCodes.ok;
        } finally {
          close();
        }
      }),
    );
};

function print(report: StatusReport, { out }: Terminal): void {
  out(
    report.release === undefined
      ? 'HELD: reading only. Let it write with: golden-thread release --by NAME'
      : `Released by ${report.release.by}; inputs from ${report.release.raiseFrom} on raise improvements.`,
  );
  out('');
  const rows = report.streams.map((each) => [
    `${each.system}/${each.stream}`,
    each.state,
    String(each.records),
    each.completeTo ?? '-',
    each.lagSeconds === undefined ? '-' : timeShown(each.lagSeconds),
    String(each.quarantined),
    String(each.absent),
    each.problem ?? '',
  ]);
  for (const line of table(['stream', 'state', 'records', 'read up to', 'lag', 'quarantined', 'absent', 'problem'], rows)) out(line);
  for (const { system, pausedUntil, reason } of report.systems) out(`! ${system} is left alone until ${pausedUntil}: ${reason}`);
  for (const { stream, missing, of } of report.heldCensuses)
    out(
      `! ${missing} of ${of} records of ${stream} have vanished at once: check the account's rights, or: golden-thread census approve ${stream} --up-to ${missing} --by NAME`,
    );
  out('');
  out(`Improvements: ${report.improvements.map(({ status, count }) => `${count} ${status}`).join(', ') || 'none'}`);
  out(
    `Inputs: ${report.inputs.map(({ category, active, withoutKey }) => `${active} ${category} (${withoutKey} without recurrence key)`).join(', ') || 'none'}`,
  );
  out(
    `Writes not made yet: ${report.outbox.map(({ system, state, count, oldest }) => `${count} ${state} to ${system} (oldest ${oldest})`).join(', ') || 'none'}`,
  );
  for (const { subject, operation, system, why } of report.parked) out(`! parked: ${operation} of ${subject} to ${system}: ${why}`);
  for (const { subject, ticket, standsAt, status } of report.astray)
    out(`! ${subject}: its ticket ${ticket} was moved to ${standsAt} by hand and cannot be moved back; the improvement is ${status}`);
  for (const { subject, problem } of report.troubles) out(`! ${subject}: ${problem.replaceAll('\n', ' ')}`);
}

function printJournal({ entries, keyed, anchoredTo }: JournalStanding, { out }: Terminal): void {
  out(`Journal: ${entries} entries${anchoredTo === undefined ? '' : `, anchored up to ${anchoredTo}`}.`);
  if (entries > 0 && !keyed) out('! the journal has no key: whoever can write the database file can write it anew (set journal.key)');
}

function needsAttention(report: StatusReport): boolean {
  const broken = report.streams.some(({ state, quarantined }) => state === 'error' || state === 'late' || quarantined > 0);
  return (
    broken || report.systems.length + report.parked.length + report.troubles.length + report.heldCensuses.length + report.astray.length > 0
  );
}
