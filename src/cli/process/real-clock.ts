import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../core/domain/run/ports.ts';

export const REAL_CLOCK: Clock = {
  now: () => Date.now(),
  sleep: async (durationMs, signal) => {
    try {
      await sleep(durationMs, undefined, { signal });
    } catch {
      // The timer rejects with an error of its own; the port promises the reason of whoever called it off.
      throw signal.reason;
    }
  },
};
