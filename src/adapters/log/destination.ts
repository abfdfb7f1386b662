import { pino } from 'pino';

/** Takes whole lines, each with its end. */
export interface LogDestination {
  write(line: string): void;
}

/** How often a write is tried while nobody reads the pipe, 100 ms apart. */
const STUCK_TRIES_MOST = 100;
/** How much waits while lines cannot be written for another reason, such as a full disk. What is beyond is dropped. */
const WAITING_BYTES_MOST = 1024 * 1024;
/** Whoever read has gone, or does not read any more. */
const CLOSED: ReadonlySet<string | undefined> = new Set(['EPIPE', 'EAGAIN', 'EBADF', 'ECONNRESET', 'ENOTCONN', 'EIO']);

/**
 * Standard output, written at once: when the process is killed, every line that was logged is out. `onClosed` is called
 * once, when nobody reads it any more; lines are dropped from then on.
 */
export function openStandardOutput(onClosed: () => void): LogDestination {
  let isClosed = false;
  let stuckTries = 0;
  const stream = pino.destination({
    dest: 1,
    sync: true,
    maxLength: WAITING_BYTES_MOST,
    retryEAGAIN: () => ++stuckTries <= STUCK_TRIES_MOST,
  });
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (isClosed || !CLOSED.has(error.code)) return;
    isClosed = true;
    // Whoever is told may log in turn, which must not happen within a write.
    queueMicrotask(onClosed);
  });
  return {
    write(line) {
      if (isClosed) return;
      stuckTries = 0;
      stream.write(line);
    },
  };
}
