import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { breachAt } from '../../connectors/servicenow/sla-breach.js';
import { idOf, runOf, streamOf } from './servicenow-reading.js';
import { type Simulated, simulate } from './servicenow-simulated.js';

const running = { has_breached: false, stage: 'in_progress', planned_end_time: '2026-11-21T14:00:00.000Z', end_time: null };

describe('when a service level result is to be looked at again', () => {
  test('at its breach time, while that is ahead', () => {
    expect(breachAt(running, '2026-11-21T12:00:00.000Z')).toBe('2026-11-21T14:00:00.000Z');
    expect(breachAt(running, undefined)).toBe('2026-11-21T14:00:00.000Z');
  });

  test.each([
    ['breached', { has_breached: true }],
    ['met', { stage: 'completed' }],
    ['cancelled', { stage: 'cancelled' }],
    ['paused', { stage: 'paused' }],
    ['ended', { end_time: '2026-11-21T13:00:00.000Z' }],
    ['without a breach time', { planned_end_time: null }],
    ['with a breach time that is none', { planned_end_time: 'soon' }],
  ])('never, when it is %s', (_what, change) => {
    expect(breachAt({ ...running, ...change }, '2026-11-21T12:00:00.000Z')).toBeUndefined();
  });

  test('later and later while the engine is late, and no more after a week', () => {
    expect(breachAt(running, '2026-11-21T14:00:00.000Z')).toBe('2026-11-21T14:01:00.000Z');
    expect(breachAt(running, '2026-11-21T15:00:00.000Z')).toBe('2026-11-21T15:30:00.000Z');
    expect(breachAt(running, '2026-11-29T15:00:00.000Z')).toBeUndefined();
  });
});

describe('a breach that moves no update stamp', () => {
  let simulated: Simulated;
  beforeEach(async () => {
    simulated = await simulate();
  });
  afterEach(() => simulated.close());

  test('is missed by reading, and found by looking again when the stream says', async () => {
    await simulated.control.load('task_sla', [
      { sys_id: idOf(1), start_time: '2026-11-21 12:00:00', planned_end_time: '2026-11-21 14:00:00', stage: 'in_progress' },
    ]);
    await simulated.control.advance(600_000);
    const stream = streamOf(simulated.open({ wanted: { task_sla: ['business_percentage'] } }), 'task_sla');
    const first = (await runOf(stream)).at(-1);
    const [before] = first?.records ?? [];
    const lookAt = stream.lookAgainAt?.(before?.data ?? {});
    expect(lookAt).toBe('2026-11-21T14:00:00.000Z');

    await simulated.control.setClock(lookAt ?? '');
    expect((await runOf(stream, first)).flatMap(({ records }) => records)).toEqual([]);
    const [after] = await stream.get([idOf(1)]);
    expect(after?.data['has_breached']).toBe(true);
    expect(after?.updatedAt).toBe(before?.updatedAt);
    expect(stream.lookAgainAt?.(after?.data ?? {})).toBeUndefined();
  });

  test('what ticks by itself is volatile, so that no look makes a version of it', async () => {
    await simulated.control.load('task_sla', [
      { sys_id: idOf(1), start_time: '2026-11-21 12:00:00', planned_end_time: '2026-11-21 14:00:00', stage: 'in_progress' },
    ]);
    const wanted = ['percentage', 'business_percentage', 'duration', 'business_duration', 'time_left', 'business_time_left'];
    const stream = streamOf(simulated.open({ wanted: { task_sla: wanted } }), 'task_sla');
    const [before] = await stream.get([idOf(1)]);
    await simulated.control.advance(600_000);
    const [after] = await stream.get([idOf(1)]);
    const changed = Object.keys(after?.data ?? {}).filter(
      (name) => after?.data[name] !== before?.data[name] && typeof after?.data[name] !== 'object',
    );
    expect(changed.toSorted()).toEqual(wanted.toSorted());
    expect(changed.filter((name) => !stream.volatile.includes(name))).toEqual([]);
  });
});
