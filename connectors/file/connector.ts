import type { Connector, ConnectorContext } from 'golden-thread/kit';
import { checkInbox } from './check.js';
import { FileConfig } from './config.js';
import { type Disk, nodeDisk } from './disk.js';
import { openInbox } from './inbox.js';
import { specsOf } from './spec.js';
import { fileStream } from './streams.js';

/** What a test puts in place of the machine: its disk (faults) and its clock (milliseconds since 1970). */
export interface Machine {
  readonly disk: Disk;
  readonly clock: () => number;
}

/** The connector on a machine. A folder has no clock of its own: the "remote" clock is this machine's. */
export function fileConnector({ disk, clock }: Machine = { disk: nodeDisk, clock: Date.now }): Connector<FileConfig> {
  return Object.freeze({
    id: 'file',
    about: 'Files in an inbox folder: audit findings, supplier scorecards, survey themes, risk registers (CSV, XLSX, JSON, NDJSON, OSCAL)',
    config: FileConfig,
    open(config: FileConfig, context: ConnectorContext) {
      const inbox = openInbox(config, disk, clock);
      const opened = specsOf(config, context.wanted).map((spec) => fileStream(spec, inbox, context));
      return Object.freeze({
        check: (signal?: AbortSignal) => checkInbox(inbox, opened, signal),
        streams: opened.map(({ stream }) => stream),
      });
    },
  });
}
