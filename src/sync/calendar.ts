import { localDate } from '../domain/index.js';
import type { Instant } from '../kit/index.js';
import type { World } from './world.js';

/** The organisation's date at an instant, `YYYY-MM-DD`. */
export function localDateOf(world: World, at: Instant): string {
  return localDate(at, world.config.settings.organisation.timeZone);
}

/** The Monday (UTC) of the week that an instant falls into, `YYYY-MM-DD`: names a week. */
export function weekOf(at: Instant): string {
  const day = new Date(at);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day.toISOString().slice(0, 10);
}

/** The instant at which the organisation's day began. */
export function startOfDay(world: World, at: Instant): Instant {
  const today = localDateOf(world, at);
  // A day is at most 25 hours long, and zones begin theirs on a quarter of an hour.
  let from = Math.floor(Date.parse(at) / quarterMs) * quarterMs;
  while (localDateOf(world, new Date(from - quarterMs).toISOString()) === today) from -= quarterMs;
  return new Date(from).toISOString();
}

const quarterMs = 900_000;
