import { randomUUID } from 'node:crypto';
import { systemCode } from '../../platform/system-code.ts';
import type { Writer } from './audit-record.ts';

/** Identifies this process among all that ever had its number. */
export const PROCESS_ID = randomUUID();

/**
 * Whether a writer still runs, as far as `self` knows. `elsewhere` is another machine, which this one cannot ask. If a writer
 * has our process number and is not us, it is gone, as in a container that was restarted.
 */
export function lifeOf({ host, pid, id }: Writer, self: Writer): 'running' | 'gone' | 'elsewhere' {
  if (host !== self.host) return 'elsewhere';
  if (id === self.id) return 'running';
  return pid !== self.pid && isRunning(pid) ? 'running' : 'gone';
}

function isRunning(pid: number): boolean {
  // Zero and less would ask for whole groups of processes.
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user exists, although we may not signal it.
    return systemCode(error) === 'EPERM';
  }
}
