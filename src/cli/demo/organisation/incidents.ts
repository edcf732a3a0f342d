import { serviceKey } from './parties.js';
import type { Story } from './stories.js';
import { poisson } from '../random.js';

const dayMs = 86_400_000;

/** A row for the simulated ServiceNow. */
export type IncidentRow = Readonly<Record<string, string>>;

/** The incidents of one day of one story. */
export function incidentsOfDay(
  story: Story,
  day: string,
  weekly: number,
  random: () => number,
  next: () => number,
): readonly IncidentRow[] {
  return Array.from({ length: poisson(weekly / 7, random) }, () => {
    const opened = new Date(Date.parse(day) + Math.floor((0.3 + random() * 0.3) * dayMs));
    return {
      number: `INC${String(next()).padStart(7, '0')}`,
      short_description: story.text,
      opened_at: text(opened),
      business_service: serviceKey(story.service),
      category: story.category,
      subcategory: story.subcategory,
      impact: story.priority.impact,
      urgency: story.priority.urgency,
      state: '6',
      close_code: 'Solution provided',
      close_notes: 'Restored.',
      resolved_at: text(new Date(opened.getTime() + 5_400_000)),
      sys_created_on: text(opened),
      sys_updated_on: text(new Date(opened.getTime() + 5_400_000)),
    };
  });
}

/** How many a week, as the story stands on this day. */
export function weeklyRate(story: Story, weekSinceRelease: number, changesCarriedOut: number): number {
  const { burst, afterChange, weekly } = story;
  if (changesCarriedOut > 0) return afterChange[Math.min(changesCarriedOut, afterChange.length) - 1] ?? weekly;
  const bursting = burst !== undefined && weekSinceRelease >= burst.from && weekSinceRelease < burst.from + burst.weeks;
  return bursting ? burst.weekly : weekly;
}

/** A date-time as ServiceNow stores it. */
export function text(at: Date): string {
  return at.toISOString().slice(0, 19).replace('T', ' ');
}
