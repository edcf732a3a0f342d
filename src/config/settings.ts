import { z } from 'zod';
import { validate as isCron } from 'node-cron';

const cron = z.string().refine((text) => isCron(text), 'is not a cron expression (five fields, in UTC), for example "*/5 * * * *"');
const timeZone = z.string().refine(isTimeZone, 'is not a time zone name such as Europe/Berlin');
const instant = z.iso.datetime({ message: 'is not a UTC instant such as 2026-01-31T00:00:00Z' });

const journalKey = z.string().min(32, 'is shorter than 32 characters; make one with: openssl rand -hex 32');

/** One ServiceNow instance, Jira site, …: which connector, how often, and the connector's own settings. */
export type SystemSettings = z.infer<typeof SystemSettings>;
export const SystemSettings = z.strictObject({
  /** `servicenow`, `jira`, or the name of a mounted or installed connector. */
  connector: z.string().regex(/^[a-z0-9-]+$/),
  /** When to pull, in UTC. */
  schedule: cron.default('*/5 * * * *'),
  /** Rows a request. The connector may take fewer. */
  pageSize: z.int().min(1).max(10_000).default(2000),
  /** How long a stamped change may take until it can be read. Default: the connector's. */
  settleMinutes: z.number().min(0).max(720).optional(),
  /** Hours between two censuses of each stream, which notice deletions and lost access; 0: none. */
  censusHours: z.number().min(0).max(8760).default(24),
  /** Streams that are not read for now. Verdicts that rest on them become inconclusive. */
  paused: z.array(z.string()).default([]),
  /** Checked by the connector. */
  config: z.record(z.string(), z.unknown()).default({}),
});

/** `config/golden-thread.yaml`. */
export type Settings = z.infer<typeof Settings>;
export const Settings = z.strictObject({
  organisation: z.strictObject({
    name: z.string().min(1),
    /** Days, weeks, due dates and review dates are this zone's; instants and cursors are always UTC. */
    timeZone: timeZone.default('UTC'),
  }),
  storage: z.strictObject({ path: z.string().min(1).default('/data/golden-thread.db') }).prefault({}),
  /** Relative paths start at the folder of this file. */
  mappings: z.string().default('../mappings'),
  /** A folder with connectors of your own. */
  connectors: z.string().optional(),
  /** What happens before the first ticket. */
  firstRun: z
    .strictObject({
      /** How much history to pull for baselines. */
      historyDays: z.int().min(1).max(3650).default(400),
      /** Only what occurs after this raises improvements. Default: the release. */
      raiseFrom: instant.optional(),
    })
    .prefault({}),
  /** How the journal is kept so that it can be trusted. */
  journal: z
    .strictObject({
      /** A secret of at least 32 characters: with it, whoever can write the database but has no key cannot rewrite the journal unnoticed. */
      key: journalKey.optional(),
      /** What the journal was written with before `key`; needed to verify it, and once to change from it. */
      formerKeys: z.array(journalKey).default([]),
      /** A file on another mount to which the head of the journal is appended: it shows what was cut off or written anew, even with the key. */
      anchorFile: z.string().min(1).optional(),
    })
    .prefault({}),
  /** Months after which the records of a stream lose their text where no thread rests on them. Default: kept for ever. */
  retention: z.record(z.string().regex(/^[a-z0-9][a-z0-9-]*\/.+$/, 'system/stream'), z.int().min(1).max(1200)).default({}),
  server: z.strictObject({ host: z.string().default('127.0.0.1'), port: z.int().min(0).max(65_535).default(8420) }).prefault({}),
  /** When to decide, push, read back and measure after pulls, in UTC. */
  schedule: cron.default('*/5 * * * *'),
  log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']).default('info') }).prefault({}),
  systems: z.record(z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower case letters, digits and hyphens'), SystemSettings),
});

function isTimeZone(name: string): boolean {
  // UTC needs no look-up, and the first one of a process costs 8 MB.
  if (name === 'UTC') return true;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
