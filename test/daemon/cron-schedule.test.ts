import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Schedule } from '../../src/core/domain/run/daemon-ports.ts';
import { createCronSchedule } from '../../src/daemon/cron-schedule.ts';

const EACH_SECOND = { expression: '* * * * * *', timezone: 'Etc/UTC' };

/** The real node-cron on the real clock: whatever is asked of it here takes seconds. */
const PATIENCE = { timeout: 120_000, interval: 20 };

const started: { stop(): void }[] = [];
afterEach(() => {
  for (const slots of started.splice(0)) slots.stop();
});

function slotsOf(schedule: Schedule) {
  const slots: { missed: boolean; at: number }[] = [];
  const running = schedule.start(({ missed }) => slots.push({ missed, at: Date.now() }));
  started.push(running);
  return { slots, stop: () => running.stop() };
}

function block(durationMs: number): void {
  const until = Date.now() + durationMs;
  while (Date.now() < until);
}

describe('the schedule', () => {
  it('calls back at its slots, and says the next one', async () => {
    const schedule = createCronSchedule(EACH_SECOND);
    const { slots } = slotsOf(schedule);
    const before = Date.now();
    const next = schedule.next() ?? 0;
    const after = Date.now();
    expect(next % 1_000).toBe(0);
    expect(next).toBeGreaterThan(before);
    expect(next).toBeLessThanOrEqual(after + 1_000);
    // On a busy machine a second can begin between the start and the question, so the first slot may be an earlier one.
    await vi.waitFor(() => expect(slots.filter(({ at }) => at >= next).length).toBeGreaterThanOrEqual(2), PATIENCE);
    expect(slots.filter(({ at }) => at < next - 1_000)).toEqual([]);
  });

  it('calls back late for slots that passed while the process was blocked', async () => {
    const { slots } = slotsOf(createCronSchedule(EACH_SECOND));
    await vi.waitFor(() => expect(slots.length).toBeGreaterThan(0), PATIENCE);
    const before = slots.length;
    block(2_500);
    const unblockedAt = Date.now();
    await vi.waitFor(() => expect(slots.slice(before).some(({ missed }) => missed)).toBe(true), PATIENCE);
    expect(slots.slice(before).find(({ missed }) => missed)?.at).toBeGreaterThanOrEqual(unblockedAt);
    const afterwards = slots.length;
    await vi.waitFor(() => expect(slots.slice(afterwards).some(({ missed }) => !missed)).toBe(true), PATIENCE);
  });

  it('ends when it is stopped, twice if need be, and can be started anew', async () => {
    const schedule = createCronSchedule(EACH_SECOND);
    const first = slotsOf(schedule);
    await vi.waitFor(() => expect(first.slots.length).toBeGreaterThan(0), PATIENCE);
    first.stop();
    first.stop();
    const last = first.slots.length;
    const second = slotsOf(schedule);
    expect(schedule.next()).toBeGreaterThan(Date.now() - 1);
    await vi.waitFor(() => expect(second.slots.length).toBeGreaterThanOrEqual(2), PATIENCE);
    expect(first.slots.length).toBe(last);
  });

  it('goes by its time zone', () => {
    const hourIn = (timezone: string) => {
      const schedule = createCronSchedule({ expression: '0 6 * * *', timezone });
      slotsOf(schedule);
      return new Date(schedule.next() ?? 0).getUTCHours();
    };
    expect(hourIn('Etc/UTC')).toBe(6);
    expect(hourIn('Asia/Tokyo')).toBe(21);
  });

  it('calls back by its time zone, in which this hour is another one', async () => {
    // 14 hours ahead of UTC all year round.
    const timezone = 'Pacific/Kiritimati';
    const hour = (new Date().getUTCHours() + 14) % 24;
    const { slots } = slotsOf(createCronSchedule({ expression: `* * ${hour},${(hour + 1) % 24} * * *`, timezone }));
    await vi.waitFor(() => expect(slots.length).toBeGreaterThan(0), PATIENCE);
  });

  it.each([
    ['*/15 * * * *', 1 / 24],
    ['0 6 * * *', 4],
    // Four slots of Monday to Friday that go over a weekend.
    ['0 9 * * 1-5', 6],
    ['0 9 * * 1', 28],
  ])('knows how long four slots of %s take: the longest time among the next ones', (expression, days) => {
    expect(createCronSchedule({ expression, timezone: 'Etc/UTC' }).slotsMs(4)).toBe(days * 86_400_000);
  });

  it('counts the hour that a time zone adds or skips among them', () => {
    const hours = createCronSchedule({ expression: '0 6 * * *', timezone: 'Europe/Berlin' }).slotsMs(4) / 3_600_000;
    expect([96, 97]).toContain(hours);
    const yearly = createCronSchedule({ expression: '0 0 29 2 *', timezone: 'Etc/UTC' }).slotsMs(4) / 86_400_000;
    expect(yearly).toBeGreaterThanOrEqual(16 * 365);
  });

  it('throws at once for what is no schedule or no zone', () => {
    for (const expression of ['61 * * * *', '', 'often', '* * *', '0 0 31 2 *']) {
      expect(() => createCronSchedule({ expression, timezone: 'Etc/UTC' }).next(), expression).toThrow();
    }
    expect(() => createCronSchedule({ expression: '* * * * *', timezone: 'Mars/Olympus' }).next()).toThrow();
  });
});
