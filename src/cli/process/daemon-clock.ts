import type { DaemonClock } from '../../core/domain/run/daemon-ports.ts';
import type { Clock } from '../../core/domain/run/ports.ts';

/** A clock with one beside it that nobody sets: that of the process. */
export function daemonClock(clock: Clock): DaemonClock {
  return {
    now: () => clock.now(),
    sleep: (durationMs, signal) => clock.sleep(durationMs, signal),
    monotonicMs: () => performance.now(),
  };
}
