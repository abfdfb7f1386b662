import cron, { type Logger } from 'node-cron';
import type { Schedule } from '../core/domain/run/daemon-ports.ts';

/** node-cron prints warnings of its own, with colours; `missed` reports the same instead. */
const SILENT: Logger = { info: () => {}, warn: () => {}, error: () => {}, debug: () => {} };

/**
 * A cron schedule. If a slot passes while the process is blocked or stopped, it calls back late; node-cron would drop the
 * slot by default. It throws for an invalid expression or zone, which is an internal error: the settings are checked before.
 */
export function createCronSchedule({
  expression,
  timezone,
}: {
  readonly expression: string;
  readonly timezone: string;
}): Schedule {
  const options = { timezone, logger: SILENT, suppressMissedWarning: true };
  // Knows the slots, started or not. Its first answer takes longer than the rest of the start of a loop.
  const slots = cron.createTask(expression, () => {}, options);
  return {
    next: () => slots.getNextRuns(1)[0]?.getTime() ?? null,
    slotsMs: (count) => {
      // Twice as many show a pause that comes once in so many slots, such as a weekend.
      const ahead = slots.getNextRuns(2 * count).map((slot) => slot.getTime());
      return Math.max(0, ...ahead.map((slot, index) => slot - (ahead[index - count] ?? slot)));
    },
    start: (onSlot) => {
      const task = cron.createTask(expression, () => onSlot({ missed: false }), options);
      task.on('execution:missed', () => onSlot({ missed: true }));
      void task.start();
      return { stop: () => void task.destroy() };
    },
  };
}
