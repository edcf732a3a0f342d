import type { Settings } from '../config/index.js';
import type { Instant } from '../kit/index.js';
import { applyRetention, getSetting, type PastRetention, putSetting, type StreamRetention } from '../store/index.js';
import { localDateOf } from './calendar.js';
import type { World } from './world.js';

const setting = 'retention-day';

/** From when on the records of each stream that has a limit are kept whole. */
export function retentionLimits({ retention }: Settings, at: Instant): readonly StreamRetention[] {
  return Object.entries(retention).map(([name, months]) => {
    const slash = name.indexOf('/');
    return { system: name.slice(0, slash), stream: name.slice(slash + 1), before: monthsBefore(at, months) };
  });
}

/** The same day so many months earlier; a day that the month does not have is its last one. */
function monthsBefore(at: Instant, months: number): Instant {
  const then = new Date(at);
  const day = then.getUTCDate();
  then.setUTCDate(1);
  then.setUTCMonth(then.getUTCMonth() - months);
  const last = new Date(Date.UTC(then.getUTCFullYear(), then.getUTCMonth() + 1, 0)).getUTCDate();
  then.setUTCDate(Math.min(day, last));
  return then.toISOString();
}

/** Once a day, takes the text out of records that are past their time. */
export async function applyRetentionDaily(world: World): Promise<PastRetention> {
  const { settings } = world.config;
  const at = world.clock();
  const today = localDateOf(world, at);
  if (Object.keys(settings.retention).length === 0 || (await getSetting(world.store.read, setting)) === today) return {};
  const done = await applyRetention(world.store, {
    streams: retentionLimits(settings, at),
    by: 'retention',
    because: 'these records are past the time that the configuration keeps them for',
    at,
    stopped: () => world.signal.aborted,
  });
  if (!world.signal.aborted) await world.store.tx((t) => putSetting(t, setting, today));
  if (Object.keys(done).length > 0) world.log.info('records past their time lost their text', { ...done });
  return done;
}
