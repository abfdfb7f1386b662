import { randomUUID } from 'node:crypto';
import { systemCode } from '../../platform/system-code.ts';
import type { Writer } from './audit-record.ts';

/** Tells this process apart from any other that ever had its number. */
export const PROCESS_ID = randomUUID();

/**
 * What became of a writer, as far as `self` can tell: `elsewhere` is another machine, about which nobody here knows. A
 * number that is ours belongs to a process before us, as in a container that was started anew, unless it is us.
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
    // A process of somebody else is there, though it may not be signalled.
    return systemCode(error) === 'EPERM';
  }
}
