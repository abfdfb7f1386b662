import cron, { type Logger } from 'node-cron';
import type { Schedule } from '../core/domain/run/daemon-ports.ts';

/** node-cron prints warnings of its own, with colours; what they say is told through `missed` instead. */
const SILENT: Logger = { info: () => {}, warn: () => {}, error: () => {}, debug: () => {} };

/**
 * A cron schedule. A slot that passed while the process was blocked or stopped is called back late rather than dropped, as
 * node-cron would by default. An expression or a zone that is invalid makes it throw when it is asked or started; the
 * settings are judged before, so that is a fault.
 */
export function createCronSchedule({
  expression,
  timezone,
}: {
  readonly expression: string;
  readonly timezone: string;
}): Schedule {
  const options = { timezone, logger: SILENT, suppressMissedWarning: true };
  // Knows the slots, started or not. Asked late: the first answer takes longer than the rest of the start of a loop.
  const slots = cron.createTask(expression, () => {}, options);
  return {
    next: () => slots.getNextRuns(1)[0]?.getTime() ?? null,
    start: (onSlot) => {
      const task = cron.createTask(expression, () => onSlot({ missed: false }), options);
      task.on('execution:missed', () => onSlot({ missed: true }));
      void task.start();
      return { stop: () => void task.destroy() };
    },
  };
}
