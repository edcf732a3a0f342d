import { dirname } from 'node:path';
import type { Config } from '../config/index.js';
import { Failure, type CheckResult } from '../kit/index.js';
import { onOneVolume } from '../sync/index.js';

/** Whether the journal can be trusted as it is configured: a key, and anchors where the database is not. */
export function checkJournal({ settings, anchorFile, storagePath }: Config): readonly CheckResult[] {
  const { key } = settings.journal;
  return [
    key === undefined
      ? {
          what: 'key',
          outcome: 'warning',
          found: 'the journal has no key: whoever can write the database file can write it anew, unnoticed but for anchors',
          hint: 'set journal.key to ${GOLDEN_THREAD_JOURNAL_KEY} or ${file:/run/secrets/…}; make one with: openssl rand -hex 32',
        }
      : { what: 'key', outcome: 'ok', found: 'entries are keyed' },
    checkAnchorFile(anchorFile, storagePath),
  ];
}

function checkAnchorFile(anchorFile: string | undefined, storagePath: string): CheckResult {
  const what = 'anchors';
  if (anchorFile === undefined)
    return {
      what,
      outcome: 'warning',
      found: 'the head of the journal goes into the log and the tickets only',
      hint: 'set journal.anchorFile to a file on another mount, which verify --anchors compares with',
    };
  if (onOneVolume(anchorFile, storagePath))
    return {
      what,
      outcome: 'warning',
      found: `${anchorFile} is on the volume of the database: whoever can change one can change both`,
      hint: 'put it on a mount of its own, best one to which this account can only append',
    };
  return { what, outcome: 'ok', found: anchorFile };
}

/** Refuses an anchor file in the very folder of the database. */
export function refuseAnchorsBesideDatabase({ anchorFile, storagePath, file }: Config): void {
  if (anchorFile === undefined || dirname(anchorFile) !== dirname(storagePath)) return;
  throw new Failure('config', 'journal.anchorFile is in the folder of the database, where it proves nothing', {
    place: file.placeOf(['journal', 'anchorFile']),
    hint: 'name a file on another mount',
  });
}
