import type { Schedule } from '../../../core/domain/run/daemon-ports.ts';
import type { Instant } from '../../../core/domain/text/instant.ts';

/** A slot every so often, from the start on. */
export function intervalSchedule(everyMs: number, now: () => Instant): Schedule {
  let nextAt: Instant | null = null;
  return {
    next: () => nextAt,
    start: (onSlot) => {
      nextAt = now() + everyMs;
      const timer = setInterval(() => {
        nextAt = now() + everyMs;
        onSlot({ missed: false });
      }, everyMs);
      return { stop: () => clearInterval(timer) };
    },
  };
}
