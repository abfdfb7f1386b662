import cron, { type Logger } from 'node-cron';
import type { Schedule } from '../domain/daemon-ports.ts';

/** node-cron prints warnings of its own, with colours; what they say is told through `missed` instead. */
const SILENT: Logger = { info: () => {}, warn: () => {}, error: () => {}, debug: () => {} };

/**
 * A cron schedule. A slot that passed while the process was blocked or stopped is called back late rather than dropped, as
 * node-cron would by default. Throws where expression or zone is invalid.
 */
export function createCronSchedule({
  expression,
  timezone,
}: {
  readonly expression: string;
  readonly timezone: string;
}): Schedule {
  const options = { timezone, logger: SILENT, suppressMissedWarning: true };
  // Knows the slots, started or not. Asked at once, so that a wrong expression or zone is told before anything runs.
  const slots = cron.createTask(expression, () => {}, options);
  const next = () => slots.getNextRuns(1)[0]?.getTime() ?? null;
  next();
  return {
    next,
    start: (onSlot) => {
      const task = cron.createTask(expression, () => onSlot({ missed: false }), options);
      task.on('execution:missed', () => onSlot({ missed: true }));
      void task.start();
      return { stop: () => void task.destroy() };
    },
  };
}
